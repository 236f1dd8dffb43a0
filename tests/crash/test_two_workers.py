"""Two workers share the numbers: each number is one worker's alone, and another's as soon as that one is gone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.checks import all_is_well, drained
from tests.crash.houses import fast_house
from tests.crash.load import Storm
from tests.crash.outgoing import meter
from tests.crash.pen import Desk
from tests.crash.processes import stop
from tests.live import Live, LiveHouse

PER_SECOND = 60


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("two") as running:
        another_worker(running, "other")
        yield running


@pytest.mark.parametrize("end", ["killed", "stopped"])
def test_numbers_are_handed_over_and_nothing_is_sent_twice_nor_too_fast(
    end: str, live: Live, desk: Desk, tmp_path: Path
) -> None:
    house = fast_house(live, end, per_second=PER_SECOND, latency_ms=(100, 100))
    live.sandbox.set_behaviour(house.account_id, throughput_per_s=10 * PER_SECOND)
    with Storm(house, desk.pen(house), name=end, crowd=1, pause_s=0.05) as storm:
        storm.rage(deliveries=10, messages=PER_SECOND)
        for name in ("worker", "other"):
            assert len(lanes(house)) == 1
            if end == "killed":
                live.kill(name)
            else:
                stop(live, name)
            storm.rage(deliveries=10, messages=PER_SECOND)
            another_worker(live, name)
    drained(house)
    totals = all_is_well(storm, file=tmp_path / "ids")
    assert end == "killed" or totals.uncertain == 0
    # Half a second of two owners at once would already show. (How exact the pace is: test_send_pace.py.)
    assert meter(house)["worst_second_offered"] < 1.4 * PER_SECOND


def another_worker(live: Live, name: str) -> None:
    """Start one more worker, under this name."""
    first = live.processes.pop("worker", None)
    live.start("worker")
    live.processes[name] = live.processes.pop("worker")
    if first is not None:
        live.processes["worker"] = first


def lanes(house: LiveHouse) -> set[int]:
    """Return which workers are sending now for this number: those that have claimed the newest messages."""
    with house.live.database() as connection:
        rows = connection.execute(
            "SELECT DISTINCT lane FROM inbox_message WHERE channel_id = %s"
            " AND sending_at > (SELECT max(sending_at) FROM inbox_message WHERE channel_id = %s) - interval '0.3 s'",
            [house.channel, house.channel],
        ).fetchall()
    return {row[0] for row in rows}
