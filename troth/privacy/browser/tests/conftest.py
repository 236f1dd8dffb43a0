"""Kopi and Rival, browsers of their people, and a thing that waits for a yes, which the product itself has not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import House, kopi, rival
from troth.base.cookies import Cookie, Place, declare_cookie, forget_cookie

Browser = Callable[[str], Client]


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any, tmp_path: Path) -> None:
    """Name static files as they are; collecting and hashing them is not what these tests are about."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.STATIC_ROOT = tmp_path


@pytest.fixture
def house(db: Any) -> House:
    return kopi()


@pytest.fixture
def stranger(db: Any) -> House:
    return rival()


@pytest.fixture
def browser_of(house: House, stranger: House) -> Browser:
    """Return a function that gives somebody's signed-in browser, by first name."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login({**house.users, **stranger.users}[name])
        return client

    return signed_in


@pytest.fixture
def tally() -> Iterator[Cookie]:
    """Something optional, for as long as a test lasts."""
    made = Cookie("tally", Place.COOKIE, "Counts how often you come.", timedelta(days=30), essential=False)
    declare_cookie(made)
    yield made
    forget_cookie(made)
