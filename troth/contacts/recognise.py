"""Who is this? Finds or makes the contact behind each way in which the wire names a person.

Set-wise: one call for all people of a batch. The caller holds the workspace's digest lock, so nobody else recognises
people of this workspace at the same time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import Ring, prefixes_of, ring
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.workspaces.scope import current_workspace_id

Key = tuple[str, bytes]
NAME_MAX = 200


@dataclass(frozen=True, slots=True)
class Sighting:
    """One naming of a person on the wire. `create` is False where an unknown person should stay unknown.

    `phone` is digits without plus; `at` the instant of the event.
    """

    at: datetime
    phone: str | None = None
    bsuid: str | None = None
    parent_bsuid: str | None = None
    group: str | None = None
    name: str | None = None
    username: str | None = None
    create: bool = True


@dataclass(slots=True)
class _Held:
    """An identity: whose it is, from when until when (None: still). `value` is set where it is new."""

    id: UUID
    contact: UUID
    since: datetime
    until: datetime | None = None
    value: str | None = None
    grew: bool = False


@dataclass(slots=True)
class _Changes:
    contacts: list[tuple[UUID, bool]] = field(default_factory=list)
    likenesses: set[tuple[UUID, UUID, str]] = field(default_factory=set)


class _Known:
    """The identities that a batch needs. Numbers change hands: each sighting asks whose one was at its instant. Meta's
    ids never do: one that has ended is still the same person's."""

    def __init__(self) -> None:
        self.held: dict[Key, list[_Held]] = {}

    def add(self, key: Key, held: _Held) -> None:
        self.held.setdefault(key, []).append(held)

    def at(self, key: Key, instant: datetime) -> _Held | None:
        """Return who held this at the instant: whose time ended next after it, else who holds it still."""
        some = self.held.get(key, [])
        ended = [held for held in some if held.until is not None and held.until >= instant]
        if ended:
            return min(ended, key=lambda held: held.until or instant)
        still = next((held for held in some if held.until is None), None)
        if still is None and some and key[0] != IdentityKind.PHONE:
            return max(some, key=lambda held: held.until or instant)
        return still


def recognise(sightings: Sequence[Sighting]) -> list[UUID | None]:
    """Return the contact of each sighting, None where it is unknown and must not be made.

    A person known by several names at once gets all of them. Two names that belong to two contacts are never merged
    here: the business-scoped id decides, and a likeness is noted.
    """
    keys = ring()
    named = [keys_of(keys, sighting) for sighting in sightings]
    known = _known({key for some in named for key, _ in some})
    changes = _Changes()
    found = [_place(sighting, some, known, changes) for sighting, some in zip(sightings, named, strict=True)]
    _write(changes, known)
    _keep_profiles(sightings, found)
    return found


def keys_of(keys: Ring, sighting: Sighting) -> list[tuple[Key, str]]:
    """Return the ways of naming in the order in which they are believed, each with its value."""
    ways = (
        (IdentityKind.GROUP.value, sighting.group),
        (IdentityKind.BSUID.value, sighting.bsuid),
        (IdentityKind.PARENT_BSUID.value, sighting.parent_bsuid),
        (IdentityKind.PHONE.value, f"+{sighting.phone}" if sighting.phone else None),
    )
    return [((kind, identity_hash(keys, kind, value)), value) for kind, value in ways if value]


def identity_hash(keys: Ring, kind: str, value: str) -> bytes:
    """Return the keyed hash by which an identity is found. Phones are digits with a plus, ids verbatim."""
    return keys.index(value, place=f"contacts_identity.{kind}")


def _known(wanted: set[Key]) -> _Known:
    known = _Known()
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                # Whoever is to be forgotten is not known any more: who writes under that name is somebody new.
                "SELECT i.kind, i.value_hash, i.id, i.contact_id, i.valid_from, i.valid_to FROM contacts_identity i"
                " JOIN contacts_contact c ON c.id = i.contact_id AND c.erasing_at IS NULL"
                " WHERE i.workspace_id = %s AND i.value_hash = ANY(%b::bytea[])",
                [current_workspace_id(), sorted({digest for _, digest in wanted})],
            )
            for kind, digest, *rest in cursor.fetchall():
                known.add((kind, bytes(digest)), _Held(*rest))
    return known


def _place(sighting: Sighting, named: list[tuple[Key, str]], known: _Known, changes: _Changes) -> UUID | None:
    found = {key: held for key, _ in named if (held := known.at(key, sighting.at))}
    if not found and (not sighting.create or not named):
        return None
    first = next(iter(found.values()), None)
    contact = first.contact if first else new_id()
    if first is None:
        changes.contacts.append((contact, sighting.group is not None))
    for held in found.values():
        if held.contact != contact:
            changes.likenesses.add((min(contact, held.contact), max(contact, held.contact), "named_together"))
        if sighting.at < held.since:
            held.since, held.grew = sighting.at, True
    for key, value in named:
        if key not in found:
            # What was named beside an identity that has ended since has ended with it.
            until = first.until if first and first.until and first.until >= sighting.at else None
            known.add(key, _Held(new_id(), contact, sighting.at, until, value))
    return contact


def _write(changes: _Changes, known: _Known) -> None:
    workspace = current_workspace_id()
    held = [(key, one) for key, some in known.held.items() for one in some]
    with connection.cursor() as cursor:
        if changes.contacts:
            cursor.execute(
                "INSERT INTO contacts_contact (id, workspace_id, is_group, name_tokens, created_at, changed_at)"
                " SELECT id, %s, is_group, '{}', %s, %s FROM unnest(%b::uuid[], %s::bool[]) AS new (id, is_group)",
                [workspace, now(), now(), [i for i, _ in changes.contacts], [g for _, g in changes.contacts]],
            )
        if grown := [one for _, one in held if one.grew and one.value is None]:
            cursor.execute(
                "UPDATE contacts_identity i SET valid_from = LEAST(i.valid_from, new.since)"
                " FROM unnest(%b::uuid[], %b::timestamptz[]) AS new (id, since)"
                " WHERE i.id = new.id AND i.workspace_id = %s",
                [[one.id for one in grown], [one.since for one in grown], workspace],
            )
    _keep_identities([(key, one) for key, one in held if one.value is not None])
    note_likenesses(changes.likenesses)


