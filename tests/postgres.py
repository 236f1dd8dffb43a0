"""A pytest plugin: a throwaway PostgreSQL for the run, one migrated database copied for each test process.

Loaded with `-p tests.postgres`, before Django reads its settings. Tests connect as the role that owns nothing, so
row-level security is in force in every one of them. Fixtures that start the product's own processes take databases of
their own from `fresh_database()`.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.supervise.addresses import APP, DOOR, OWNER, Addresses, embedded
from config.supervise.throwaway import Cluster

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "troth_template"
_cluster: Cluster | None = None


def pytest_addoption() -> None:
    """Start the server in the first process; give every process a database of its own.

    This hook and no later one: pytest-django reads the settings in the next.
    """
    global _cluster
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        _cluster = Cluster(settings={"max_connections": "200"})
        _cluster.__enter__()
        os.environ["TROTH_ENV"] = "test"
        os.environ["TROTH_HOME"] = str(_cluster.home)
        os.environ["TROTH_TEST_SUPERUSER"] = _cluster.server.superuser_address()
        os.environ["TROTH_DEV_TOKEN"] = secrets.token_urlsafe(16)
        _migrate(_cluster.environment(TEMPLATE))
        _use("troth_alone")
    else:
        _use(f"troth_{worker}")


def pytest_unconfigure() -> None:
    """Stop the server and delete its folder."""
    if _cluster is not None:
        _cluster.remove()


def fresh_database(name: str) -> dict[str, str]:
    """Make a migrated, empty database and return the environment variables that lead the product to it."""
    with psycopg.connect(os.environ["TROTH_TEST_SUPERUSER"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER troth_owner")
        connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO troth_app, troth_door, troth_owner")
    return _environment(name)


def _environment(name: str) -> dict[str, str]:
    home = Path(os.environ["TROTH_HOME"])
    made = Addresses(
        owner=embedded(OWNER, database=name, within=home),
        app=embedded(APP, database=name, within=home),
        door=embedded(DOOR, database=name, within=home),
        listen=embedded(APP, database=name, within=home),
    )
    return {
        "DATABASE_URL": made.owner,
        "APP_DATABASE_URL": made.app,
        "DOOR_DATABASE_URL": made.door,
        "LISTEN_DATABASE_URL": made.listen,
    }


def _use(name: str) -> None:
    os.environ.update(fresh_database(name))


def _migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--database=owner", "--verbosity=0"]
    variables = {**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise pytest.UsageError(f"the migrations failed:\n{done.stdout}\n{done.stderr}")
