"""Runs the steps of an erasure, one bounded batch in one transaction, each with its checkpoint: whatever is killed goes
on where it was, and what is counted was done.

What cannot be in a transaction (the tombstone's file, the key ring, media) is done in a step of its own before the
checkpoint is written, and is harmless to repeat. Where it may have to wait for a store elsewhere, it is done before the
transaction begins.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.logs import ID, declare, event
from troth.base.sealing import INSTALLATION, store
from troth.privacy.forgetting.deadlines import BACKUPS
from troth.privacy.models import Erasure, ErasureState, SubjectKind
from troth.workspaces.scope import scope

TOLD = ("blocks_left",)  # the facts that the certificate tells; all others go with the subject

log = logging.getLogger(__name__)
declare("erasure.failed", level=logging.ERROR, erasure_id=ID)
declare("erasure.done", level=logging.INFO, erasure_id=ID)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch did: rows by table; where the next one begins; whether there is none; whether a hold stands in the
    way, so that the step has to be tried again later."""

    counts: Mapping[str, int] = field(default_factory=dict)
    cursor: str = ""
    done: bool = True
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `batch` does a bounded part of it, given the erasure with the cursor of the batch before. `outside` says
    that it is done outside of any transaction."""

    name: str
    batch: Callable[[Erasure], Batch]
    outside: bool = False


Steps = Callable[[], Sequence[Step]]
# What is done before the steps, outside of any transaction, given the ids of the erasure and of its workspace; it returns
# whether the erasure may go on now.
Before = Callable[[UUID, UUID], bool]
_steps: dict[str, Steps] = {}
_before: dict[str, Before] = {}


def register_steps(kind: SubjectKind, steps: Steps) -> None:
    """Name the steps of a kind of erasure. Called once for each, from `ready`."""
    _steps[kind.value] = steps


def register_before(kind: SubjectKind, before: Before) -> None:
    """Name what is done before the steps of a kind of erasure. Called once for each, from `ready`."""
    _before[kind.value] = before


def sweep(timestamp: int = 0) -> int:
    """Purge all that is due, everywhere, and say of what was purged long ago that backups are gone too. Return how many
    were purged. `timestamp` is what the job queue passes to every scheduled job."""
    done = 0
    for workspace_id in [None, *(UUID(name) for name in store().rings() if name != INSTALLATION)]:
        with place(workspace_id):
            ids = list(Erasure.objects.filter(workspace_id=workspace_id).filter(_due()).values_list("id", flat=True))
            _certify(workspace_id)
        done += sum(_attempt(id, workspace_id) for id in ids)
    return done


@contextmanager
def place(workspace_id: UUID | None) -> Iterator[None]:
    """Be where an erasure's row is: in its workspace's scope, or outside of any."""
    with transaction.atomic():
        if workspace_id is None:
            yield
        else:
            with scope(workspace_id):
                yield


def purge(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    """Purge one erasure as far as holds let it; return whether it is done. Safe to repeat and to be killed."""
    if not _begin(erasure_id, workspace_id) or not _may_go_on(erasure_id, workspace_id):
        return False
    while _advance(erasure_id, workspace_id):
        pass
    return _finish(erasure_id, workspace_id)


def locked(erasure_id: UUID, workspace_id: UUID | None) -> Erasure:
    """Return an erasure once nobody else decides about it. Raises: Erasure.DoesNotExist."""
    return Erasure.objects.select_for_update().get(id=erasure_id, workspace_id=workspace_id)


def _due() -> Q:
    return Q(state=ErasureState.PURGING) | Q(state=ErasureState.RESTRICTED, undo_until__lte=now())


def _attempt(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    try:
        done = purge(erasure_id, workspace_id)
    except Exception as failure:  # noqa: BLE001  # what breaks one erasure must not keep the others from being done
        event(log, "erasure.failed", erasure_id=erasure_id, exc_info=failure)
        return False
    if done:
        event(log, "erasure.done", erasure_id=erasure_id)
    return done


def _begin(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    """Decide, once and for all, that it cannot be undone any more; return whether it goes on."""
    with place(workspace_id):
        erasure = locked(erasure_id, workspace_id)
        if erasure.state == ErasureState.PURGING:
            return True
        if erasure.state != ErasureState.RESTRICTED or now() < erasure.undo_until:
            return False
        erasure.state, erasure.purge_began_at = ErasureState.PURGING, now()
        erasure.save(update_fields=["state", "purge_began_at"])
        return True


def _may_go_on(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    with place(workspace_id):
        erasure = Erasure.objects.get(id=erasure_id, workspace_id=workspace_id)
        before = _before.get(erasure.subject_kind)
        if before is None or workspace_id is None or erasure.steps_done:
            return True
    return before(erasure_id, workspace_id)


def _advance(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    """Do one batch of the next step and write it down in the same transaction; return whether there was one to do."""
    with place(workspace_id):
        erasure = locked(erasure_id, workspace_id)
    ahead = _next_step(erasure)
    outside = ahead.batch(erasure) if ahead is not None and ahead.outside else None
    with transaction.atomic():
        with place(workspace_id):
            erasure = locked(erasure_id, workspace_id)
        step = _next_step(erasure)
        if step is None:
            return False
        if step.outside and (ahead is None or step.name != ahead.name):
            return True  # somebody else has come here meanwhile: look again
        batch = outside if step.outside and outside is not None else step.batch(erasure)
        if batch.waits:
            return False
        for label, count in batch.counts.items():
            erasure.counts[label] = erasure.counts.get(label, 0) + count
        erasure.cursor = "" if batch.done else batch.cursor
        if batch.done:
            erasure.steps_done = [*erasure.steps_done, step.name]
        with place(workspace_id):
            erasure.save(update_fields=["counts", "cursor", "steps_done", "facts"])
        return True


def _next_step(erasure: Erasure) -> Step | None:
    """Return what is to be done next for an erasure that is under way."""
    if erasure.state != ErasureState.PURGING:
        return None
    return next((one for one in _steps[erasure.subject_kind]() if one.name not in erasure.steps_done), None)


def _finish(erasure_id: UUID, workspace_id: UUID | None) -> bool:
    """Say that it is done, where every step is."""
    with place(workspace_id):
        erasure = locked(erasure_id, workspace_id)
        left = [one for one in _steps[erasure.subject_kind]() if one.name not in erasure.steps_done]
        if erasure.state != ErasureState.PURGING or left:
            return False
        erasure.state, erasure.purged_at = ErasureState.PURGED, now()
        erasure.backups_until = erasure.purged_at + BACKUPS
        erasure.facts = {key: value for key, value in erasure.facts.items() if key in TOLD}
        erasure.save(update_fields=["state", "purged_at", "backups_until", "facts"])
        record(f"{erasure.subject_kind}.erased", by=Actor.system(), target=(erasure.subject_kind, erasure.subject_id))
        return True


def _certify(workspace_id: UUID | None) -> None:
    """Say of erasures whose backups are gone by now that nothing is left."""
    over = Erasure.objects.filter(workspace_id=workspace_id, state=ErasureState.PURGED, backups_until__lte=now())
    over.update(state=ErasureState.CERTIFIED, certified_at=now())
