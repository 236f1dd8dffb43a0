"""Servers and homes for the tests of the supervisor. They never touch the installation's own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervise.postgres import Postgres
from config.supervise.throwaway import Cluster


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as made:
        yield made


@pytest.fixture
def home() -> Iterator[Path]:
    """A new home with a short path, which only we may enter."""
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        yield Path(folder)


@pytest.fixture
def server(home: Path) -> Iterator[Postgres]:
    """A server that has not been started."""
    made = Postgres(home, durable=False)
    yield made
    made.kill()
