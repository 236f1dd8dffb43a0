"""Moves a person's identities when the person changes number: the old ones end, the new ones begin."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.base.sealing import ring
from troth.contacts.likenesses import note_likenesses
from troth.contacts.merging import METAS, group_of
from troth.contacts.models import Identity, IdentityKind
from troth.contacts.recognise import identity_hash


@dataclass(frozen=True, slots=True)
class Move:
    """What a change says: this contact was known by `before` and is now by `after`, each value by kind.

    `account` is the business account of ours that heard it.
    """

    contact: UUID
    before: dict[str, str]
    after: dict[str, str]
    at: datetime
    account: str = ""


def move_identities(move: Move) -> bool:
    """Return whether the move changed anything. A new identity that is somebody else's stays theirs; a likeness is noted."""
    changed = False
    for kind, value in sorted(move.after.items()):
        changed |= _begin(move, kind, value)
    for kind, value in sorted(move.before.items()):
        if kind in move.after and move.after[kind] != value:
            changed |= _end(move, kind, value)
    return _end_ids(move) or changed


def _begin(move: Move, kind: str, value: str) -> bool:
    digest = identity_hash(ring(), kind, value)
    holders = list(Identity.objects.filter(kind=kind, value_hash=digest, contact__erasing_at=None))
    others = {held.contact_id for held in holders if held.valid_to is None or held.valid_to >= move.at}
    if others & set(group_of(move.contact)):
        return False
    if others:
        pairs = (sorted((other, move.contact)) for other in others)
        note_likenesses({(first, second, "changed_number") for first, second in pairs})
        return False
    _add(move, kind, value, digest, until=None)
    return True


def _end(move: Move, kind: str, value: str) -> bool:
    digest = identity_hash(ring(), kind, value)
    mine = Identity.objects.filter(contact_id=move.contact, kind=kind, value_hash=digest)
    if mine.filter(valid_to=None, valid_from__lte=move.at).update(valid_to=move.at):
        return True
    if Identity.objects.filter(kind=kind, value_hash=digest, valid_to__gte=move.at).exists() or mine.exists():
        return False
    # We know the person by the new name only: what still comes under the old one is theirs too.
    _add(move, kind, value, digest, until=move.at)
    return True


def _end_ids(move: Move) -> bool:
    """End what Meta called the person until now: a new number comes with new ids, told or not. An id that lived on would
    make the next one look as if the number were in other hands."""
    phone = IdentityKind.PHONE.value
    if phone not in move.before or move.before[phone] == move.after.get(phone, move.before[phone]):
        return False
    keys = ring()
    new = [identity_hash(keys, kind, value) for kind, value in move.after.items()]
    living = Identity.objects.filter(
        contact_id__in=group_of(move.contact), kind__in=METAS, valid_to=None, valid_from__lte=move.at
    )
    return living.exclude(value_hash__in=new).update(valid_to=move.at) > 0


def _add(move: Move, kind: str, value: str, digest: bytes, *, until: datetime | None) -> None:
    Identity(
        contact_id=move.contact,
        kind=kind,
        value=value,
        value_hash=digest,
        account=move.account if kind == IdentityKind.BSUID else "",
        valid_from=move.at,
        valid_to=until,
        source="change",
    ).save()
