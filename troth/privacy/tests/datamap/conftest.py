"""Kopi with its people at their browsers."""

import pytest
from django.test import Client

from tests import cast
from tests.cast import House

BACKEND = "troth.accounts.backend.Backend"


@pytest.fixture
def house(db: None) -> House:
    return cast.kopi()


@pytest.fixture
def at_browser(house: House) -> dict[str, Client]:
    """Return a signed-in browser of each person, by first name."""
    browsers = {}
    for name, user in house.users.items():
        browsers[name] = Client()
        browsers[name].force_login(user, backend=BACKEND)
    return browsers
