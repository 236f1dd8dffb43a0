"""Makes the database and its roles, again and again without harm, on our server or on the operator's.

What each role may do is told in docs/roles.md. Start here: `prepare_embedded` and `prepare_outside`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from config.supervise.addresses import (
    APP,
    DATABASE,
    DEFINER,
    DOOR,
    OWNER,
    Addresses,
    addresses,
    embedded,
    password_of,
    roles_are_given,
)
from config.supervise.postgres import Postgres
from config.trouble import Trouble

__all__ = ["addresses", "prepare_embedded", "prepare_outside", "share_out"]

OLDEST_VERSION = 15
_ONE_AT_A_TIME = 7_203_301  # an advisory lock: roles belong to the whole server, and two of us would collide
_CONNECT_WITHIN_S = 10

Connection = psycopg.Connection[tuple[object, ...]]


def prepare_embedded(server: Postgres, *, database: str = DATABASE, template: str | None = None) -> Addresses:
    """Make the roles and the database on our own server, as a copy of the template if one is named."""
    with _connected(server.superuser_address()) as connection, _alone(connection):
        _make_roles(connection, within=server.home)
        _make_database(connection, database, template=template)
        with _connected(server.superuser_address(database)) as inside:
            _share_out(inside)
    owner, app, door = (embedded(role, database=database, within=server.home) for role in (OWNER, APP, DOOR))
    return Addresses(owner=owner, app=app, door=door, listen=app)


def prepare_outside() -> Addresses:
    """Make the roles in the database that DATABASE_URL names, or check those that the operator made.

    Raises: Trouble, when the server is too old or away, or the role in DATABASE_URL may not do it.
    """
    with _connected(os.environ["DATABASE_URL"]) as connection:
        _refuse_old(connection)
        if not roles_are_given():
            _refuse_powerless(connection)
            with _alone(connection):
                _make_roles(connection, within=None)
                _share_out(connection)
    found = addresses()
    for url, role in ((found.app, APP), (found.door, DOOR)):
        with _connected(url) as connection:
            _refuse_wrong_role(connection, role)
    return found


def share_out(address: str) -> None:
    """Give each role its part of a database that was filled from a backup. The address is an administrator's."""
    with _connected(address) as connection, _alone(connection):
        _share_out(connection)


def _make_roles(connection: Connection, *, within: Path | None) -> None:
    for role in (OWNER, APP, DOOR, DEFINER):
        login = role != DEFINER
        if not _row(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            _do(connection, "CREATE ROLE {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION", role)
        _do(connection, "ALTER ROLE {} LOGIN" if login else "ALTER ROLE {} NOLOGIN", role)
        if login:
            _set_password(connection, role, password_of(role, within=within))
        _refuse_mighty(connection, role)
    if not _is_superuser(connection):
        _do(connection, "GRANT {} TO CURRENT_USER", OWNER)
        _do(connection, "GRANT {} TO CURRENT_USER", DEFINER)
    # The owner hands functions over to the definer in migrations, and replaces them in later ones.
    _do(connection, "GRANT {} TO {}", DEFINER, OWNER)


def _set_password(connection: Connection, role: str, password: str) -> None:
    # The server gets a verifier, never the password, so that no log of its can hold it.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    command = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    connection.execute(command)


def _make_database(connection: Connection, database: str, *, template: str | None) -> None:
    if _row(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
        return
    _do(connection, "CREATE DATABASE {} OWNER {} TEMPLATE {}", database, OWNER, template or "template1")


def _share_out(connection: Connection) -> None:
    """Give each role its part of the database that we are connected to."""
    database = connection.info.dbname
    with connection.transaction():
        _do(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
        _do(connection, "GRANT CONNECT, CREATE ON DATABASE {} TO {}", database, OWNER)
        _do(connection, "GRANT CONNECT ON DATABASE {} TO {}, {}", database, APP, DOOR)
        _do(connection, "ALTER SCHEMA public OWNER TO {}", OWNER)
        _do(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _do(connection, "GRANT USAGE ON SCHEMA public TO {}, {}", APP, DOOR)
        _do(connection, "GRANT USAGE, CREATE ON SCHEMA public TO {}", DEFINER)  # CREATE: to be given functions
        defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {} "
        _do(connection, defaults + "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}", OWNER, APP)
        _do(connection, defaults + "GRANT USAGE ON SEQUENCES TO {}", OWNER, APP)
        _do(connection, defaults + "GRANT EXECUTE ON FUNCTIONS TO {}", OWNER, APP)  # the job queue's; not passages
        for maker in (OWNER, DEFINER):
            _do(connection, defaults + "REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", maker)


def _refuse_old(connection: Connection) -> None:
    if connection.info.server_version < OLDEST_VERSION * 10_000:
        found = connection.info.parameter_status("server_version")
        raise Trouble(f"DATABASE_URL leads to PostgreSQL {found}; Troth needs version {OLDEST_VERSION} or newer.")


def _refuse_powerless(connection: Connection) -> None:
    may = _row(connection, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if may != (True,):
        raise Trouble(
            f"The role {connection.info.user} in DATABASE_URL may not create roles: give it CREATEROLE, or make the "
            "roles as docs/roles.md tells and set APP_DATABASE_URL and DOOR_DATABASE_URL too."
        )


def _refuse_mighty(connection: Connection, role: str) -> None:
    question = "SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = %s"
    if _row(connection, question, role) != (False,):
        raise Trouble(
            f"The database role {role} has more power than it should: "
            f"run ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE."
        )


def _refuse_wrong_role(connection: Connection, role: str) -> None:
    if connection.info.user != role:
        raise Trouble(f"{role.removeprefix('troth_').upper()}_DATABASE_URL must log in as {role} (docs/roles.md).")
    _refuse_mighty(connection, role)


def _is_superuser(connection: Connection) -> bool:
    return _row(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == (True,)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=_CONNECT_WITHIN_S)
    except psycopg.OperationalError as refusal:
        # The words of the driver name host, role and database, never the password.
        reason = " ".join(str(refusal).split())
        raise Trouble(f"The database does not let us in: {reason}") from refusal
    with connection:
        yield connection


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    connection.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    try:
        yield
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])


def _do(connection: Connection, command: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


def _row(connection: Connection, question: LiteralString, *values: str) -> tuple[object, ...] | None:
    return connection.execute(question, values).fetchone()
