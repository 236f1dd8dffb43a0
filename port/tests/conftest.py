"""A running sandbox, and engines that are played against it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from port.tests.played import Played
from sandbox.testing import RunningSandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
async def played(sandbox: RunningSandbox) -> AsyncIterator[Played]:
    made = Played(sandbox)
    yield made
    await made.driver.stop(unlink=True)
