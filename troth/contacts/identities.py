"""Moves a person's identities when the person changes number: the old ones end, the new ones begin."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.base.sealing import ring
from troth.contacts.models import Identity
from troth.contacts.recognise import identity_hash, note_likenesses


@dataclass(frozen=True, slots=True)
class Move:
    """What a change says: this contact was known by `before` and is now by `after`, each value by kind."""

    contact: UUID
    before: dict[str, str]
    after: dict[str, str]
    at: datetime


def move_identities(move: Move) -> bool:
    """Return whether the move changed anything. A new identity that is somebody else's stays theirs; a likeness is noted."""
    changed = False
    for kind, value in sorted(move.after.items()):
        changed |= _begin(move, kind, value)
    for kind, value in sorted(move.before.items()):
        if kind in move.after and move.after[kind] != value:
            changed |= _end(move, kind, value)
    return changed


def _begin(move: Move, kind: str, value: str) -> bool:
    digest = identity_hash(ring(), kind, value)
    holders = list(Identity.objects.filter(kind=kind, value_hash=digest, contact__erasing_at=None))
    others = {held.contact_id for held in holders if held.valid_to is None or held.valid_to >= move.at}
    if move.contact in others:
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


def _add(move: Move, kind: str, value: str, digest: bytes, *, until: datetime | None) -> None:
    Identity(
        contact_id=move.contact,
        kind=kind,
        value=value,
        value_hash=digest,
        valid_from=move.at,
        valid_to=until,
        source="change",
    ).save()
