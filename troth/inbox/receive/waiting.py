"""Gives up on facts whose message never came: each becomes a gap, named and counted, and is no longer kept."""

from datetime import timedelta
from uuid import UUID

from troth.base.clock import now
from troth.base.sealing import INSTALLATION, store
from troth.inbox.models import Gap, PendingChange
from troth.workspaces.scope import scope

KEPT = timedelta(days=8)  # Meta repeats deliveries for up to seven days
BATCH = 1_000


def give_up(timestamp: int = 0) -> int:
    """Turn facts that have waited for eight days into gaps, in every workspace; return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    return sum(_give_up_in(UUID(name)) for name in store().rings() if name != INSTALLATION)


def _give_up_in(workspace_id: UUID) -> int:
    with scope(workspace_id):
        waiting = list(PendingChange.objects.filter(created_at__lt=now() - KEPT).order_by("created_at")[:BATCH])
        gaps = [
            Gap(
                channel_id=one.channel_id,
                reason="its-message-never-came",
                field=one.kind,
                raw=one.detail,
                at=one.at,
                once_hash=one.once_hash,
            )
            for one in waiting
        ]
        Gap.objects.bulk_create(gaps, ignore_conflicts=True)
        PendingChange.objects.filter(id__in=[one.id for one in waiting]).delete()
        return len(waiting)
