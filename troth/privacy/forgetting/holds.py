"""Legal holds: asked for by one, in force once another has approved, over on the review day at the latest.

A hold only stops deletion of what it lists. It opens nothing: what was asked to be deleted stays out of sight.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.privacy.forgetting.deadlines import HOLD_MAX
from troth.privacy.models import HeldKind, HeldRecord, Hold
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import current_workspace_id

Listed = tuple[HeldKind, UUID]


class NotAllowed(Exception):
    """A rule of holds forbids this. `words` say which, for the person who tried."""

    def __init__(self, words: object) -> None:
        super().__init__("a rule of legal holds forbids this")
        self.words = words


def ask(listed: Collection[Listed], *, basis: str, reference: str, review_on: date, by: Membership) -> Hold:
    """Ask for a hold on what is listed. It stops nothing before somebody else has approved it. Raises: NotAllowed."""
    _must_be_admin(by)
    if not listed or not all(_is_here(kind, id) for kind, id in listed):
        raise NotAllowed(_("There is nothing here by that name to hold."))
    if not basis.strip():
        raise NotAllowed(_("Say which law or claim asks for it."))
    _must_be_soon(review_on)
    hold = Hold.objects.create(basis=basis.strip(), reference=reference.strip(), review_on=review_on, asked_by=by)
    for kind, id in listed:
        HeldRecord.objects.create(hold=hold, kind=kind, target_id=id)
    record("hold.asked", by=Actor.member(by.id), target=("hold", hold.id))
    return hold


def approve(hold_id: UUID, *, by: Actor) -> Hold:
    """Put a hold in force, as a second person: another owner or admin, or the operator's staff. Raises: NotAllowed."""
    hold = Hold.objects.select_for_update().get(id=hold_id)
    if by.id is None or by.id == hold.asked_by_id or _user_of(by) == _user_of(Actor.member(hold.asked_by_id)):
        raise NotAllowed(_("Somebody else has to approve it."))
    if hold.approved_at is not None or hold.released_at is not None:
        raise NotAllowed(_("This hold was decided already."))
    _must_be_soon(hold.review_on)
    hold.approved_at, hold.approver_kind, hold.approver_id = now(), by.kind, by.id
    hold.save(update_fields=["approved_at", "approver_kind", "approver_id"])
    record("hold.approved", by=by, target=("hold", hold.id))
    return hold


def release(hold_id: UUID, *, by: Membership) -> Hold:
    """End a hold: what it kept from being deleted is deleted by the next sweep. Raises: NotAllowed."""
    _must_be_admin(by)
    hold = Hold.objects.select_for_update().get(id=hold_id)
    if hold.released_at is None:
        hold.released_at, hold.released_by = now(), by
        hold.save(update_fields=["released_at", "released_by"])
        record("hold.released", by=Actor.member(by.id), target=("hold", hold.id))
    return hold


def _must_be_admin(member: Membership) -> None:
    if not member.may(Role.ADMIN):
        raise NotAllowed(_("Only owners and admins decide about legal holds."))


def _must_be_soon(review_on: date) -> None:
    today = now().date()
    if not today <= review_on <= today + HOLD_MAX:
        raise NotAllowed(_("The review day has to be within the next 180 days. A hold can be asked for again then."))


def _is_here(kind: HeldKind, id: UUID) -> bool:
    if kind == HeldKind.WORKSPACE:
        return id == current_workspace_id()
    model = Contact if kind == HeldKind.CONTACT else Conversation
    return bool(model.objects.filter(id=id).exists())


def _user_of(actor: Actor) -> UUID | None:
    """Return the person behind an actor: two memberships of one person are not two people."""
    if actor.kind == "member":
        return Membership.objects.filter(id__in=[actor.id]).values_list("user_id", flat=True).first()
    return actor.id
