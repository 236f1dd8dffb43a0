"""A pytest plugin: a throwaway PostgreSQL for the run, one migrated database copied for each test process.

Loaded with `-p tests.postgres`, before Django reads its settings. Tests connect as the role that owns nothing, so
row-level security is in force in every one of them. Fixtures that start the product's own processes take databases of
their own from `fresh_database()`.
"""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django import db
from psycopg.conninfo import conninfo_to_dict

from config.supervise.addresses import APP, DOOR, OWNER, Addresses, embedded
from config.supervise.throwaway import Cluster

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "troth_template"
HELD = "TROTH_TEST_HELD"  # set where a server runs already
_cluster: Cluster | None = None


def pytest_addoption() -> None:
    """Start the server in the first process; give every process a database of its own.

    This hook and no later one: pytest-django reads the settings in the next.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None and HELD not in os.environ:
        os.environ.update(_begin())
    _use(f"troth_{worker or 'alone'}_{os.getpid()}")


def pytest_unconfigure() -> None:
    """Stop the server and delete its folder; of a server that somebody holds for several runs, take our databases."""
    if _cluster is not None:
        _cluster.remove()
    elif HELD in os.environ and "PYTEST_XDIST_WORKER" not in os.environ:
        db.connections.close_all()
        with psycopg.connect(os.environ["TROTH_TEST_SUPERUSER"], autocommit=True) as connection:
            ours = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%\\_{os.getpid()}"])
            for (name,) in ours.fetchall():
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _begin() -> dict[str, str]:
    """Start the server, make the database that others are copied from, and return what leads there."""
    global _cluster
    _cluster = Cluster(settings={"max_connections": "200"})
    _cluster.__enter__()
    told = {
        "TROTH_ENV": "test",
        "TROTH_HOME": str(_cluster.home),
        "TROTH_TEST_SUPERUSER": _cluster.server.superuser_address(),
        "TROTH_DEV_TOKEN": secrets.token_urlsafe(16),
    }
    os.environ.update(told)
    _migrate(_cluster.environment(TEMPLATE))
    return told


def hold() -> None:
    """Run a server for several runs, one after the other or at once, until standard input ends; print what leads there."""
    try:
        sys.stdout.write(json.dumps({**_begin(), HELD: "1"}) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
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


@contextmanager
def in_fresh_database(name: str) -> Iterator[dict[str, str]]:
    """Give a fresh database and let Django work in it, each statement committed at once; yield its addresses."""
    made = fresh_database(name)
    before = db.connection.settings_dict["NAME"]
    db.connection.close()
    db.connection.settings_dict["NAME"] = conninfo_to_dict(made["APP_DATABASE_URL"])["dbname"]
    try:
        yield made
    finally:
        db.connection.close()
        db.connection.settings_dict["NAME"] = before


if __name__ == "__main__":
    hold()
