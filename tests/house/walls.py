"""What the walls between workspaces are, read from the database as it is; each look returns the holes that it finds."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from django.apps import apps
from django.db import models
from psycopg import sql

from troth.base.ids import new_id
from troth.workspaces.models import Workspace, WorkspaceModel

POLICY = "workspace_wall"
CURRENT = "(NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid"
Connection = psycopg.Connection[tuple[Any, ...]]
Model = type[models.Model]


def walled_models() -> list[Model]:
    """Return every model whose rows belong to a workspace, and the workspace itself."""
    found = [model for model in apps.get_models() if _belongs_to_a_workspace(model)]
    return sorted({Workspace, *found}, key=lambda model: model._meta.label)


def _belongs_to_a_workspace(model: Model) -> bool:
    return issubclass(model, WorkspaceModel) or any(
        isinstance(column, models.ForeignKey) and column.remote_field.model is Workspace
        for column in model._meta.local_fields
    )


def wall_column(model: Model) -> str:
    """Return the column that says whose a row is."""
    return "id" if model is Workspace else "workspace_id"


def keys_between_walled(model: Model) -> list["models.ForeignKey[Any, Any]"]:
    """Return the keys of a model that point at rows which belong to a workspace too."""
    walled = set(walled_models()) - {Workspace}
    return [
        column
        for column in model._meta.local_fields
        if isinstance(column, models.ForeignKey) and column.remote_field.model in walled
    ]


def wall_keys() -> list[tuple[Model, str]]:
    """Return (model, column) of every key that must stay inside a workspace."""
    return [(model, key.column) for model in walled_models() for key in keys_between_walled(model)]


@contextmanager
def undone(address: str) -> Iterator[Connection]:
    """Give a connection whose work is taken back in the end."""
    connection: Connection
    with psycopg.connect(address) as connection:
        try:
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            yield connection
        finally:
            connection.rollback()


def run(connection: Connection, text: LiteralString, *names: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run a statement with names in its braces and values in its places; return its rows."""
    cursor = connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)), values)
    return cursor.fetchall() if cursor.description else []


@contextmanager
def attempt(connection: Connection) -> Iterator[None]:
    """Try something that may be refused, without losing what came before."""
    with connection.transaction(force_rollback=True):
        yield


@contextmanager
def acting_as(connection: Connection, role: str, *, workspace: UUID | None = None) -> Iterator[None]:
    """Do as this role does, in the scope of a workspace or of none."""
    run(connection, "SET LOCAL ROLE {}", role)
    run(connection, "SELECT set_config('app.workspace_id', %s, true)", values=[str(workspace) if workspace else ""])
    try:
        yield
    finally:
        if connection.info.transaction_status != psycopg.pq.TransactionStatus.INERROR:
            run(connection, "RESET ROLE")


# Keys that may be empty, but not all at once.
ALSO = {"inbox.Attachment": ("message_id",)}


@dataclass
class Furnished:
    """A workspace with one row of every model, put there past all walls."""

    id: UUID
    rows: dict[Model, UUID] = field(default_factory=dict)

    def put(self, connection: Connection, model: Model, **given: Any) -> UUID:
        """Insert a row with made-up values wherever something is required."""
        values = self._values(connection, model) | given
        columns = sql.SQL(", ").join(map(sql.Identifier, values))
        places = sql.SQL(", ").join([sql.Placeholder()] * len(values))
        table = sql.Identifier(model._meta.db_table)
        connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table, columns, places), list(values.values())
        )
        id: UUID = values["id"]
        return id

    def row(self, connection: Connection, model: Model) -> UUID:
        """Return this workspace's row of a model, made when first asked for."""
        if model is Workspace and model not in self.rows:
            self.rows[model] = self.put(connection, model, id=self.id)
        if model not in self.rows:
            self.rows[model] = self.put(connection, model)
        return self.rows[model]

    def _values(self, connection: Connection, model: Model) -> dict[str, Any]:
        values: dict[str, Any] = {"id": new_id()}
        if model is not Workspace and "workspace_id" in {column.column for column in model._meta.local_fields}:
            self.row(connection, Workspace)
            values["workspace_id"] = self.id
        for name, kind in _required(connection, model._meta.db_table):
            if name not in values:
                values[name] = self._value(connection, model, name, kind)
        for name in ALSO.get(model._meta.label, ()):
            values[name] = self._value(connection, model, name, "uuid")
        return values

    def _value(self, connection: Connection, model: Model, name: str, kind: str) -> Any:
        column = next(column for column in model._meta.local_fields if column.column == name)
        if isinstance(column, models.ForeignKey):
            return self.row(connection, column.remote_field.model)
        made = _made_up(kind)
        return made[: column.max_length] if isinstance(made, str) else made


def _required(connection: Connection, table: str) -> list[tuple[str, str]]:
    rows = run(
        connection,
        "SELECT column_name::text, udt_name::text FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL"
        " AND is_identity = 'NO'",
        values=[table],
    )
    return [(name, kind) for name, kind in rows]


