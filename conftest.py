"""Fixtures for all tests: the fixed cast, and a database that is already there."""

from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_setup() -> Any:
    """The database was migrated as its owner by tests/postgres.py; tests use it as the role that owns nothing."""
    return None
