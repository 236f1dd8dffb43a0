"""A running sandbox and engines that are played against it; an edge of WhatsApp and the engine as it is installed."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from port.tests.at_the_edge import World
from port.tests.played import Played
from sandbox.testing import RunningSandbox
from tests.edge.edge import Edge
from tests.edge.engine import EngineAtWork


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
async def played(sandbox: RunningSandbox) -> AsyncIterator[Played]:
    made = Played(sandbox)
    yield made
    await made.driver.stop(unlink=True)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Return a world whose engine shows a code, or will."""
    edge = Edge(tmp_path)
    engine = EngineAtWork(edge, await edge.start())
    try:
        await engine.start()
        yield World(edge, engine)
    finally:
        await engine.stop()
        await edge.stop()
