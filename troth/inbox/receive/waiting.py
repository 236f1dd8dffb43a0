"""Gives up on facts whose message never came: each becomes a gap, named and counted, and is no longer kept."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from troth.base.clock import now
from troth.base.sealing import INSTALLATION, store
from troth.inbox.heads import poke_shown
from troth.inbox.models import Gap, PendingChange
from troth.inbox.receive import tallies
from troth.inbox.receive.arrival import FORGOTTEN, Outcome
from troth.inbox.receive.gaps import place_of_ways
from troth.workspaces.scope import scope

KEPT = timedelta(days=8)  # Meta repeats deliveries for up to seven days
BATCH = 1_000
REASON = "its-message-never-came"


def give_up(timestamp: int = 0) -> int:
    """Turn facts that have waited for eight days into gaps, in every workspace; return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    return sum(_give_up_in(UUID(name)) for name in store().rings() if name != INSTALLATION)


def _give_up_in(workspace_id: UUID) -> int:
    with scope(workspace_id):
        old = PendingChange.objects.select_for_update(skip_locked=True).filter(created_at__lt=now() - KEPT)
        waiting = list(old.order_by("created_at")[:BATCH])
        gaps = [_gap(one) for one in waiting]
        Gap.objects.bulk_create(gaps, ignore_conflicts=True)
        PendingChange.objects.filter(id__in=[one.id for one in waiting]).delete()
        _count(waiting, Outcome("gap", REASON))
        for gap in gaps:
            if gap.conversation_id is not None:
                poke_shown(gap.conversation_id, channel_id=gap.channel_id)
        return len(waiting)


def drop_waiting(ids: Sequence[UUID]) -> None:
    """Delete these waiting facts of the workspace in scope, which are about somebody who is forgotten."""
    rows = list(PendingChange.objects.select_for_update().filter(id__in=ids).only("channel_id", "created_at"))
    PendingChange.objects.filter(id__in=[one.id for one in rows]).delete()
    _count(rows, Outcome("ignored", FORGOTTEN))


def _count(rows: Sequence[PendingChange], outcome: Outcome) -> None:
    tallies.keep_settled([tallies.Settled(one.channel_id, one.created_at.date(), outcome) for one in rows])


def _gap(one: PendingChange) -> Gap:
    """Return the gap that takes a fact's place, in the thread of whoever it names."""
    return Gap(
        channel_id=one.channel_id,
        conversation_id=place_of_ways(one.channel_id, one.detail.get("who") or ()),
        reason=REASON,
        field=one.kind,
        raw=one.detail,
        at=one.at,
        once_hash=one.once_hash,
    )
