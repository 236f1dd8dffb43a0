"""Kopi with its number, Rival with its own, browsers of everybody in the cast, and a stand-in for Meta."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import House, kopi, rival
from tests.live import Live

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


@pytest.fixture(scope="package")
def live(product: Live) -> Live:
    """The whole product with its stand-in for Meta, on a database of its own."""
    return product


@pytest.fixture
def meta(live: Live, settings: Any) -> Live:
    """Let the tests' own process ask the same stand-in. Its callbacks lead nowhere: nobody knows them over there."""
    settings.GRAPH_BASE_URL = live.sandbox.url
    settings.BASE_URL = live.url
    return live
