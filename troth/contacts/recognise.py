"""Who is this? Finds or makes the contact behind each way in which the wire names a person.

Set-wise: one call for all people of a batch. The caller holds the workspace's digest lock, so nobody else recognises
people of this workspace at the same time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.phones import forms_of, one_form
from troth.base.sealing import Ring, ring
from troth.contacts.likenesses import note_likenesses
from troth.contacts.merging import join_if_certain
from troth.contacts.models import Identity, IdentityKind, Source
from troth.contacts.profiles import keep_profiles
from troth.contacts.sighting import Sighting
from troth.workspaces.scope import current_workspace_id

Key = tuple[str, bytes]
PHONE, BSUID = IdentityKind.PHONE.value, IdentityKind.BSUID.value
JUST_BEFORE = timedelta(microseconds=1)  # a time ends just before the next one begins, so that no instant is in two


@dataclass(slots=True)
class _Held:
    """An identity: whose it is, from when until when (None: still). `value` is set where it is new; `root` is the contact
    that stands for the person."""

    id: UUID
    contact: UUID
    root: UUID
    since: datetime
    until: datetime | None = None
    value: str | None = None
    account: str = ""
    source: str = Source.MESSAGE.value
    changed: bool = False


@dataclass(slots=True)
class _Changes:
    contacts: list[tuple[UUID, bool, str]] = field(default_factory=list)
    likenesses: set[tuple[UUID, UUID, str]] = field(default_factory=set)
    together: dict[tuple[UUID, UUID], timedelta] = field(default_factory=dict)  # a number's holder and an id's


class _Known:
    """The identities that a batch needs. Numbers change hands: each sighting asks whose one was at its instant. Meta's
    ids never do: one that has ended is still the same person's."""

    def __init__(self) -> None:
        self.held: dict[Key, list[_Held]] = {}
        self.ids: dict[UUID, list[_Held]] = {}  # by whom: their living ids of which we know the account that has them

    def add(self, key: Key, held: _Held) -> None:
        self.held.setdefault(key, []).append(held)
        if key[0] == BSUID and held.until is None and held.account:
            self.ids.setdefault(held.root, []).append(held)

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

    A person known by several names at once gets all of them. Where two names belong to two contacts the business-scoped
    id decides; whether the two are one is left to `merging`, which mostly notes a likeness. A number that comes with
    another id than before, in one account, has changed hands: nobody is told twice.
    """
    keys = ring()
    named = [keys_of(keys, sighting) for sighting in sightings]
    known = _known({key for some in named for key, _ in some})
    _learn_ids(named, known)
    changes = _Changes()
    found = [_place(sighting, some, known, changes) for sighting, some in zip(sightings, named, strict=True)]
    _write(changes, known)
    keep_profiles(sightings, found)
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
    """Return the keyed hash by which an identity is found. Phones are digits with a plus, ids verbatim; all ways to
    write one number have one hash."""
    return keys.index(one_form(value) if kind == PHONE else value, place=f"contacts_identity.{kind}")


def former_hashes(keys: Ring, kind: str, value: str) -> list[bytes]:
    """Return the hashes under which an identity may have been kept before all ways to write a number had one hash: those of
    each way by itself, but for the one that is the hash of today."""
    if kind != PHONE:
        return []
    place = f"contacts_identity.{kind}"
    return [keys.index(form, place=place) for form in forms_of(value) if form != one_form(value)]


def _known(wanted: set[Key]) -> _Known:
    known = _Known()
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                # Whoever is to be forgotten is not known any more: who writes under that name is somebody new.
                "SELECT i.kind, i.value_hash, i.id, i.contact_id, coalesce(c.merged_into_id, c.id), i.valid_from, i.valid_to,"
                " NULL, i.account FROM contacts_identity i"
                " JOIN contacts_contact c ON c.id = i.contact_id AND c.erasing_at IS NULL"
                " WHERE i.workspace_id = %s AND i.value_hash = ANY(%b::bytea[])",
                [current_workspace_id(), sorted({digest for _, digest in wanted})],
            )
            for kind, digest, *rest in cursor.fetchall():
                known.add((kind, bytes(digest)), _Held(*rest))
    return known


def _learn_ids(named: Sequence[list[tuple[Key, str]]], known: _Known) -> None:
    """Learn by which ids accounts know those who hold a number that comes with an id that is not theirs."""
    wanted = set()
    for some in named:
        kinds = {key[0]: key for key, _ in some}
        if BSUID in kinds and PHONE in kinds:
            ids = {held.root for held in known.held.get(kinds[BSUID], [])}
            wanted |= {held.root for held in known.held.get(kinds[PHONE], [])} - ids
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.id, c.id, coalesce(c.merged_into_id, c.id), i.valid_from, i.valid_to, NULL, i.account"
                " FROM contacts_identity i JOIN contacts_contact c ON c.id = i.contact_id WHERE i.workspace_id = %s AND i.kind = 'bsuid'"
                " AND i.valid_to IS NULL AND i.account <> '' AND (c.id = ANY(%b::uuid[]) OR c.merged_into_id = ANY(%b::uuid[]))",
                [current_workspace_id(), sorted(wanted), sorted(wanted)],
            )
            for row in cursor.fetchall():
                held = _Held(*row)
                known.ids.setdefault(held.root, []).append(held)


def _place(sighting: Sighting, named: list[tuple[Key, str]], known: _Known, changes: _Changes) -> UUID | None:
    found = {key: held for key, _ in named if (held := known.at(key, sighting.at))}
    if not found and (not sighting.create or not named):
        return None
    before = _other_hands(sighting, named, found, known)
    has_phone = _let_go(sighting, before, found) if before is not None and sighting.create else True
    first = next(iter(found.values()), None)
    contact, root = (first.contact, first.root) if first else (new_id(), None)
    if first is None:
        changes.contacts.append((contact, sighting.group is not None, sighting.source))
    _compare(sighting, found, contact, changes)
    if before is not None and before.contact != contact:
        changes.likenesses.add((min(contact, before.contact), max(contact, before.contact), "same_number"))
    for key, value in named:
        if key in found or (key[0] == PHONE and not has_phone) or (before is not None and not sighting.create):
            continue
        # What was named beside an identity that has ended since has ended with it.
        until = first.until if first and first.until and first.until >= sighting.at else None
        if before is not None and key[0] == PHONE and sighting.at < before.since:
            until = before.since - JUST_BEFORE
        account = sighting.account if key[0] == BSUID else ""
        held = _Held(new_id(), contact, root or contact, sighting.at, until, value, account, sighting.source)
        known.add(key, held)
    return contact


def _compare(sighting: Sighting, found: dict[Key, _Held], contact: UUID, changes: _Changes) -> None:
    """Remember whom this names in one breath, and that they were known by these names then already."""
    first = next(iter(found.values()), None)
    for (kind, _), held in found.items():
        assert first is not None
        if held.root != first.root:
            if kind == PHONE and held.until is None:
                changes.together[(held.contact, contact)] = abs(sighting.at - held.since)
            else:
                changes.likenesses.add((min(contact, held.contact), max(contact, held.contact), "named_together"))
        if sighting.at < held.since:
            held.since, held.changed = sighting.at, True


def _other_hands(
    sighting: Sighting, named: list[tuple[Key, str]], found: dict[Key, _Held], known: _Known
) -> _Held | None:
    """Return who holds the number that this names, where nothing else that it names is theirs and this account knows them
    by another id: the number has changed hands. An id that they got only after they had left the number says nothing."""
    kinds = {key[0]: key for key, _ in named}
    held = found.get(kinds.get(PHONE, (PHONE, b"")))
    if held is None or BSUID not in kinds:
        return None
    if any(other.root == held.root for other in found.values() if other is not held):
        return None
    ids = [one for one in known.ids.get(held.root, ()) if one.account and one.account == sighting.account]
    return held if any(held.until is None or one.since < held.until for one in ids) else None


def _let_go(sighting: Sighting, before: _Held, found: dict[Key, _Held]) -> bool:
    """Take a number from who held it before, or leave what came later to who holds it now. Return whether whom this
    names has it then: not where its holder's time had an end already."""
    for key in [key for key, held in found.items() if held is before]:
        del found[key]
    if sighting.at < before.since:
        return True
    if before.until is not None:
        return False
    before.until, before.changed = sighting.at - JUST_BEFORE, True
    return True


