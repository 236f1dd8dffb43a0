"""The digest lane: turns stored deliveries into conversations, in batches, each delivery exactly once.

A batch is claimed, parsed and applied in one transaction, so that a crash leaves it as it was. A delivery that breaks
its batch is tried alone, then again later, then parked in the gap ledger: seen, never dropped.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from troth.base.clock import now
from troth.base.keystore import KeysMissing
from troth.base.sealing import INSTALLATION, ring
from troth.channels.contract import Event
from troth.channels.registry import parse_delivery
from troth.inbox.receive import Arrival, Outcome, apply
from troth.ingest.routes import Route, routes_for
from troth.ingest.writer import BODY
from troth.workspaces.scope import scope

BATCH = 500
TRIES_MAX = 3
RETRY_AFTER = timedelta(seconds=20)
KEPT = timedelta(days=8)  # Meta repeats a delivery for up to seven days

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Claimed:
    id: UUID
    secret_hash: bytes
    sealed: bytes
    received_at: datetime
    attempts: int
    changes: list[tuple[Event, Arrival | None, Outcome | None]] = field(default_factory=list)


def digest_batch(*, limit: int = BATCH) -> int:
    """Digest up to this many waiting deliveries and return how many were claimed."""
    try:
        return _digest(limit)
    except Exception as failure:
        if limit == 1:
            raise
        log.warning("digest.batch_failed", extra={"error": type(failure).__name__})
    return _one_by_one(limit)


def _digest(limit: int) -> int:
    with transaction.atomic():
        claimed = _claim(limit)
        if not claimed:
            return 0
        _read(claimed)
        _apply(claimed)
        _finish(claimed)
    return len(claimed)


def _claim(limit: int, *, only: UUID | None = None) -> list[_Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, secret_hash, body, received_at, attempts FROM ingest_delivery"
            " WHERE digested_at IS NULL AND parked_at IS NULL AND (attempts = 0 OR received_at < %s)"
            " AND (%s::uuid IS NULL OR id = %s) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED",
            [now() - RETRY_AFTER, only, only, limit],
        )
        return [_Claimed(row[0], bytes(row[1]), bytes(row[2]), row[3], row[4]) for row in cursor.fetchall()]


def _read(claimed: Sequence[_Claimed]) -> None:
    """Parse all bodies and route each event to its channel, by a secret that the channel knows too."""
    keys = ring(INSTALLATION)
    parsed = [(one, parse_delivery("cloud", keys.unseal(one.sealed, place=BODY))) for one in claimed]
    routes = routes_for([event for _, events in parsed for event in events])
    for one, events in parsed:
        for event in events:
            found = routes.of(event)
            allowed = [route for route in found if route.signed_by(one.secret_hash)]
            if not allowed:
                rule = "signed-by-another-app" if found else "unknown-number"
                one.changes.append((event, None, Outcome("ignored", rule)))
            for route in allowed:
                one.changes.append((event, _Routed(route.channel_id, event, one.received_at, route), None))


class _Routed(Arrival):
    """An arrival that remembers its workspace."""

    __slots__ = ("workspace_id",)

    def __init__(self, channel_id: UUID, event: Event, received_at: datetime, route: Route) -> None:
        super().__init__(channel_id, event, received_at)
        self.workspace_id = route.workspace_id


def _apply(claimed: Sequence[_Claimed]) -> None:
    by_workspace: dict[UUID, list[Arrival]] = defaultdict(list)
    for one in claimed:
        for _, arrival, _ in one.changes:
            if isinstance(arrival, _Routed):
                by_workspace[arrival.workspace_id].append(arrival)
    for workspace_id in sorted(by_workspace):
        try:
            with scope(workspace_id):
                apply(by_workspace[workspace_id])
        except KeysMissing:
            for arrival in by_workspace[workspace_id]:
                arrival.ignored("workspace-is-gone")


def _finish(claimed: Sequence[_Claimed]) -> None:
    """Erase the bodies and keep what became of each change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery d SET body = NULL, digested_at = %s, outcome = v.outcome::jsonb"
            " FROM unnest(%b::uuid[], %s::text[]) AS v (id, outcome) WHERE d.id = v.id",
            [now(), [one.id for one in claimed], [_report(one) for one in claimed]],
        )


def _report(one: _Claimed) -> str:
    """Return what became of each change, in our own words, without content."""
    lines: list[dict[str, Any]] = []
    for event, arrival, outcome in one.changes:
        outcome = arrival.outcome if arrival is not None else outcome
        outcome = outcome or Outcome("gap", "nothing-was-done")
        lines.append(
            {
                "n": event.change,
                "field": event.field[:40],
                "event": type(event).__name__,
                "outcome": outcome.result,
                "rule": outcome.rule,
            }
        )
    return msgspec.json.encode(lines).decode()


def _one_by_one(limit: int) -> int:
    """Digest each delivery of a broken batch alone; count the tries of those that still break."""
    with transaction.atomic():
        ids = [one.id for one in _claim(limit)]
    done = 0
    for id in ids:
        try:
            with transaction.atomic():
                claimed = _claim(1, only=id)
                _read(claimed)
                _apply(claimed)
                _finish(claimed)
                done += len(claimed)
        except Exception as failure:
            _count_try(id, failure)
    return done


def _count_try(id: UUID, failure: Exception) -> None:
    log.error("digest.delivery_failed", extra={"delivery_id": str(id), "error": type(failure).__name__})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery SET attempts = attempts + 1, received_at = %s,"
            " parked_at = CASE WHEN attempts + 1 >= %s THEN %s::timestamptz END WHERE id = %s",
            [now(), TRIES_MAX, now(), id],
        )


def forget_old(timestamp: int = 0) -> int:
    """Delete the remains of deliveries that Meta no longer repeats, and return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ingest_delivery WHERE digested_at IS NOT NULL AND received_at < %s", [now() - KEPT]
        )
        return int(cursor.rowcount)
