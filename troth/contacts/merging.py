"""Makes one person of two contacts, and two of them again.

Nothing moves: identities, conversations and consents stay with the contact that they came to, and `merged_into` says
whose person it is. So to part them is exact, whatever came in meanwhile, and possible as long as the person is here.
The caller holds the workspace's digest lock, as `recognise` asks for.
"""

from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.sealing import ring
from troth.contacts.likenesses import note_likenesses, settle_likenesses
from troth.contacts.models import Contact, Identity, IdentityKind, Merge
from troth.contacts.names import name_tokens
from troth.workspaces.models import Membership

NAMED_TOGETHER = "named_together"  # WhatsApp named both in one breath
# No carrier known to us gives a number to somebody else so soon (the FCC asks for 45 days): within this time a number
# and an id that WhatsApp names together have one owner.
YOUNG = timedelta(days=30)
METAS = (IdentityKind.BSUID, IdentityKind.PARENT_BSUID)

Follower = Callable[[Collection[UUID], Merge], None]
_followers: list[Follower] = []


class CannotMerge(Exception):
    """The two may not be made one, or not be parted; the text says why, for a person."""


def follow(follower: Follower) -> None:
    """Tell this of all contacts whose person changed and of the merge that was made or undone, within the same
    transaction. Called once, from an app's `ready`."""
    if follower not in _followers:
        _followers.append(follower)


def root_of(contact_id: UUID) -> UUID:
    """Return the contact that stands for a contact's person: mostly itself."""
    found = Contact.objects.filter(id=contact_id).values_list("merged_into_id", flat=True).first()
    return found or contact_id


def group_of(contact_id: UUID) -> list[UUID]:
    """Return all contacts of a contact's person, the one that stands for it first."""
    root = root_of(contact_id)
    return [root, *Contact.objects.filter(merged_into=root).order_by("id").values_list("id", flat=True)]


def merge(kept_id: UUID, merged_id: UUID, *, by: Membership | None, reason: str) -> Merge:
    """Let two people be one from now on, under the first. Raises: CannotMerge."""
    kept, merged = _both(kept_id, merged_id)
    _must_be_free(kept, merged)
    some, others = group_of(kept.id), group_of(merged.id)
    made = Merge.objects.create(kept=kept, merged=merged, by=by, reason=reason, lent=_lend(kept, merged))
    Contact.objects.filter(id__in=others).update(merged_into=kept, changed_at=now())
    settle_likenesses(some, others, by=by)
    _record("contact.merged", made, by)
    _tell([*some, *others], made)
    return made


def part(merge_id: UUID, *, by: Membership) -> Merge:
    """Let two be two people again: each has what came under its own identities. Raises: CannotMerge, Merge.DoesNotExist."""
    made = Merge.objects.select_for_update().get(id=merge_id)
    if made.undone_at is not None:
        raise CannotMerge(_("These two are separate already."))
    kept, merged = _both(made.kept_id, made.merged_id)
    before = group_of(kept.id)
    if kept.restricted or merged.restricted:
        raise CannotMerge(_("This person is being deleted, or their data are only kept. Decide that first."))
    made.undone_at, made.undone_by = now(), by
    made.save(update_fields=["undone_at", "undone_by"])
    own = _below(merged.id)
    Contact.objects.filter(id__in=own - {merged.id}).update(merged_into=merged)
    Contact.objects.filter(id=merged.id).update(merged_into=None, changed_at=now())
    _give_back(kept, merged, made.lent)
    first, second = sorted((kept.id, merged.id))
    note_likenesses({(first, second, "parted")})
    settle_likenesses(before, before, by=by)
    _record("contact.parted", made, by)
    _tell(before, made)
    return made


