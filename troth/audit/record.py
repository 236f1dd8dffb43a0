"""Writing entries: `record("contact.erased", by=Actor.member(id), target=("contact", contact_id))`."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

import msgspec
from django.db import connection, transaction

from troth.audit.chain import START, link
from troth.audit.models import Entry
from troth.audit.models.entry import ActorKind
from troth.base.sealing import INSTALLATION, Ring, ring

PLACE = "audit_entry.detail"
SALT_BYTES = 32
CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"
LAST = f"""
SELECT {CURRENT}, number, hash FROM (SELECT 1) one
LEFT JOIN LATERAL (
    SELECT number, hash FROM audit_entry WHERE workspace_id IS NOT DISTINCT FROM {CURRENT} ORDER BY number DESC LIMIT 1
) last ON true
"""  # noqa: S608  # our own words


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a kind and an id, never a name."""

    kind: ActorKind
    id: UUID | None

    @classmethod
    def member(cls, id: UUID) -> Self:
        """Return a member, by membership."""
        return cls(ActorKind.MEMBER, id)

    @classmethod
    def person(cls, id: UUID) -> Self:
        """Return somebody signed in, by user."""
        return cls(ActorKind.PERSON, id)

    @classmethod
    def staff(cls, id: UUID) -> Self:
        """Return somebody of the operator's staff, by user."""
        return cls(ActorKind.STAFF, id)

    @classmethod
    def contact(cls, id: UUID | None) -> Self:
        """Return a person outside, by contact."""
        return cls(ActorKind.CONTACT, id)

    @classmethod
    def system(cls) -> Self:
        """Return the product itself, as when a schedule acts."""
        return cls(ActorKind.SYSTEM, None)


def record(
    action: str,
    *,
    by: Actor,
    target: tuple[str, UUID | None] = ("", None),
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """Add an entry to the chain of the workspace in scope, or to the installation's where none is, in the caller's
    transaction: what is done and the entry of it are kept together or not at all.

    `action` is a dotted verb ("contact.erased"), `target` a kind and an id. `detail` is sealed and can be erased.
    Entries of one chain are written one after the other: an advisory lock is held until the transaction ends.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # The lock comes first, in a statement of its own: the next one sees what its holder before us has committed.
        cursor.execute(f"SELECT pg_advisory_xact_lock(hashtextextended('audit' || coalesce({CURRENT}::text, ''), 0))")
        cursor.execute(LAST)
        workspace_id, number, previous = cursor.fetchone()
        salted = os.urandom(SALT_BYTES) + msgspec.json.encode(dict(detail)) if detail is not None else None
        entry = Entry(
            workspace_id=workspace_id,
            number=(number or 0) + 1,
            actor_kind=by.kind,
            actor_id=by.id,
            action=action,
            target_kind=target[0],
            target_id=target[1],
            detail=_keys(workspace_id).seal(salted, place=PLACE) if salted is not None else None,
            detail_hash=hashlib.sha256(salted).digest() if salted is not None else None,
        )
        entry.hash = link(entry, previous=bytes(previous) if previous is not None else START)
        entry.save(force_insert=True)
    return entry


def open_salted(entry: Entry) -> bytes | None:
    """Return what the entry's `detail_hash` is the SHA-256 of: a salt and the detail as JSON; None where there is none.

    Raises: Unreadable, KeysMissing.
    """
    if entry.detail is None:
        return None
    return _keys(entry.workspace_id).unseal(bytes(entry.detail), place=PLACE)


def open_detail(entry: Entry) -> dict[str, Any] | None:
    """Return the detail of an entry, None where it has none or it was erased. Raises: Unreadable, KeysMissing."""
    salted = open_salted(entry)
    if salted is None:
        return None
    found: dict[str, Any] = msgspec.json.decode(salted[SALT_BYTES:])
    return found


def erase_details(*, target: tuple[str, UUID]) -> int:
    """Erase what entries of the workspace in scope say about a target; the chain holds. Return how many there were."""
    return Entry.objects.filter(target_kind=target[0], target_id=target[1], detail__isnull=False).update(detail=None)


def reseal_details(ring_name: str) -> int:
    """Seal details again that older keys of this ring sealed, in the chain within reach; return how many there were.

    What the chain covers is what was sealed, so it holds. Safe to repeat.
    """
    keys = ring(ring_name)
    changed = 0
    for entry in Entry.objects.filter(detail__isnull=False).order_by("number").iterator(chunk_size=500):
        sealed = bytes(entry.detail or b"")
        if not keys.is_current(sealed):
            again = keys.seal(keys.unseal(sealed, place=PLACE), place=PLACE)
            changed += Entry.objects.filter(pk=entry.pk, detail=sealed).update(detail=again)
    return changed


def _keys(workspace_id: UUID | None) -> Ring:
    return ring(str(workspace_id)) if workspace_id else ring(INSTALLATION)
