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
    holder = Identity.objects.filter(kind=kind, value_hash=digest, valid_to=None).first()
    if holder is None:
        ended_later = Identity.objects.filter(
            kind=kind, value_hash=digest, contact_id=move.contact, valid_to__gte=move.at
        ).exists()
        if ended_later:
            return False
        Identity(
            contact_id=move.contact, kind=kind, value=value, value_hash=digest, valid_from=move.at, source="change"
        ).save()
        return True
    if holder.contact_id != move.contact:
        pair = sorted((holder.contact_id, move.contact))
        note_likenesses({(pair[0], pair[1], "changed_number")})
    return False


def _end(move: Move, kind: str, value: str) -> bool:
    digest = identity_hash(ring(), kind, value)
    ended = Identity.objects.filter(contact_id=move.contact, kind=kind, value_hash=digest, valid_to=None)
    return bool(ended.update(valid_to=move.at))