def join_if_certain(phone_holder: UUID, id_holder: UUID, *, apart: timedelta) -> bool:
    """Make one person of whom WhatsApp named by a number and an id of its own at once, where nothing speaks against it:
    of the one only the number was known until now, of the other only the id, and the number is known for a short time.

    `apart` is how long before the number was first seen. Return whether they are one now; if not, a likeness is noted.
    """
    phones, ids = group_of(phone_holder), group_of(id_holder)
    if phones[0] == ids[0]:
        return True
    if apart <= YOUNG and _fit(phones, ids):
        first, second = sorted((phones[0], ids[0]))
        try:
            merge(first, second, by=None, reason=NAMED_TOGETHER)
        except CannotMerge:
            pass
        else:
            return True
    first, second = sorted((phone_holder, id_holder))
    note_likenesses({(first, second, NAMED_TOGETHER)})
    return False


def _fit(phones: list[UUID], ids: list[UUID]) -> bool:
    has_ids = Identity.objects.filter(contact_id__in=phones, kind__in=METAS).exists()
    has_phone = Identity.objects.filter(contact_id__in=ids, kind=IdentityKind.PHONE).exists()
    parted = Q(kept__in=phones, merged__in=ids) | Q(kept__in=ids, merged__in=phones)
    return not has_ids and not has_phone and not Merge.objects.filter(parted, undone_at__isnull=False).exists()


def _both(kept_id: UUID, merged_id: UUID) -> tuple[Contact, Contact]:
    found = Contact.objects.select_for_update().filter(id__in=[kept_id, merged_id]).order_by("id")
    rows = {one.id: one for one in found}
    if len(rows) < 2:
        raise CannotMerge(_("Choose another person: one of the two is not here any more."))
    return rows[kept_id], rows[merged_id]


def _must_be_free(kept: Contact, merged: Contact) -> None:
    if kept.merged_into_id or merged.merged_into_id:
        raise CannotMerge(_("One of the two was merged meanwhile. Reload the page to see how they stand."))
    if kept.restricted or merged.restricted:
        raise CannotMerge(_("One of the two is being deleted, or their data are only kept. Decide that first."))
    if kept.is_group or merged.is_group:
        raise CannotMerge(_("A group cannot be merged with anybody."))


def _below(contact_id: UUID) -> set[UUID]:
    """Return a contact and all that were merged into it, and into those."""
    found, edge = {contact_id}, {contact_id}
    while edge:
        edge = set(Merge.objects.filter(kept__in=edge, undone_at=None).values_list("merged_id", flat=True)) - found
        found |= edge
    return found


def _lend(kept: Contact, merged: Contact) -> str:
    """Let the one who stands for both bear the other's names where it has none; return which."""
    lent = []
    if not kept.name and merged.name:
        kept.name = merged.name
        lent.append("name")
    if not kept.profile_name and merged.profile_name:
        kept.profile_name, kept.username, kept.profile_at = merged.profile_name, merged.username, merged.profile_at
        lent.append("profile")
    if lent:
        _rename(kept)
    return " ".join(lent)


def _give_back(kept: Contact, merged: Contact, lent: str) -> None:
    if "name" in lent.split() and kept.name == merged.name:
        kept.name = None
    if "profile" in lent.split() and kept.profile_name == merged.profile_name:
        kept.profile_name = kept.username = kept.profile_at = None
    _rename(kept)


def _rename(contact: Contact) -> None:
    contact.name_tokens = name_tokens(ring(), contact.name or contact.profile_name or "")
    contact.changed_at = now()
    contact.save(update_fields=["name", "profile_name", "username", "profile_at", "name_tokens", "changed_at"])


def _record(action: str, made: Merge, by: Membership | None) -> None:
    actor = Actor.member(by.id) if by else Actor.system()
    detail = {"merge": str(made.id), "merged": str(made.merged_id), "reason": made.reason}
    record(action, by=actor, target=("contact", made.kept_id), detail=detail)


def _tell(contact_ids: Collection[UUID], made: Merge) -> None:
    for follower in _followers:
        follower(contact_ids, made)
