"""One running product for all of these tests, and a house of its own for each."""

from collections.abc import Callable, Iterator

import pytest

from tests.live import Live, LiveHouse


@pytest.fixture(scope="package")
def live() -> Iterator[Live]:
    with Live("door") as running:
        yield running


@pytest.fixture(scope="package")
def a_house(live: Live) -> Callable[[], LiveHouse]:
    names = iter(range(99))

    def make() -> LiveHouse:
        number = next(names)
        return live.house(f"House {number}", **{f"Alice{number}": "owner"})

    return make


@pytest.fixture
def house(a_house: Callable[[], LiveHouse]) -> LiveHouse:
    return a_house()
