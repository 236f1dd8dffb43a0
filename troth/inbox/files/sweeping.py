"""What no row stands for is deleted from wherever files are kept, once a day: what a killed process left half written, and
what arrived at a store after it had been deleted there.

A row comes before its file, so a file of a living workspace that has none for a day is nobody's. Where we do not know the
workspace, nothing is deleted unless it was forgotten: the database may be the wrong one.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.conf import settings

from troth.base import tombstones
from troth.base.clock import now
from troth.base.logs import COUNT, ID, declare, event
from troth.base.sealing import store as keys
from troth.inbox.models import Attachment
from troth.media import store
from troth.media.keeping import Store
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

LIVES = timedelta(days=1)
AT_ONCE = 500

log = logging.getLogger(__name__)
declare("files.swept", level=logging.INFO, workspace_id=ID, count=COUNT)
declare("files.not_swept", level=logging.ERROR)


def sweep(timestamp: int = 0) -> int:
    """Delete what nobody's row stands for; return how many files that were. Also where files are no longer kept, since some
    may lie there yet. `timestamp` is what the job queue passes to every scheduled job."""
    store.in_folder().sweep_drafts()
    gone = 0
    for keeper in _keepers():
        try:
            gone += _sweep(keeper)
        except store.StoreAway as away:
            event(log, "files.not_swept", exc_info=away)
    return gone


def nobodys(keeper: Store, *, until: datetime) -> Iterator[tuple[UUID, list[UUID]]]:
    """Yield the ids of files that were written up to an instant and that no row stands for, by workspace."""
    living = set(keys().rings())
    forgotten = {one.subject_id for one in tombstones.read() if one.kind == tombstones.Kind.WORKSPACE}
    for workspace, ids in _files(keeper, until):
        for batch in _batches(ids):
            if str(workspace) in living:
                yield workspace, _without_rows(workspace, batch)
            elif workspace in forgotten:
                yield workspace, batch


def _keepers() -> list[Store]:
    return [store.in_folder(), *([store.in_bucket()] if settings.MEDIA_BUCKET else [])]


def _sweep(keeper: Store) -> int:
    gone = 0
    for workspace, ids in nobodys(keeper, until=now() - LIVES):
        if ids:
            keeper.remove(store.beginning(workspace, id) for id in ids)
            event(log, "files.swept", workspace_id=workspace, count=len(ids))
            gone += len(ids)
    return gone


def _files(keeper: Store, until: datetime) -> Iterator[tuple[UUID, Iterable[UUID]]]:
    """Yield the ids of files that were written up to an instant, by workspace."""
    owned = (store.owner_of(one.name) for one in keeper.kept(all_traces=True) if one.changed_at <= until)
    for workspace, found in groupby((one for one in owned if one is not None), key=lambda one: one[0]):
        yield workspace, (id for id, _ in groupby(id for _, id in found))


def _batches(ids: Iterable[UUID]) -> Iterator[list[UUID]]:
    batch: list[UUID] = []
    for id in ids:
        batch.append(id)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _without_rows(workspace: UUID, ids: list[UUID]) -> list[UUID]:
    """Return those that no row stands for, in a workspace that this database knows."""
    with scope(workspace):
        if not Workspace.objects.filter(id=workspace).exists():
            return []
        known = set(Attachment.objects.filter(id__in=ids).values_list("id", flat=True))
    return [id for id in ids if id not in known]
