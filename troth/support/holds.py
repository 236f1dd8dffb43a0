"""Holds of the operator: where a law binds whoever runs the installation, two of staff keep something from being deleted.

A hold only stops deletion, of what it names and nothing else; it lets nobody read. The owners are told when it begins, or
on the day on which a gag ends, which always has an end. It is over on its review day, 180 days away at most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.holding import Held
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.support import mails
from troth.support.glass import BAR_MAX, Bar, NotAllowed
from troth.support.models import HeldKind, OperatorHold
from troth.support.models.hold import HOLDS_MAX
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

__all__ = ["NotAllowed", "Wanted", "approve", "ask", "end", "held", "tell_owners"]


@dataclass(frozen=True)
class Wanted:
    """What is to stay, on which ground, and until when at the latest."""

    workspace_id: UUID
    kind: HeldKind
    reference: str
    basis: str
    review_on: date
    target_ids: tuple[UUID, ...] = ()
    gag: Bar | None = None


def ask(wanted: Wanted, *, by: UUID) -> OperatorHold:
    """Write a hold into the register; somebody else has to approve it. Raises: NotAllowed."""
    targets = [wanted.workspace_id] if wanted.kind == HeldKind.WORKSPACE else list(dict.fromkeys(wanted.target_ids))
    gag, today = wanted.gag, now().date()
    if not targets or not today <= wanted.review_on <= today + HOLDS_MAX:
        raise NotAllowed
    if gag is not None and not now() < gag.until <= now() + BAR_MAX:
        raise NotAllowed
    if not _are_there(wanted.kind, wanted.workspace_id, targets):
        raise NotAllowed
    hold = OperatorHold.objects.create(
        workspace_id=wanted.workspace_id,
        kind=wanted.kind,
        target_ids=targets,
        reference=wanted.reference,
        basis=wanted.basis,
        review_on=wanted.review_on,
        asked_by=by,
        gag_until=gag.until if gag else None,
        gag_basis=gag.basis if gag else None,
    )
    _note("operator_hold.asked", hold, by=by)
    return hold


@transaction.atomic
def approve(hold_id: UUID, *, by: UUID) -> None:
    """Put a hold in force that somebody else asked for. Raises: NotAllowed."""
    hold = _locked(hold_id)
    if hold.asked_by == by or hold.approved_at is not None or hold.review_on < now().date():
        raise NotAllowed
    hold.second_by, hold.approved_at = by, now()
    hold.save(update_fields=["second_by", "approved_at"])
    _note("operator_hold.approved", hold, by=by)


@transaction.atomic
def end(hold_id: UUID, *, by: UUID) -> None:
    """End a hold, or refuse it: what it kept is deleted by the next sweep. Raises: NotAllowed."""
    hold = _locked(hold_id)
    hold.ended_at, hold.ended_by = now(), by
    hold.save(update_fields=["ended_at", "ended_by"])
    _note("operator_hold.ended", hold, by=by)


def held(workspace_id: UUID) -> Iterable[Held]:
    """Return all that holds keep of a workspace today."""
    instant = now()
    in_force = OperatorHold.objects.filter(workspace_id=workspace_id, approved_at__isnull=False, ended_at=None)
    for hold in in_force.filter(review_on__gte=instant.date()):
        secret = hold.gag_until is not None and hold.gag_until > instant
        yield from (Held(hold.kind, target, secret=secret) for target in hold.target_ids)


def tell_owners() -> int:
    """Tell the owners of every hold that was approved, once no gag forbids it; return how many. Job."""
    approved = OperatorHold.objects.filter(approved_at__isnull=False, told_at=None)
    due = approved.filter(Q(gag_until=None) | Q(gag_until__lte=now())).values_list("pk", flat=True)
    return sum([_tell(hold_id) for hold_id in list(due)])


@transaction.atomic
def _tell(hold_id: UUID) -> bool:
    hold = OperatorHold.objects.select_for_update().get(pk=hold_id)
    if hold.told_at is not None:
        return False
    hold.told_at = now()
    hold.save(update_fields=["told_at"])
    _note("operator_hold.told", hold, by=None)
    with scope(hold.workspace_id):
        if not Workspace.objects.exists():
            return False  # deleted since, with its keys: nobody is left to be told
        record(
            "operator_hold.notice",
            by=Actor.system(),
            target=("operator_hold", hold.pk),
            detail={"basis": hold.basis, "what": hold.kind, "review_on": hold.review_on.isoformat()},
        )
        mails.tell_owners_of_hold()
    return True


def _are_there(kind: HeldKind, workspace_id: UUID, targets: list[UUID]) -> bool:
    with scope(workspace_id):
        if kind == HeldKind.WORKSPACE:
            return Workspace.objects.exists()
        model = Contact if kind == HeldKind.CONTACT else Conversation
        return model._default_manager.filter(pk__in=targets).count() == len(targets)


def _locked(hold_id: UUID) -> OperatorHold:
    hold = OperatorHold.objects.filter(pk=hold_id, ended_at=None).select_for_update().first()
    if hold is None:
        raise NotAllowed
    return hold


def _note(action: str, hold: OperatorHold, *, by: UUID | None) -> None:
    record(
        action,
        by=Actor.staff(by) if by else Actor.system(),
        target=("operator_hold", hold.pk),
        detail={"workspace": str(hold.workspace_id), "what": hold.kind},
    )
