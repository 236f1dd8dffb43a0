"""Who was forgotten must not come back by itself: asked by keyed hash before anybody is recognised.

A person's own act after the erasure is somebody new's; anything that happened before it is dropped, however late it
comes and whoever brings it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection

from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.contacts.recognise import Key, former_hashes, identity_hash, keys_of
from troth.contacts.sighting import Sighting
from troth.workspaces.scope import current_workspace_id

Erased = Mapping[Key, datetime]  # since when each way of naming somebody is forgotten


def erased_among(sightings: Iterable[Sighting]) -> Erased:
    """Return which of the ways in which these name people were forgotten, and when. One query."""
    keys = ring()
    return erased_among_ways({way for sighting in sightings for way in keys_of(keys, sighting)})


def erased_among_ways(ways: Collection[tuple[Key, str]]) -> Erased:
    """Return which of these ways of naming somebody (a keyed hash, and what it is of) stand for somebody who was forgotten.

    Of whom was forgotten before all ways to write a number had one hash, only the hash of one way is left; it counts for
    all of them.
    """
    keys = ring()
    meant = {key: key for key, _ in ways}
    meant |= {(key[0], old): key for key, value in ways for old in former_hashes(keys, key[0], value)}
    erased: dict[Key, datetime] = {}
    for found, at in erased_among_keys(meant).items():
        key = meant[found]
        erased[key] = max(at, erased.get(key, at))
    return erased


def erased_among_keys(wanted: Collection[Key]) -> Erased:
    """Return which of these keyed hashes stand for somebody who was forgotten, and when."""
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, value_hash, max(erased_at) FROM contacts_suppression"
            " WHERE workspace_id = %s AND value_hash = ANY(%b::bytea[]) GROUP BY kind, value_hash",
            [current_workspace_id(), sorted({digest for _, digest in wanted})],
        )
        return {key: at for kind, digest, at in cursor.fetchall() if (key := (kind, bytes(digest))) in wanted}


def forgotten_since(sighting: Sighting, erased: Erased) -> datetime | None:
    """Return since when the person whom this names is forgotten, None for somebody who is not."""
    found = [erased[key] for key, _ in keys_of(ring(), sighting) if key in erased]
    return max(found, default=None)


def is_suppressed(kind: str, value: str) -> bool:
    """Return whether somebody known in this way was forgotten: no import or sync may bring them in.

    `kind` is an IdentityKind; phones are digits with a plus, ids verbatim.
    """
    return bool(erased_among_ways({((kind, identity_hash(ring(), kind, value)), value)}))


def suppress(ends: Mapping[Key, datetime], *, erasure_id: UUID) -> int:
    """Remember until when somebody was known in these ways who is forgotten now; return how many were new.

    A number that the person had given up long ago is forgotten as of then: it may be somebody else's since.
    """
    ordered = sorted(ends.items())
    if not ordered:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_suppression (id, workspace_id, kind, value_hash, erased_at, erasure_id)"
            " SELECT id, %s, kind, hash, at, %s FROM unnest(%b::uuid[], %s::text[], %b::bytea[], %b::timestamptz[])"
            " AS new (id, kind, hash, at) ON CONFLICT DO NOTHING",
            [
                current_workspace_id(),
                erasure_id,
                [new_id() for _ in ordered],
                [kind for (kind, _), _ in ordered],
                [digest for (_, digest), _ in ordered],
                [at for _, at in ordered],
            ],
        )
        return int(cursor.rowcount)