def _keep_identities(new: Sequence[tuple[Key, _Held]]) -> None:
    """Write identities that nobody has at their time."""
    if not new:
        return
    seal = Identity._meta.get_field("value").seal
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_identity"
            " (id, workspace_id, contact_id, kind, value, value_hash, valid_from, valid_to, source)"
            " SELECT id, %s, contact, kind, value, hash, since, until, 'message' FROM unnest(%b::uuid[], %b::uuid[],"
            " %s::text[], %b::bytea[], %b::bytea[], %b::timestamptz[], %b::timestamptz[])"
            " AS new (id, contact, kind, value, hash, since, until)",
            [
                current_workspace_id(),
                [one.id for _, one in new],
                [one.contact for _, one in new],
                [kind for (kind, _), _ in new],
                [seal(one.value) for _, one in new],
                [digest for (_, digest), _ in new],
                [one.since for _, one in new],
                [one.until for _, one in new],
            ],
        )


def note_likenesses(pairs: set[tuple[UUID, UUID, str]]) -> None:
    """Note that two contacts may be one person; each pair stands once."""
    if not pairs:
        return
    ordered = sorted(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_likeness (id, workspace_id, first_id, second_id, reason, seen_at)"
            " SELECT id, %s, first, second, reason, %s"
            " FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %s::text[]) AS new (id, first, second, reason)"
            " ON CONFLICT DO NOTHING",
            [
                current_workspace_id(),
                now(),
                [new_id() for _ in ordered],
                [first for first, _, _ in ordered],
                [second for _, second, _ in ordered],
                [reason for _, _, reason in ordered],
            ],
        )


def _keep_profiles(sightings: Sequence[Sighting], found: Sequence[UUID | None]) -> None:
    """Keep for each contact the newest name that WhatsApp gave, and how new it is."""
    newest: dict[UUID, Sighting] = {}
    for sighting, contact in zip(sightings, found, strict=True):
        if contact is None or not (sighting.name or sighting.username):
            continue
        before = newest.get(contact)
        if before is None or _freshness(sighting) > _freshness(before):
            newest[contact] = sighting
    if not newest:
        return
    kept = {c.id: c for c in Contact.objects.filter(id__in=list(newest), disputed_at=None).order_by()}
    fresher = [
        (kept[contact], sighting)
        for contact, sighting in sorted(newest.items())
        if contact in kept and _freshness(sighting) > _kept_freshness(kept[contact])
    ]
    _write_profiles([(contact, sighting) for contact, sighting in fresher if _is_other(contact, sighting)])
    _write_freshness([(contact, sighting) for contact, sighting in fresher if not _is_other(contact, sighting)])


def _freshness(sighting: Sighting) -> tuple[datetime, str, str]:
    return sighting.at, (sighting.name or "")[:NAME_MAX], sighting.username or ""


def _kept_freshness(contact: Contact) -> tuple[datetime, str, str]:
    oldest = datetime.min.replace(tzinfo=now().tzinfo)
    return contact.profile_at or oldest, contact.profile_name or "", contact.username or ""


def _is_other(contact: Contact, sighting: Sighting) -> bool:
    name, username = (sighting.name or "")[:NAME_MAX], sighting.username
    return (name or contact.profile_name, username or contact.username) != (contact.profile_name, contact.username)


def _write_freshness(same: list[tuple[Contact, Sighting]]) -> None:
    """Write how new a name is that stays the same, so that an older one that comes late does not replace it."""
    if not same:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact c SET profile_at = new.at FROM unnest(%b::uuid[], %b::timestamptz[])"
            " AS new (id, at) WHERE c.id = new.id AND c.workspace_id = %s",
            [[contact.id for contact, _ in same], [sighting.at for _, sighting in same], current_workspace_id()],
        )


def _write_profiles(changed: list[tuple[Contact, Sighting]]) -> None:
    if not changed:
        return
    keys = ring()
    fields = {name: Contact._meta.get_field(name) for name in ("profile_name", "username")}
    rows: list[tuple[UUID, bytes | None, bytes | None, datetime, str]] = []
    for contact, sighting in changed:
        name = (sighting.name or contact.profile_name or "")[:NAME_MAX] or None
        username = sighting.username or contact.username
        tokens = name_tokens(keys, contact.name or name or "")
        rows.append(
            (
                contact.id,
                fields["profile_name"].seal(name),  # type: ignore[union-attr]  # a SealedText
                fields["username"].seal(username),  # type: ignore[union-attr]
                sighting.at,
                "{" + ",".join(map(str, tokens)) + "}",
            )
        )
    columns = list(zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact c SET profile_name = new.name, username = new.username, profile_at = new.at,"
            " name_tokens = new.tokens::int[] FROM unnest(%b::uuid[], %b::bytea[], %b::bytea[], %b::timestamptz[],"
            " %s::text[]) AS new (id, name, username, at, tokens) WHERE c.id = new.id AND c.workspace_id = %s",
            [*map(list, columns), current_workspace_id()],
        )


def name_tokens(keys: Ring, name: str) -> list[int]:
    """Return the keyed hashes by which a contact is found while its name is still being typed."""
    return keys.tokens(prefixes_of(name), place="contacts_contact.name_tokens")
