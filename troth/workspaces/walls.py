"""Migration operations that build the walls between tenants in the database.

`Wall` makes a table one that shows a workspace's rows to that workspace only, and makes its keys stay inside the
workspace. `Passage` makes one of the few functions that may look across walls before a scope exists; each returns ids
and sealed secrets only, belongs to a role that cannot log in, and is listed in docs/roles.md.
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from troth.workspaces.models.base import SameWorkspaceKey

CURRENT = "nullif(current_setting('app.workspace_id', true), '')::uuid"
POLICY = "workspace_wall"


class Wall(Operation):
    """Raise the walls of a model's table. Safe to repeat after a field was added."""

    reversible = True

    def __init__(self, model: str, *, column: str = "workspace_id") -> None:
        self.model = model
        self.column = column

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        return self.__class__.__qualname__, [self.model], {"column": self.column}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The walls are in the database only."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        table = model._meta.db_table
        schema_editor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'DROP POLICY IF EXISTS {POLICY} ON "{table}"')
        schema_editor.execute(
            f'CREATE POLICY {POLICY} ON "{table}" USING ({self.column} = {CURRENT}) WITH CHECK ({self.column} = {CURRENT})'
        )
        if self.column != "workspace_id":
            return
        _once(
            schema_editor,
            table,
            f"{table}_in_workspace",
            'UNIQUE (workspace_id, "id")',
        )
        for field in model._meta.local_fields:
            if isinstance(field, SameWorkspaceKey):
                target = field.remote_field.model._meta.db_table
                _once(
                    schema_editor,
                    table,
                    f"{table}_{field.column}_wall",
                    f'FOREIGN KEY (workspace_id, "{field.column}") REFERENCES "{target}" (workspace_id, "id")'
                    " DEFERRABLE INITIALLY IMMEDIATE",
                )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """The walls fall with the table."""

    def describe(self) -> str:
        return f"Raise the walls of {self.model}"


def _once(schema_editor: BaseDatabaseSchemaEditor, table: str, name: str, clause: str) -> None:
    """Add a constraint that is not there yet. One that is stays: other tables' walls may lean on it."""
    short = name[:63]
    schema_editor.execute(
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = '{table}'::regclass"  # noqa: S608  # our own names
        f" AND conname = '{short}') THEN"
        f' ALTER TABLE "{table}" ADD CONSTRAINT "{short}" {clause}; END IF; END $$',
        params=None,
    )


class Passage(Operation):
    """Make a function that may look across walls.

    `signature` is the name with argument types, `returns` and `body` are SQL; `reads` names for each table the columns
    that the function's owner may read, `writes` the columns it may update. `to` is the role that may call it.
    """

    reversible = True

    def __init__(
        self,
        signature: str,
        *,
        returns: str,
        body: str,
        reads: dict[str, str],
        writes: dict[str, str] | None = None,
        to: str = "troth_app",
        language: str = "sql",
        volatility: str = "STABLE",
    ) -> None:
        self.signature = signature
        self.returns = returns
        self.body = body
        self.reads = reads
        self.writes = writes or {}
        self.to = to
        self.language = language
        self.volatility = volatility

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        options = {"returns": self.returns, "body": self.body, "reads": self.reads, "writes": self.writes}
        options |= {"to": self.to, "language": self.language, "volatility": self.volatility}
        return self.__class__.__qualname__, [self.signature], options

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Functions are in the database only."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        run = schema_editor.execute
        for table, columns in self.reads.items():
            run(f'GRANT SELECT ({columns}) ON "{table}" TO troth_definer')
            _open(schema_editor, table, "SELECT", "passage_reads", "USING (true)")
        for table, columns in self.writes.items():
            run(f'GRANT UPDATE ({columns}) ON "{table}" TO troth_definer')
            _open(schema_editor, table, "UPDATE", "passage_writes", "USING (true) WITH CHECK (true)")
        run(
            f"CREATE OR REPLACE FUNCTION {self.signature} RETURNS {self.returns} LANGUAGE {self.language} "
            f"{self.volatility} SECURITY DEFINER SET search_path = pg_catalog, public AS $passage$ {self.body} $passage$",
            params=None,
        )
        plain = _types_only(self.signature)
        run(f"ALTER FUNCTION {plain} OWNER TO troth_definer", params=None)
        run(f"REVOKE ALL ON FUNCTION {plain} FROM PUBLIC, troth_app, troth_door", params=None)
        run(f"GRANT EXECUTE ON FUNCTION {plain} TO {self.to}", params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {_types_only(self.signature)}", params=None)

    def describe(self) -> str:
        return f"Open the passage {self.signature}"


def _open(schema_editor: BaseDatabaseSchemaEditor, table: str, command: str, policy: str, clause: str) -> None:
    schema_editor.execute(f'DROP POLICY IF EXISTS {policy} ON "{table}"')
    schema_editor.execute(f'CREATE POLICY {policy} ON "{table}" FOR {command} TO troth_definer {clause}')


def _types_only(signature: str) -> str:
    """Turn "name(who uuid, what text[])" into "name(uuid, text[])"."""
    name, _, arguments = signature.partition("(")
    types = [part.strip().split(" ", 1)[1] for part in arguments.rstrip(")").split(",") if part.strip()]
    return f"{name}({', '.join(types)})"
