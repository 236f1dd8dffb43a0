"""Gives identities the hash that all ways to write one number have, where they still have that of one way only. It is done
a batch at a time by a job, since the numbers are sealed, and is done once: what comes later has the right hash.

Who turns out to be two contacts of one number is not merged by itself; the number stays with whom it named last.
"""

from uuid import UUID

from django.db import connection, transaction

from troth.base.clock import now
from troth.base.sealing import Unreadable, ring
from troth.contacts.likenesses import note_likenesses
from troth.contacts.models import Identity, IdentityKind
from troth.contacts.models.identity import OLD_FORM, ONE_FORM
from troth.contacts.recognise import identity_hash
from troth.workspaces.scope import scope

BATCH = 500


def rehash(timestamp: int = 0) -> int:
    """See to all workspaces; return how many hashes were another. `timestamp` is what the job queue passes to every
    scheduled job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hashes_old()")
        workspaces = [row[0] for row in cursor.fetchall()]
    return sum(rehash_one(workspace) for workspace in workspaces)


def rehash_one(workspace: UUID) -> int:
    """See to one workspace. Safe to stop and to repeat."""
    changed = 0
    while True:
        with scope(workspace), transaction.atomic():
            rows = Identity.objects.select_for_update(skip_locked=True).filter(hash_form=OLD_FORM)
            batch = list(rows.order_by("id")[:BATCH])
            changed += sum(_rehash(one) for one in batch)
        if not batch:
            return changed


def _rehash(one: Identity) -> bool:
    try:
        digest = identity_hash(ring(), one.kind, one.value)
    except Unreadable:
        digest = bytes(one.value_hash)  # nobody can read it any more, so nobody is known by it
    changed = digest != bytes(one.value_hash)
    if changed and one.valid_to is None:
        _make_way(one, digest)
    Identity.objects.filter(id=one.id).update(value_hash=digest, hash_form=ONE_FORM, valid_to=one.valid_to)
    return changed


def _make_way(one: Identity, digest: bytes) -> None:
    """Let only the newer of two be how somebody is known now."""
    other = (
        Identity.objects.filter(kind=IdentityKind.PHONE, value_hash=digest, valid_to=None).exclude(id=one.id).first()
    )
    if other is None:
        return
    if other.contact_id != one.contact_id:
        first, second = sorted((other.contact_id, one.contact_id))
        note_likenesses({(first, second, "one_number")})
    if other.valid_from >= one.valid_from:
        one.valid_to = max(one.valid_from, min(other.valid_from, now()))
    else:
        Identity.objects.filter(id=other.id).update(valid_to=one.valid_from)
