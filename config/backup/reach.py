"""How backups and restores reach the database server: as whom, and whether that suffices.

The embedded server is reached as its superuser, over its socket. An outside one as the role in BACKUP_DATABASE_URL (to
read everything) or RESTORE_DATABASE_URL (to make a database), each DATABASE_URL where it is not set.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.backup.tunnel import tunnel
from config.supervise import binaries, initdb
from config.supervise.addresses import DATABASE, DEFINER, OWNER
from config.supervise.postgres import Postgres
from config.trouble import Trouble

CONNECT_WITHIN_S = 10
Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Reach:
    """An administrator's way to one server. `variable` names where the address comes from; empty for our own server."""

    address: str = field(repr=False)
    database: str
    variable: str = ""

    def at(self, database: str) -> str:
        """Return the address of another database on the same server."""
        return make_conninfo(self.address, dbname=database)

    @contextmanager
    def connected(self, database: str | None = None) -> Iterator[Connection]:
        """Give a connection. Raises: Trouble."""
        try:
            connection = psycopg.connect(
                self.at(database or self.database), autocommit=True, connect_timeout=CONNECT_WITHIN_S
            )
        except psycopg.OperationalError as refusal:
            # The words of the driver name host, role and database, never the password.
            raise Trouble(f"The database does not let us in: {' '.join(str(refusal).split())}") from refusal
        with connection:
            yield connection

    @contextmanager
    def for_programs(self, database: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Give (connection string, environment) by which PostgreSQL's own programs get there, the password aside.

        The wheel's programs cannot speak TLS; where the server wants it, they go through a tunnel of ours.
        """
        with self.connected(database) as connection, tunnel(connection) as (host, port):
            info = connection.info
            told = make_conninfo(
                "", host=host, port=port, user=info.user, dbname=database, sslmode="disable", application_name="backup"
            )
            yield told, {**initdb.environment(), "PGPASSWORD": info.password}

    def exists(self, database: str) -> bool:
        """Tell whether the server has this database."""
        with self.connected("postgres") as connection:
            return row(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database) is not None


def to_read(server: Postgres | None) -> Reach:
    """Return the way by which everything can be read. Raises: Trouble, when it cannot."""
    if server is not None:
        return Reach(server.superuser_address(DATABASE), DATABASE)
    reach = _outside("BACKUP_DATABASE_URL")
    with reach.connected() as connection:
        _refuse_new(connection)
        _refuse_blind(connection, reach)
    return reach


def to_restore(server: Postgres | None) -> Reach:
    """Return the way by which databases can be made and given away. Raises: Trouble, when they cannot."""
    if server is not None:
        return Reach(server.superuser_address(DATABASE), DATABASE)
    reach = _outside("RESTORE_DATABASE_URL")
    with reach.connected() as connection:
        _refuse_new(connection)
        _refuse_powerless(connection, reach)
    return reach


def has_data(home: Path) -> bool:
    """Tell whether there is a database server of ours in this home, or one of the operator's."""
    return bool(os.environ.get("DATABASE_URL")) or (home / "postgresql" / "data").exists()


def row(connection: Connection, question: LiteralString, *values: object) -> tuple[object, ...] | None:
    """Return the first row of an answer."""
    return connection.execute(question, values).fetchone()


def do(connection: Connection, command: LiteralString, *names: str) -> None:
    """Run a command with names in its braces."""
    connection.execute(sql.SQL(command).format(*map(sql.Identifier, names)))


def server_major(connection: Connection) -> int:
    """Return the server's major version."""
    return connection.info.server_version // 10_000


def _outside(variable: str) -> Reach:
    main = os.environ["DATABASE_URL"]
    given = os.environ.get(variable, "")
    try:
        database = str(conninfo_to_dict(main)["dbname"])
        address = make_conninfo(given or main, dbname=database)
    except (psycopg.ProgrammingError, KeyError) as strange:
        raise Trouble(
            f"{variable if given else 'DATABASE_URL'} is no address of a database: "
            "write it as postgresql://role:password@host/database."
        ) from strange
    return Reach(address, database, variable=variable if given else "DATABASE_URL")


def _refuse_new(connection: Connection) -> None:
    ours, theirs = int(binaries.installed().major), server_major(connection)
    if theirs > ours:
        raise Trouble(
            f"The server runs PostgreSQL {theirs} and this Troth brings the programs of PostgreSQL {ours}, which cannot "
            f"copy it: bring Troth up to date, or copy the database with pg_dump {theirs} yourself."
        )


def _refuse_blind(connection: Connection, reach: Reach) -> None:
    sees_all = row(connection, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
    if sees_all != (True,):
        raise Trouble(
            f"The role {connection.info.user} in {reach.variable} does not see every row, since row-level security binds "
            "it: set BACKUP_DATABASE_URL to a role with BYPASSRLS and pg_read_all_data (docs/backup.md)."
        )
    hidden = row(
        connection,
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')"
        " AND NOT CASE c.relkind WHEN 'S' THEN has_sequence_privilege(c.oid, 'SELECT')"
        " ELSE has_table_privilege(c.oid, 'SELECT') END LIMIT 1",
    )
    if hidden is not None:
        raise Trouble(
            f"The role {connection.info.user} in {reach.variable} may not read the table {hidden[0]}: "
            f"run GRANT pg_read_all_data TO {connection.info.user}."
        )


def _refuse_powerless(connection: Connection, reach: Reach) -> None:
    may = row(
        connection,
        "SELECT rolsuper OR (rolcreatedb AND (SELECT coalesce(bool_and(pg_has_role(current_user, oid, 'MEMBER')), true)"
        " FROM pg_roles WHERE rolname IN (%s, %s))) FROM pg_roles WHERE rolname = current_user",
        OWNER,
        DEFINER,
    )
    if may != (True,):
        raise Trouble(
            f"The role {connection.info.user} in {reach.variable} may not make a database for {OWNER}: set "
            f"RESTORE_DATABASE_URL to a superuser, or to a role with CREATEDB that is a member of {OWNER} and {DEFINER}."
        )
