"""What house tests share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.asking import Stage, on_stage
from tests.live import Live, LiveHouse


@pytest.fixture(scope="module")
def stage(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Stage]:
    """Return the two houses, made once for a file; every test takes back what it did."""
    with django_db_blocker.unblock(), on_stage() as made:
        yield made


@pytest.fixture(scope="package")
def running() -> Iterator[Live]:
    """Return the product's own processes, for tests that leave them as they were."""
    with Live("house") as live:
        yield live


@pytest.fixture(scope="package")
def kopi(running: Live) -> LiveHouse:
    """Return Alice's workspace in them, from which Remi was removed."""
    house = running.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer", Petra="agent", Remi="admin")
    with running.database() as database:
        database.execute(
            "UPDATE workspaces_membership SET removed_at = now() WHERE workspace_id = %s AND role = 'admin'", [house.id]
        )
    return house


@pytest.fixture(scope="package")
def rival(running: Live) -> LiveHouse:
    """Return the workspace of Charlie, the stranger."""
    return running.house("Rival Ltd", Charlie="owner")