def _write(changes: _Changes, known: _Known) -> None:
    workspace = current_workspace_id()
    held = [(key, one) for key, some in known.held.items() for one in some]
    with connection.cursor() as cursor:
        if changes.contacts:
            cursor.execute(
                "INSERT INTO contacts_contact (id, workspace_id, is_group, source, name_tokens, created_at, changed_at)"
                " SELECT id, %s, is_group, source, '{}', %s, %s FROM unnest(%b::uuid[], %s::bool[], %s::text[])"
                " AS new (id, is_group, source)",
                [workspace, now(), now(), *map(list, zip(*changes.contacts, strict=True))],
            )
        if changed := [one for _, one in held if one.changed and one.value is None]:
            cursor.execute(
                "UPDATE contacts_identity i SET valid_from = LEAST(i.valid_from, new.since), valid_to = new.until"
                " FROM unnest(%b::uuid[], %b::timestamptz[], %b::timestamptz[]) AS new (id, since, until)"
                " WHERE i.id = new.id AND i.workspace_id = %s",
                [
                    [one.id for one in changed],
                    [one.since for one in changed],
                    [one.until for one in changed],
                    workspace,
                ],
            )
    _keep_identities([(key, one) for key, one in held if one.value is not None])
    note_likenesses(changes.likenesses)
    for (phone_holder, id_holder), apart in sorted(changes.together.items()):
        join_if_certain(phone_holder, id_holder, apart=apart)


def _keep_identities(new: Sequence[tuple[Key, _Held]]) -> None:
    """Write identities that nobody has at their time."""
    if not new:
        return
    seal = Identity._meta.get_field("value").seal
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_identity"
            " (id, workspace_id, contact_id, kind, value, value_hash, account, valid_from, valid_to, source)"
            " SELECT id, %s, contact, kind, value, hash, account, since, until, source FROM unnest(%b::uuid[],"
            " %b::uuid[], %s::text[], %b::bytea[], %b::bytea[], %s::text[], %b::timestamptz[], %b::timestamptz[],"
            " %s::text[]) AS new (id, contact, kind, value, hash, account, since, until, source)",
            [
                current_workspace_id(),
                [one.id for _, one in new],
                [one.contact for _, one in new],
                [kind for (kind, _), _ in new],
                [seal(one.value) for _, one in new],
                [digest for (_, digest), _ in new],
                [one.account for _, one in new],
                [one.since for _, one in new],
                [one.until for _, one in new],
                [one.source for _, one in new],
            ],
        )
