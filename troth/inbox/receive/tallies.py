"""Counting what came in and what became of it, in the transaction that applies it."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.receive.arrival import Arrival
from troth.workspaces.scope import current_workspace_id

CAME = "came"
RULE_CHARS_MAX = 40


def keep(arrivals: Sequence[Arrival]) -> None:
    """Count these arrivals as come, and each outcome that they have. One without an outcome leaves the books out of
    balance, which the page of gaps shows in red."""
    counts = Counter((one.channel_id, CAME, "") for one in arrivals)
    counts.update(
        (one.channel_id, one.outcome.result, one.outcome.rule[:RULE_CHARS_MAX]) for one in arrivals if one.outcome
    )
    _add(counts)


def keep_lost(channel: UUID) -> None:
    """Count a whole delivery that could not be read."""
    _add(Counter({(channel, CAME, ""): 1, (channel, "gap", "delivery-parked"): 1}))


def _add(counts: "Counter[tuple[UUID, str, str]]") -> None:
    if not counts:
        return
    # In one order everywhere, so that two who count do not wait for each other.
    rows = sorted(counts.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_tally AS t (id, workspace_id, channel_id, day, outcome, rule, count)"
            " SELECT v.id, %s, v.channel, %s, v.outcome, v.rule, v.count"
            " FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bigint[])"
            " AS v (id, channel, outcome, rule, count)"
            " ON CONFLICT (workspace_id, channel_id, day, outcome, rule) DO UPDATE SET count = t.count + excluded.count",
            [
                current_workspace_id(),
                now().date(),
                [new_id() for _ in rows],
                [key[0] for key, _ in rows],
                [key[1] for key, _ in rows],
                [key[2] for key, _ in rows],
                [count for _, count in rows],
            ],
        )
