"""Forgets again, in a database that was restored from a backup, everybody whom the journal of tombstones names.

Runs before the product opens, as often as somebody likes. What was forgotten after the backup was taken stands in it
again as if nothing had been; it goes at once, without an undo time, since that is over.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from troth.accounts.models import User
from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.sealing import forget_ring, store
from troth.base.tombstones import Kind, Tombstone, read
from troth.contacts.models import Contact
from troth.contacts.suppressions import suppress
from troth.privacy.forgetting import former, members, workspaces
from troth.privacy.forgetting.contacts import request_erasure
from troth.privacy.forgetting.purge import purge
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope


def forget_again() -> int:
    """Forget everybody once more; return how many were still here."""
    found = read()
    gone = sum(_workspace(one) for one in found if one.kind == Kind.WORKSPACE)
    gone += _contacts(one for one in found if one.kind == Kind.CONTACT)
    gone += sum(_former(one) for one in found if one.kind == Kind.FORMER)
    return gone + sum(_member(one) for one in found if one.kind == Kind.MEMBER)


def _workspace(stone: Tombstone) -> bool:
    """Forget a workspace whose keys are gone, or go now: nothing that they sealed is read on the way."""
    store().destroy(str(stone.subject_id))  # a key store from a backup may have brought them back
    forget_ring(str(stone.subject_id))
    with scope(stone.subject_id):
        here = Workspace.objects.exists()
    if not here:
        return False
    erasure = workspaces.request_erasure(stone.subject_id, by=Actor.system(), has_keys=False)
    # Its holds had ended before its tombstone was written; the older database may not know that.
    Erasure.objects.filter(id=erasure.id, state=ErasureState.RESTRICTED).update(steps_done=["holds"])
    return _purge_at_once(erasure)


def _member(stone: Tombstone) -> bool:
    user = User.objects.filter(id=stone.subject_id, is_active=True).first()
    if user is None:
        return False
    # The person has left since; what kept a workspace from being without an owner was seen to then.
    return _purge_at_once(members.request_erasure(user.pk, by=Actor.system(), leaving=False))


def _former(stone: Tombstone) -> bool:
    if stone.workspace_id is None or str(stone.workspace_id) not in store().rings():
        return False
    with scope(stone.workspace_id):
        return former.forget_again(stone.subject_id)


def _purge_at_once(erasure: Erasure) -> bool:
    Erasure.objects.filter(id=erasure.id, state=ErasureState.RESTRICTED).update(undo_until=now())
    return purge(erasure.id, None)


def _contacts(stones: Iterable[Tombstone]) -> int:
    by_workspace: dict[UUID, list[Tombstone]] = defaultdict(list)
    for stone in stones:
        if stone.workspace_id is not None:
            by_workspace[stone.workspace_id].append(stone)
    rings = set(store().rings())
    here = [workspace for workspace in sorted(by_workspace) if str(workspace) in rings]
    return sum(_contact(workspace, stone) for workspace in here for stone in by_workspace[workspace])


def _contact(workspace_id: UUID, stone: Tombstone) -> bool:
    with scope(workspace_id):
        if not Workspace.objects.defer("name").exists():
            return False  # it was founded after the backup was taken
        suppress({_key(one): stone.erased_at for one in stone.hashes}, erasure_id=stone.subject_id)
        if not Contact.objects.filter(id=stone.subject_id).exists():
            return False
        erasure = request_erasure(stone.subject_id, by=Actor.system(), at=stone.erased_at)
        Erasure.objects.filter(id=erasure.id, state=ErasureState.RESTRICTED).update(undo_until=now())
    return purge(erasure.id, workspace_id)


def _key(word: str) -> tuple[str, bytes]:
    kind, _, digits = word.partition(":")
    return kind, bytes.fromhex(digits)
