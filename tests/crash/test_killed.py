"""Web, worker and database are killed in turn under load: nothing acknowledged is lost, nothing is sent twice."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.load import Agents, Customers, Worker, fast, found_once
from tests.crash.mortal import PARTS, Mortal, mortal
from tests.crash.outgoing import DONE, meter, states, times_taken, wait_until_all
from tests.crash.pen import Pen
from tests.live import LiveHouse, wait_until
from troth.inbox.models import MessageStatus as Is

UNDER_LOAD_S = 1.5
AWAY_S = 0.3
KILLS = 2
DRAINED_WITHIN_S = 40.0


@pytest.fixture(scope="module")
def live() -> Iterator[Mortal]:
    with mortal("killed") as running:
        yield running


@pytest.fixture
def house(live: Mortal, part: str) -> LiveHouse:
    made = live.house(f"House of {part}", **{f"Alice{part}": "owner"})
    fast(made, per_second=300, latency_ms=(20, 150))
    return made


@pytest.mark.parametrize("part", PARTS)
def test_killing_a_part_loses_nothing_and_sends_nothing_twice(
    part: str, live: Mortal, house: LiveHouse, tmp_path: Path
) -> None:
    with Pen(house) as pen:
        customers = [Customers(house, name=f"{part}{index}") for index in range(3)]
        agents = Agents(pen, name=part)
        workers = [*(Worker(one.step, close=one.close) for one in customers), Worker(agents.step)]
        for _ in range(KILLS):
            time.sleep(UNDER_LOAD_S)
            live.kill_part(part)
            time.sleep(AWAY_S)
            live.start_part(part)
        live.wait_for_web()
        time.sleep(UNDER_LOAD_S)
        for worker in workers:
            worker.stop()
    t=time.monotonic()
    drained(house)
    print("DRAIN",time.monotonic()-t,[c.answers for c in customers],len(agents.written),agents.refused, meter(house))
    acknowledged = [id for one in customers for id in one.acknowledged]
    assert len(acknowledged) > 1000
    assert found_once(house, acknowledged, file=tmp_path / "ids") == {
        "wanted": len(acknowledged),
        "found": len(acknowledged),
        "twice": 0,
        "others": 0,
    }
    all_sent_once_or_flagged(house, agents)


def all_sent_once_or_flagged(house: LiveHouse, agents: Agents) -> None:
    found, times = states(house), times_taken(house)
    assert set(agents.written) <= set(found)
    assert set(times) <= set(found)
    assert meter(house)["repeated"] == 0
    for state in found.values():
        assert times[state.id] == (0 if state.status == Is.UNCERTAIN else 1), state


def drained(house: LiveHouse) -> None:
    """Return once nothing waits any more: no delivery, no message, no news of one."""
    house.live.sandbox.wait_for_webhooks(timeout_s=DRAINED_WITHIN_S)
    wait_until(lambda: waiting(house) == (0, 0), within_s=DRAINED_WITHIN_S, every_s=0.2)
    wait_until_all(house, lambda state: state.status in DONE, within_s=DRAINED_WITHIN_S)


def waiting(house: LiveHouse) -> tuple[int, int]:
    """Return how many deliveries are not digested, and how many news wait for their message."""
    with house.live.database() as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM ingest_delivery WHERE digested_at IS NULL),"
            " (SELECT count(*) FROM inbox_pendingchange WHERE workspace_id = %s)",
            [house.id],
        ).fetchone()
    assert row is not None
    return row[0], row[1]
