"""Counting what came in and what became of it, in the transaction that applies it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.receive.arrival import WAITS, Arrival, Outcome
from troth.workspaces.scope import current_workspace_id

CAME = "came"
RULE_CHARS_MAX = 40


def keep(arrivals: Sequence[Arrival]) -> None:
    """Count these arrivals as come, and each outcome that they have. One without an outcome leaves the books out of
    balance, which the page of gaps shows in red. What waits for its message is counted once it waits no more."""
    today = now().date()
    counts = Counter((one.channel_id, today, CAME, "") for one in arrivals)
    counts.update(
        _line(one.channel_id, today, one.outcome)
        for one in arrivals
        if one.outcome is not None and one.outcome.rule != WAITS
    )
    _add(counts)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a fact that had waited since this day (UTC)."""

    channel: UUID
    came_on: date
    outcome: Outcome


def keep_settled(settled: Sequence[Settled]) -> None:
    """Count what became of facts that waited, under the day on which they came: so each day's books close."""
    _add(Counter(_line(one.channel, one.came_on, one.outcome) for one in settled))


def keep_lost(channel: UUID) -> None:
    """Count a whole delivery that could not be read."""
    today = now().date()
    _add(Counter({(channel, today, CAME, ""): 1, (channel, today, "gap", "delivery-parked"): 1}))


def drop_lost(channel: UUID, day: date) -> None:
    """Take back that a whole delivery of this day could not be read: it is read again, and counted by what it says."""
    _add(Counter({(channel, day, CAME, ""): -1, (channel, day, "gap", "delivery-parked"): -1}))


def _line(channel: UUID, day: date, outcome: Outcome) -> tuple[UUID, date, str, str]:
    return channel, day, outcome.result, outcome.rule[:RULE_CHARS_MAX]


def _add(counts: "Counter[tuple[UUID, date, str, str]]") -> None:
    if not counts:
        return
    # In one order everywhere, so that two who count do not wait for each other.
    rows = sorted(counts.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_tally AS t (id, workspace_id, channel_id, day, outcome, rule, count)"
            " SELECT v.id, %s, v.channel, v.day, v.outcome, v.rule, v.count"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::date[], %s::text[], %s::text[], %s::bigint[])"
            " AS v (id, channel, day, outcome, rule, count)"
            " ON CONFLICT (workspace_id, channel_id, day, outcome, rule) DO UPDATE SET count = t.count + excluded.count",
            [
                current_workspace_id(),
                [new_id() for _ in rows],
                [key[0] for key, _ in rows],
                [key[1] for key, _ in rows],
                [key[2] for key, _ in rows],
                [key[3] for key, _ in rows],
                [count for _, count in rows],
            ],
        )