def _made_up(kind: str) -> Any:
    made: dict[str, Any] = {
        "uuid": new_id(),
        "bytea": secrets.token_bytes(16),
        "varchar": secrets.token_hex(4),
        "text": secrets.token_hex(4),
        "bool": False,
        "int2": 0,
        "int4": secrets.randbelow(2**31),
        "int8": secrets.randbelow(2**31),
        "numeric": secrets.randbelow(10**6),
        "date": "2026-01-01",
        "timestamptz": "2026-01-01T00:00:00Z",
        "jsonb": "{}",
        "_int4": [],
        "_uuid": [],
    }
    return made[kind]


def furnish(connection: Connection) -> Furnished:
    """Make a workspace with a row of every model."""
    made = Furnished(new_id())
    for model in walled_models():
        made.row(connection, model)
    return made


def holes_in_row_security(connection: Connection, model: Model) -> list[str]:
    """Return what is wrong with the declaration of a table's row-level security."""
    table, column = model._meta.db_table, wall_column(model)
    enabled, forced = run(
        connection,
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass",
        values=[table],
    )[0]
    holes = [] if enabled else ["is not enabled"]
    holes += [] if forced else ["is not forced"]
    expected = f"({column} = {CURRENT})"
    wall = []
    for name, kind, roles, using, check in run(
        connection,
        "SELECT policyname::text, cmd, roles::text[], qual, with_check FROM pg_policies WHERE tablename = %s",
        values=[table],
    ):
        if name == POLICY:
            wall = [(kind, roles, using, check)]
        elif roles != ["troth_definer"]:
            holes.append(f"has another policy, {name}, for {roles}")
    if wall != [("ALL", ["public"], expected, expected)]:
        holes.append(f"has not the wall's policy but {wall}")
    return holes


def holes_seen_by_the_app(connection: Connection, model: Model, *, ours: Furnished, theirs: Furnished) -> list[str]:
    """Return what the application's role can see or touch of a table that it should not, by SQL of its own."""
    table, column = model._meta.db_table, wall_column(model)
    holes = []
    with attempt(connection), acting_as(connection, "troth_app"):
        if run(connection, "SELECT 1 FROM {}", table):
            holes.append("rows show without a scope")
    with attempt(connection), acting_as(connection, "troth_app", workspace=ours.id):
        seen = {row[0] for row in run(connection, "SELECT {} FROM {}", column, table)}
        if seen != {ours.id}:
            holes.append(f"{len(seen)} workspaces show within one's scope")
    with attempt(connection):
        run(connection, "ALTER TABLE {} DISABLE TRIGGER USER", table)  # the walls alone speak
        for parent in {key.remote_field.model for key in keys_between_walled(model)}:
            theirs.row(connection, parent)
        new = theirs._values(connection, model)
        for deed, act in _deeds(connection, model, theirs, new).items():
            if _is_let_through(connection, act, workspace=ours.id):
                holes.append(f"another's rows can be {deed}")
    return holes


def _deeds(
    connection: Connection, model: Model, theirs: Furnished, new: dict[str, Any]
) -> dict[str, Callable[[], list[Any]]]:
    table, column, id = model._meta.db_table, wall_column(model), [theirs.id]
    change: LiteralString = "UPDATE {} SET id = id WHERE {} = %s RETURNING 1"
    delete: LiteralString = "DELETE FROM {} WHERE {} = %s RETURNING 1"
    return {
        "changed": lambda: run(connection, change, table, column, values=id),
        "deleted": lambda: run(connection, delete, table, column, values=id),
        "moved": lambda: run(connection, "UPDATE {} SET {} = %s RETURNING 1", table, column, values=id),
        "put": lambda: [theirs.put(connection, model, **new)],
    }


def _is_let_through(connection: Connection, act: Callable[[], list[Any]], *, workspace: UUID) -> bool:
    """Return whether row-level security let this pass, also where a key stopped it afterwards."""
    try:
        with attempt(connection), acting_as(connection, "troth_app", workspace=workspace):
            return bool(act())
    except psycopg.errors.InsufficientPrivilege:
        return False
    except psycopg.errors.IntegrityError:
        return True


def holes_in_keys(connection: Connection, model: Model, *, ours: Furnished, theirs: Furnished) -> list[str]:
    """Return the keys of a model that may point into another workspace, row-level security and managers aside."""
    holes = []
    table = model._meta.db_table
    for key in keys_between_walled(model):
        try:
            with attempt(connection):
                _drop_checks(connection, table)
                other, mine = theirs.rows[key.remote_field.model], ours.rows[model]
                run(connection, "UPDATE {} SET {} = %s WHERE id = %s", table, key.column, values=[other, mine])
                holes.append(key.column)
        except psycopg.errors.ForeignKeyViolation as refusal:
            if not (refusal.diag.constraint_name or "").endswith("_wall"):
                holes.append(f"{key.column} is stopped by {refusal.diag.constraint_name} alone")
    return holes


def _drop_checks(connection: Connection, table: str) -> None:
    """Drop what else a table demands of its rows, so that the keys alone speak."""
    checks = run(
        connection,
        "SELECT conname::text FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'",
        values=[table],
    )
    for (name,) in checks:
        run(connection, "ALTER TABLE {} DROP CONSTRAINT {}", table, name)
    run(connection, "ALTER TABLE {} DISABLE TRIGGER USER", table)
