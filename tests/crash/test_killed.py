"""Web, worker and database are killed in turn under load: nothing acknowledged is lost, nothing is sent twice."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.checks import all_is_well, drained
from tests.crash.houses import fast_house
from tests.crash.load import Storm
from tests.crash.mortal import PARTS, Mortal, mortal
from tests.crash.pen import Desk
from tests.live import LiveHouse

KILLS = 2
AWAY_S = 0.2


@pytest.fixture(scope="module")
def live() -> Iterator[Mortal]:
    with mortal("killed") as running:
        yield running


@pytest.fixture(scope="module")
def houses(live: Mortal) -> dict[str, LiveHouse]:
    return {part: fast_house(live, part, per_second=200, latency_ms=(50, 400)) for part in PARTS}


@pytest.mark.parametrize("part", PARTS)
def test_killing_a_part_loses_nothing_and_sends_nothing_twice(
    part: str, live: Mortal, houses: dict[str, LiveHouse], desk: Desk, tmp_path: Path
) -> None:
    house = houses[part]
    with Storm(house, desk.pen(house), name=part) as storm:
        for _ in range(KILLS):
            storm.rage(deliveries=400, messages=40)
            live.kill_part(part)
            time.sleep(AWAY_S)
            live.start_part(part)
        storm.rage(deliveries=400, messages=40)
    drained(house)
    totals = all_is_well(storm, file=tmp_path / "ids")
    assert totals.acknowledged > 1000
    assert totals.taken > 100
