"""Deliveries taken out of the door's table for digestion, and what is written of them afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.clock import now
from troth.channels.contract import Event
from troth.inbox.receive import Arrival, Outcome
from troth.ingest.models import Delivery

BYTES_MAX = 4 * 1024 * 1024  # of bodies in one batch: a body may be that large, and a thousand times its common size
RETRY_AFTER = timedelta(seconds=20)


@dataclass(slots=True)
class Claimed:
    """A delivery in work: its body as sealed, and each change with its arrival or, where it has none, its outcome."""

    id: UUID
    channel_id: UUID
    secret_hash: bytes
    sealed: bytes
    received_at: datetime
    changes: list[tuple[Event, Arrival | None, Outcome | None]] = field(default_factory=list)

    def body(self) -> bytes:
        """Return the body as it came. Raises: Unreadable."""
        body: bytes = Delivery._meta.get_field("body").unseal(self.sealed)
        return body


def claim_batch(limit: int) -> list[Claimed]:
    """Lock and return the oldest deliveries that nobody has tried yet, up to a number and a size."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH waiting AS (SELECT id, octet_length(body) AS size FROM ingest_delivery"
            " WHERE digested_at IS NULL AND parked_at IS NULL AND attempts = 0"
            " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED),"
            " sized AS (SELECT id, sum(size) OVER (ORDER BY id) - size AS before FROM waiting)"
            " SELECT d.id, d.channel_id, d.secret_hash, d.body, d.received_at"
            " FROM ingest_delivery d JOIN sized USING (id) WHERE before < %s ORDER BY d.id",
            [limit, BYTES_MAX],
        )
        return _claimed(cursor.fetchall())


def claim_one(id: UUID) -> list[Claimed]:
    """Lock and return one delivery, or none where somebody else has it or it is done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, channel_id, secret_hash, body, received_at FROM ingest_delivery"
            " WHERE id = %s AND digested_at IS NULL AND parked_at IS NULL FOR UPDATE SKIP LOCKED",
            [id],
        )
        return _claimed(cursor.fetchall())


def _claimed(rows: Sequence[tuple[Any, ...]]) -> list[Claimed]:
    return [Claimed(id, channel, bytes(secret), bytes(body), at) for id, channel, secret, body, at in rows]


def waiting_ids(limit: int) -> list[UUID]:
    """Return the oldest deliveries that nobody has tried yet."""
    return list(_waiting().filter(attempts=0).order_by("id").values_list("id", flat=True)[:limit])


def ids_due_again() -> list[UUID]:
    """Return the deliveries that broke before and have rested since."""
    due = _waiting().filter(attempts__gt=0, tried_at__lt=now() - RETRY_AFTER)
    return list(due.order_by("tried_at").values_list("id", flat=True)[:20])


def _waiting() -> Any:
    return Delivery.objects.filter(digested_at=None, parked_at=None)


def count_try(id: UUID) -> int:
    """Write that a delivery could not be digested, and return how often that is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery SET attempts = attempts + 1, tried_at = %s WHERE id = %s RETURNING attempts",
            [now(), id],
        )
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def finish(claimed: Sequence[Claimed]) -> None:
    """Erase the bodies and keep what became of each change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery d SET body = NULL, digested_at = %s, outcome = v.outcome::jsonb"
            " FROM unnest(%b::uuid[], %s::text[]) AS v (id, outcome) WHERE d.id = v.id",
            [now(), [one.id for one in claimed], [_report(one) for one in claimed]],
        )


def _report(one: Claimed) -> str:
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
