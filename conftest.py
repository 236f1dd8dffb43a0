"""Fixtures for all tests: the fixed cast, a database that is already there, and the places in which files may be kept."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from tests.keepers import keeping  # noqa: F401  # a fixture


@pytest.fixture(scope="session")
def django_db_setup() -> Any:
    """The database was migrated as its owner by tests/postgres.py; tests use it as the role that owns nothing."""
    return None


@pytest.fixture(autouse=True)
def _leaves_no_language() -> Iterator[None]:
    """What asked for a page in Arabic leaves its thread speaking Arabic: the next test begins in English all the same."""
    yield
    translation.deactivate()
