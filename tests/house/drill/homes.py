"""A home to practise on: its own server, keys and media, furnished once and copied for every test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from config.home import CHECKOUT
from config.supervise.addresses import APP, DOOR, OWNER, embedded
from config.supervise.database import prepare_embedded
from config.supervise.postgres import Postgres
from config.supervise.prepare import migrate
from config.supervise.throwaway import Cluster
from tests.house.canaries import canary, number

# The one line to change where the product has media of its own: "config.settings".
SETTINGS = "tests.house.drill.settings"
OURS = ("DATABASE_URL", "TROTH_", "GRAPH_")


def planted() -> dict[str, str]:
    """Return the words of the drill, by name."""
    people = ("living", "forgotten", "rivals")
    words = {f"{what} of {who}": canary() for who in people for what in ("name", "picture")}
    words |= {f"said by {who}": canary() for who in people}
    words |= {f"phone of {who}": number() for who in people}
    return words | {name: canary() for name in ("answer", "mail", "waiting delivery")}


def told(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program that works on this home."""
    kept = {name: value for name, value in os.environ.items() if not any(part in name for part in OURS)}
    return {**kept, "TROTH_HOME": str(home), "DJANGO_SETTINGS_MODULE": SETTINGS, "PYTHONPATH": str(CHECKOUT), **more}


@dataclass
class Home:
    """One home, its words and ids. `named` names the database where it is not the home's own."""

    path: Path
    words: dict[str, str]
    ids: dict[str, Any]
    named: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def running(self) -> Iterator[Postgres]:
        """Run the home's server."""
        server = Postgres(self.path, durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()

    def ask(self, what: str, *given: object) -> Any:
        """Call a function of the drill inside the product and return its answer; the server runs."""
        module, _, name = what.rpartition(".")
        code = (
            "import django, json, sys; django.setup()\n"
            f"from tests.house.drill import {module}\n"
            "from uuid import UUID\n"
            "given = lambda one: UUID(one) if isinstance(one, str) else one\n"
            f"print(json.dumps({module}.{name}(*map(given, json.loads(sys.argv[1])))))"
        )
        command = [sys.executable, "-c", code, json.dumps(given, default=str)]
        done = subprocess.run(
            command, env=told(self.path, **self.named), cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Connect past all walls."""
        return psycopg.connect(Postgres(self.path).superuser_address("troth"), autocommit=True)


def furnished(path: Path) -> Home:
    """Make a home with everything in it. Its server does not run afterwards."""
    home = Home(path, planted(), {})
    with home.running() as server:
        prepare_embedded(server)
        owner, app, door = (embedded(role, within=path) for role in (OWNER, APP, DOOR))
        migrate(owner, told(path, DATABASE_URL=owner, APP_DATABASE_URL=app, DOOR_DATABASE_URL=door))
        home.ids = home.ask("people.furnish", home.words)
    return home


def furnished_outside(path: Path, server: Cluster) -> Home:
    """Make a home whose database is on a server of the operator's, made by an administrator who is no superuser."""
    with psycopg.connect(server.server.superuser_address(), autocommit=True) as connection:
        connection.execute("CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'p'")
        connection.execute("CREATE ROLE keeper LOGIN BYPASSRLS PASSWORD 'p' IN ROLE pg_read_all_data")
        connection.execute("CREATE DATABASE managed OWNER manager")
        connection.execute("GRANT CONNECT ON DATABASE managed TO keeper")
        connection.execute("ALTER DATABASE managed SET search_path TO public, pg_catalog")
    parts = urlsplit(server.server.superuser_address("managed"))
    named = {
        "DATABASE_URL": parts._replace(netloc="manager:p@").geturl(),
        "BACKUP_DATABASE_URL": parts._replace(netloc="keeper:p@").geturl(),
    }
    home = Home(path, planted(), {}, named)
    code = (
        "import os; from config.supervise import prepare\n"
        "prepare.migrate(prepare.prepare_outside().owner, dict(os.environ))"
    )
    subprocess.run([sys.executable, "-c", code], env=told(path, **named), cwd=CHECKOUT, check=True)
    with psycopg.connect(server.server.superuser_address(), autocommit=True) as connection:
        connection.execute("ALTER ROLE troth_app IN DATABASE managed SET statement_timeout TO '1h'")
    home.ids = home.ask("people.furnish", home.words)
    return home


def copied(home: Home, path: Path) -> Home:
    """Copy a home whose server does not run, owners and all."""
    subprocess.run(["cp", "-a", f"{home.path}/.", str(path)], check=True)
    return Home(path, home.words, home.ids)
