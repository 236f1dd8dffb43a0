"""A place where the door's commits are real, shared by the tests of one file."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from troth.ingest.tests.doorstep import Place, place


@pytest.fixture(scope="module")
def inside(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Place]:
    name = request.module.__name__.rpartition(".")[2].removeprefix("test_")
    process = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with django_db_blocker.unblock(), place(f"troth_{process}_{name}"[:60]) as made:
        yield made
