"""The books of a number: what came at its door, and what became of it."""

import time
from dataclasses import dataclass
from typing import Any

from tests.live import LiveHouse

# What these rules ignore belongs to no number of ours, so no number's books hold it.
NOBODYS = ("unknown-number", "signed-by-another-app")


@dataclass(frozen=True)
class Books:
    """A number's counts. `deliveries` are distinct bodies, `parked` those that nobody could read, `waiting` those that
    nobody has read yet; `held` are facts whose message is still to come; `told` is how many events the deliveries themselves say they held, and the rest is counted
    apart from them, in the tally."""

    deliveries: int
    waiting: int
    parked: int
    told: int
    came: int
    applied: int
    ignored: int
    gaps: int
    held: int
    doubled: int

    def trouble(self) -> list[str]:
        """Return what does not add up, nothing where all does."""
        found = {
            f"{self.waiting} deliveries were not read": self.waiting,
            f"{self.parked} deliveries were parked": self.parked,
            f"{self.doubled} messages are there twice": self.doubled,
            f"{self.told} events were delivered and {self.came} counted": self.told != self.came,
            f"{self.came} came and {self.applied} + {self.ignored} + {self.gaps} + {self.held} are accounted for": (
                self.came != self.applied + self.ignored + self.gaps + self.held
            ),
        }
        return [what for what, is_so in found.items() if is_so]

    def words(self) -> str:
        """Return the books in a line."""
        return (
            f"{self.deliveries:,} deliveries, {self.came:,} events = {self.applied:,} applied"
            f" + {self.ignored:,} ignored by rule + {self.gaps:,} gaps + {self.held:,} that wait for their message"
        )


def books(house: LiveHouse) -> Books:
    """Return the books of the house's number as they stand."""
    return Books(**_counts(house))


def closed_books(house: LiveHouse, *, within_s: float = 60.0) -> Books:
    """Return the books once every delivery was read, or as they stand when that does not come nearer any more."""
    least, until = None, time.monotonic() + within_s
    while (found := books(house)).waiting and time.monotonic() < until:
        if least is None or found.waiting < least:
            least, until = found.waiting, time.monotonic() + within_s
        time.sleep(0.2)
    return found


def _counts(house: LiveHouse) -> dict[str, int]:
    counts: dict[str, int] = {}
    with house.live.database() as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")  # one instant for all of them
        for query in _QUERIES:
            cursor = connection.execute(query, {"channel": house.channel, "nobodys": list(NOBODYS)})
            assert cursor.description is not None
            row: tuple[Any, ...] | None = cursor.fetchone()
            assert row is not None
            counts |= {column.name: int(value) for column, value in zip(cursor.description, row, strict=True)}
        connection.execute("COMMIT")
    return counts


_DELIVERIES = """
SELECT count(*) AS deliveries, count(*) FILTER (WHERE digested_at IS NULL AND parked_at IS NULL) AS waiting,
    count(*) FILTER (WHERE parked_at IS NOT NULL) AS parked
FROM ingest_delivery WHERE channel_id = %(channel)s
"""
_TOLD = """
SELECT count(*) FILTER (WHERE line->>'rule' <> ALL(%(nobodys)s)) AS told
FROM ingest_delivery, jsonb_array_elements(outcome) AS line WHERE channel_id = %(channel)s
"""
_COUNTED = """
SELECT coalesce(sum(count) FILTER (WHERE outcome = 'came'), 0) AS came,
    coalesce(sum(count) FILTER (WHERE outcome = 'applied'), 0) AS applied,
    coalesce(sum(count) FILTER (WHERE outcome = 'ignored'), 0) AS ignored,
    coalesce(sum(count) FILTER (WHERE outcome = 'gap'), 0) AS gaps
FROM inbox_tally WHERE channel_id = %(channel)s
"""
_DOUBLED = """
SELECT count(external_hash) - count(DISTINCT external_hash) AS doubled FROM inbox_message WHERE channel_id = %(channel)s
"""
_HELD = """
SELECT count(*) AS held FROM inbox_pendingchange WHERE channel_id = %(channel)s
"""
_QUERIES = (_DELIVERIES, _TOLD, _COUNTED, _HELD, _DOUBLED)
