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
class _Changes:
    contacts: list[tuple[UUID, bool]] = field(default_factory=list)
    identities: list[tuple[UUID, UUID, str, str, bytes, datetime]] = field(default_factory=list)
    likenesses: set[tuple[UUID, UUID, str]] = field(default_factory=set)


def recognise(sightings: Sequence[Sighting]) -> list[UUID | None]:
    """Return the contact of each sighting, None where it is unknown and must not be made.

    A person known by several names at once gets all of them. Two names that belong to two contacts are never merged
    here: the business-scoped id decides, and a likeness is noted.
    """
    keys = ring()
    named = [_keys(keys, sighting) for sighting in sightings]
    known = _known({key for some in named for key, _ in some})
    changes = _Changes()
    found = [_place(sighting, some, known, changes) for sighting, some in zip(sightings, named, strict=True)]
    _write(changes)
    _keep_profiles(sightings, found)
    return found


def _keys(keys: Ring, sighting: Sighting) -> list[tuple[Key, str]]:
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


def _known(wanted: set[Key]) -> dict[Key, UUID]:
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, value_hash, contact_id FROM contacts_identity"
            " WHERE workspace_id = %s AND value_hash = ANY(%s::bytea[]) AND valid_to IS NULL",
            [current_workspace_id(), sorted({digest for _, digest in wanted})],
        )
        return {(kind, bytes(digest)): contact for kind, digest, contact in cursor.fetchall()}


def _place(
    sighting: Sighting, named: list[tuple[Key, str]], known: dict[Key, UUID], changes: _Changes
) -> UUID | None:
    contacts = [known[key] for key, _ in named if key in known]
    if not contacts and (not sighting.create or not named):
        return None
    contact = contacts[0] if contacts else new_id()
    if not contacts:
        changes.contacts.append((contact, sighting.group is not None))
    for other in contacts:
        if other != contact:
            changes.likenesses.add((min(contact, other), max(contact, other), "named_together"))
    for key, value in named:
        if key not in known:
            known[key] = contact
            changes.identities.append((new_id(), contact, key[0], value, key[1], sighting.at))
    return contact


def _write(changes: _Changes) -> None:
    workspace = current_workspace_id()
    seal = Identity._meta.get_field("value").seal  # type: ignore[union-attr]  # a SealedText
    with connection.cursor() as cursor:
        if changes.contacts:
            cursor.execute(
                "INSERT INTO contacts_contact (id, workspace_id, is_group, name_tokens, created_at, changed_at)"
                " SELECT id, %s, is_group, '{}', %s, %s FROM unnest(%s::uuid[], %s::bool[]) AS new (id, is_group)",
                [workspace, now(), now(), [i for i, _ in changes.contacts], [g for _, g in changes.contacts]],
            )
        if changes.identities:
            columns = list(zip(*changes.identities, strict=True))
            cursor.execute(
                "INSERT INTO contacts_identity"
                " (id, workspace_id, contact_id, kind, value, value_hash, valid_from, source)"
                " SELECT id, %s, contact, kind, value, hash, since, 'message' FROM unnest(%s::uuid[], %s::uuid[],"
                " %s::text[], %s::bytea[], %s::bytea[], %s::timestamptz[])"
                " AS new (id, contact, kind, value, hash, since)",
                [
                    workspace,
                    list(columns[0]),
                    list(columns[1]),
                    list(columns[2]),
                    [seal(value) for value in columns[3]],
                    list(columns[4]),
                    list(columns[5]),
                ],
            )
        note_likenesses(changes.likenesses)


def note_likenesses(pairs: set[tuple[UUID, UUID, str]]) -> None:
    """Note that two contacts may be one person; each pair stands once."""
    if not pairs:
        return
    ordered = sorted(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_likeness (id, workspace_id, first_id, second_id, reason, seen_at)"
            " SELECT id, %s, first, second, reason, %s"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[]) AS new (id, first, second, reason)"
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
    """Keep for each contact the newest name that WhatsApp gave."""
    newest: dict[UUID, Sighting] = {}
    for sighting, contact in zip(sightings, found, strict=True):
        if contact is None or not (sighting.name or sighting.username):
            continue
        before = newest.get(contact)
        if before is None or _freshness(sighting) > _freshness(before):
            newest[contact] = sighting
    if not newest:
        return
    kept = {c.id: c for c in Contact.objects.filter(id__in=list(newest)).order_by()}
    changed = [
        (kept[contact], sighting)
        for contact, sighting in sorted(newest.items())
        if _freshness(sighting) > _kept_freshness(kept[contact])
        and (sighting.name, sighting.username) != (kept[contact].profile_name, kept[contact].username)
    ]
    if changed:
        _write_profiles(changed)


def _freshness(sighting: Sighting) -> tuple[datetime, str]:
    return sighting.at, sighting.name or ""


def _kept_freshness(contact: Contact) -> tuple[datetime, str]:
    oldest = datetime.min.replace(tzinfo=now().tzinfo)
    return contact.profile_at or oldest, contact.profile_name or ""


def _write_profiles(changed: list[tuple[Contact, Sighting]]) -> None:
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
            " name_tokens = new.tokens::int[] FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[], %s::timestamptz[],"
            " %s::text[]) AS new (id, name, username, at, tokens) WHERE c.id = new.id AND c.workspace_id = %s",
            [*map(list, columns), current_workspace_id()],
        )


def name_tokens(keys: Ring, name: str) -> list[int]:
    """Return the keyed hashes by which a contact is found while its name is still being typed."""
    return keys.tokens(prefixes_of(name), place="contacts_contact.name_tokens")
