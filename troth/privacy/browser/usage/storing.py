"""Storing what was counted, forgetting it in time, and the switch that ends it."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, close_old_connections, connection

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import INSTALLATION, store
from troth.base.usage import Key
from troth.privacy.models import UsageCount, UsageOptOut
from troth.workspaces.models import Membership, Workspace
from troth.workspaces.scope import current_workspace_id, scope

KEPT = timedelta(days=396)  # thirteen months: this month can be compared with the same of last year
_ADD = """
INSERT INTO privacy_usagecount AS kept (id, workspace_id, day, event, count)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::int[])
WHERE NOT EXISTS (SELECT 1 FROM privacy_usageoptout WHERE workspace_id = %s)
  AND EXISTS (SELECT 1 FROM workspaces_workspace)  -- it may have been erased a moment ago
ON CONFLICT (workspace_id, day, event) DO UPDATE SET count = kept.count + excluded.count
"""


def add(counts: Mapping[Key, int]) -> None:
    """Add to the counters: one statement for each workspace, and none for a workspace that does not want it."""
    by_workspace: dict[UUID, list[tuple[date, str, int]]] = defaultdict(list)
    for (workspace_id, day, event), count in counts.items():
        by_workspace[workspace_id].append((day, event, count))
    close_old_connections()
    try:
        for workspace_id, rows in by_workspace.items():
            _add(workspace_id, rows)
    finally:
        close_old_connections()


def _add(workspace_id: UUID, rows: list[tuple[date, str, int]]) -> None:
    try:
        with scope(workspace_id), connection.cursor() as cursor:
            if not Workspace.objects.exists():
                return  # it was erased a moment ago
            _one_at_a_time()
            ids, days = [new_id() for _ in rows], [day for day, _, _ in rows]
            events, counts = [event for _, event, _ in rows], [count for _, _, count in rows]
            cursor.execute(_ADD, [ids, [workspace_id] * len(rows), days, events, counts, workspace_id])
    except IntegrityError:
        return  # it was erased in this very moment


def is_counted() -> bool:
    """Return whether the workspace in scope is counted."""
    return not UsageOptOut.objects.exists()


def switch_off(*, by: Membership) -> None:
    """End the counting of the workspace in scope, and delete what was counted."""
    _one_at_a_time()
    if UsageOptOut.objects.exists():
        return
    UsageOptOut.objects.create(by=by)
    UsageCount.objects.all().delete()
    record("usage.switched_off", by=Actor.member(by.id))


def switch_on(*, by: Membership) -> None:
    """Count again from now on."""
    if UsageOptOut.objects.all().delete()[0]:
        record("usage.switched_on", by=Actor.member(by.id))


def forget_old(timestamp: int = 0) -> int:
    """Delete counters that are older than thirteen months, in every workspace; return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    return sum(_forget_in(UUID(name)) for name in store().rings() if name != INSTALLATION)


def _forget_in(workspace_id: UUID) -> int:
    with scope(workspace_id):
        return UsageCount.objects.filter(day__lt=now().date() - KEPT).delete()[0]


def _one_at_a_time() -> None:
    # What was gathered before the switch must not be written after it.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('usage' || %s, 0))", [str(current_workspace_id())]
        )
