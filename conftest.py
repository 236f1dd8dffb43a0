"""Fixtures for all tests: the fixed cast, a database that is already there, and the places in which files may be kept."""

from typing import Any

import pytest

from tests.keepers import keeping  # noqa: F401  # a fixture


@pytest.fixture(scope="session")
def django_db_setup() -> Any:
    """The database was migrated as its owner by tests/postgres.py; tests use it as the role that owns nothing."""
    return None
