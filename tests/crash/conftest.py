"""One running product for all tests of real calls, and a house of its own for each."""

from collections.abc import Callable, Iterator

import pytest

from tests.crash.pen import Desk, Pen
from tests.live import Live, LiveHouse

PATIENCE_S = 1.5  # how long the product waits for an answer of the sandbox here


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("calls", environment={"TROTH_SEND_TIMEOUT_S": str(PATIENCE_S)}) as running:
        yield running


@pytest.fixture(scope="module")
def a_house(live: Live) -> Callable[[], LiveHouse]:
    made = 0

    def make() -> LiveHouse:
        nonlocal made
        made += 1
        return live.house(f"House {made}", **{f"Alice{made}": "owner"})

    return make


@pytest.fixture
def house(a_house: Callable[[], LiveHouse]) -> LiveHouse:
    return a_house()


@pytest.fixture(scope="module")
def desk(live: Live) -> Iterator[Desk]:
    with Desk(live) as taking_orders:
        yield taking_orders


@pytest.fixture
def pen(house: LiveHouse, desk: Desk) -> Pen:
    return desk.pen(house)
