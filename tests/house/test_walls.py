"""Between two workspaces stand three walls, and each stands alone: take the other two away and nobody gets through."""

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection as django_connection
from django.db import connections, models
from psycopg.conninfo import make_conninfo

from tests.house import walls
from tests.house.walls import Furnished, Model, attempt, run, wall_keys, walled_models
from troth.base.ids import new_id
from troth.base.sealing import store
from troth.workspaces.models import SameWorkspaceKey, Workspace, WorkspaceModel
from troth.workspaces.scope import NoScope, scope
from troth.workspaces.walls import Wall

pytestmark = pytest.mark.clause("B3.3")

# The tables that belong to no workspace, and why.
WITHOUT_WORKSPACE = {
    "accounts.CacheEntry": "counters of attempts, before anybody is known",
    "accounts.MailChoice": "a person's, in all workspaces",
    "accounts.QueuedMail": "mail to people who may be in no workspace yet",
    "accounts.Session": "a person's, in all workspaces",
    "audit.Entry": "walled by policies of its own: the installation has a chain too",
    "support.Breach": "a register of the installation; whoever is affected is told",
    "support.BreakGlass": "a register of the installation; names workspaces by id, and outlives them",
    "support.LegalDisclosure": "a register of the installation; names workspaces by id, and outlives them",
    "support.OperatorHold": "a register of the installation; names workspaces by id, and outlives them",
    "support.StaffMember": "a person of the operator's, in no workspace by it",
    "accounts.User": "a person may be in many workspaces",
    "account.EmailAddress": "a person's",
    "account.EmailConfirmation": "a person's",
    "mfa.Authenticator": "a person's",
    "auth.Group": "the library's, empty",
    "auth.Permission": "the library's, the same for all",
    "contenttypes.ContentType": "the library's, the same for all",
    "ingest.Delivery": "one body may carry several workspaces' events",
    "privacy.Erasure": "a workspace's wall of its own, since it outlives the workspace; ids and counts",
    "privacy.OperatorCase": "a request to whoever runs the installation",
    "privacy.PersonalExport": "a person's, across all workspaces",
    "privacy.PolicyNotice": "the installation's: when all owners were told of a policy",
    "privacy.ProbeResult": "the installation's: counts without people",
    "privacy.MetaRequest": "Meta passes it on for people of an app, not of a workspace",
    "procrastinate.ProcrastinateEvent": "jobs carry ids only",
    "procrastinate.ProcrastinateJob": "jobs carry ids only",
    "procrastinate.ProcrastinatePeriodicDefer": "jobs carry ids only",
    "procrastinate.ProcrastinateWorker": "jobs carry ids only",
}

# Every function that runs with more rights than its caller: all passages, who may call them, nothing else.
PASSAGES = {
    "anchor_readers()": {"troth_app"},
    "audit_heads(timestamp with time zone)": {"troth_app"},
    "channel_door(uuid)": {"troth_app", "troth_door"},
    "channels_bound()": {"troth_app"},
    "channels_for(text[],text[])": {"troth_app"},
    "grants_over(timestamp with time zone)": {"troth_app"},
    "help_place(uuid)": {"troth_app"},
    "help_waiting(timestamp with time zone)": {"troth_app"},
    "case_by_token(bytea)": {"troth_app"},
    "cases_due(timestamp with time zone)": {"troth_app"},
    "export_by_link(bytea)": {"troth_app"},
    "exports_due(timestamp with time zone,timestamp with time zone)": {"troth_app"},
    "imports_due(timestamp with time zone)": {"troth_app"},
    "invitation_by_token(bytea)": {"troth_app"},
    "memberships_alive(uuid[])": {"troth_app"},
    "number_is_taken(text)": {"troth_app"},
    "outbox_waiting()": {"troth_app"},
    "files_waiting()": {"troth_app"},
    "hashes_old()": {"troth_app"},
    "template_accounts()": {"troth_app"},
    "scheduled_due(timestamp with time zone)": {"troth_app"},
    "places_ever_of(uuid)": {"troth_app"},
    "workspace_by_handle(text)": {"troth_app"},
    "owners_of_all()": {"troth_app"},
    "usage_totals(date)": {"troth_app"},
    "workspace_enter(text,uuid)": {"troth_app"},
    "workspace_place(text)": {"troth_app"},
    "workspaces_all()": {"troth_app"},
    "workspaces_of(uuid)": {"troth_app"},
}

models_named = pytest.mark.parametrize("model", walled_models(), ids=lambda model: model._meta.label)


@pytest.fixture(scope="module")
def database() -> Iterator[walls.Connection]:
    """A superuser's connection to the test's database, whom no wall holds; all its work is taken back."""
    name = psycopg.conninfo.conninfo_to_dict(os.environ["APP_DATABASE_URL"])["dbname"]
    with walls.undone(make_conninfo(os.environ["TROTH_TEST_SUPERUSER"], dbname=name)) as connection:
        yield connection


@pytest.fixture(scope="module")
def ours(database: walls.Connection) -> Furnished:
    return walls.furnish(database)


@pytest.fixture(scope="module")
def theirs(database: walls.Connection, ours: Furnished) -> Furnished:
    return walls.furnish(database)


def test_every_table_belongs_to_a_workspace_or_is_listed_with_the_reason() -> None:
    outside = {model._meta.label for model in apps.get_models() if model not in walled_models()}
    assert outside == set(WITHOUT_WORKSPACE)


def test_every_row_of_a_workspace_uses_the_same_walls() -> None:
    assert [model for model in walled_models() if not issubclass(model, WorkspaceModel)] == [Workspace]


# The first wall: managers


@models_named
def test_a_manager_refuses_without_a_scope(model: Model) -> None:
    assert isinstance(model._base_manager, type(model._default_manager))
    for manager in (model._default_manager, model._base_manager, *model._meta.managers):
        with pytest.raises(NoScope):
            manager.count()
    with pytest.raises(NoScope):
        model._base_manager.bulk_create([model()])


@models_named
@pytest.mark.django_db
def test_a_manager_keeps_to_its_scope_even_where_the_database_shows_another(model: Model) -> None:
    id, other = new_id(), new_id()
    store().create(str(id))
    with scope(id), django_connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.workspace_id', %s, true)", [str(other)])
        query = str(model._default_manager.all().values("pk").query)
        assert f'"{model._meta.db_table}"."{walls.wall_column(model)}" = {id}' in query
        assert not model._base_manager.exists()


# The second wall: keys


def test_a_key_between_rows_of_workspaces_is_always_one_that_stays_inside() -> None:
    loose = [
        f"{model._meta.label}.{key.name}"
        for model in walled_models()
        for key in walls.keys_between_walled(model)
        if not isinstance(key, SameWorkspaceKey)
    ]
    many = [
        f"{model._meta.label}.{field.name}"
        for model in walled_models()
        for field in model._meta.local_many_to_many
        if isinstance(field, models.ManyToManyField)
    ]
    assert loose == many == []
    assert len(wall_keys()) > 20


@models_named
def test_a_key_cannot_point_into_another_workspace(
    model: Model, database: walls.Connection, ours: Furnished, theirs: Furnished
) -> None:
    assert walls.holes_in_keys(database, model, ours=ours, theirs=theirs) == []


@pytest.mark.parametrize(("model", "column"), wall_keys(), ids=lambda part: getattr(part, "__name__", part))
def test_the_look_at_keys_sees_a_missing_wall(
    model: Model, column: str, database: walls.Connection, ours: Furnished, theirs: Furnished
) -> None:
    with attempt(database):
        run(
            database, "ALTER TABLE {} DROP CONSTRAINT {}", model._meta.db_table, f"{model._meta.db_table}_{column}_wall"
        )
        assert walls.holes_in_keys(database, model, ours=ours, theirs=theirs) == [column]


@pytest.mark.django_db(databases=["owner"])
def test_raising_the_walls_of_a_table_again_leaves_those_of_others_standing(database: walls.Connection) -> None:
    every_key = "SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE contype IN ('f', 'u')"
    before = set(run(database, every_key))
    state = SimpleNamespace(apps=apps)
    with connections["owner"].schema_editor(collect_sql=True) as editor:
        for model in walled_models():
            if model is not Workspace:
                Wall(model.__name__).database_forwards(model._meta.app_label, editor, state, state)
    with attempt(database):
        for statement in editor.collected_sql:
            database.execute(statement)
        assert set(run(database, every_key)) == before


# The third wall: row-level security


@models_named
def test_row_security_is_forced_by_the_one_policy(model: Model, database: walls.Connection) -> None:
    assert walls.holes_in_row_security(database, model) == []


@models_named
def test_the_app_sees_and_touches_nothing_beyond_its_scope(
    model: Model, database: walls.Connection, ours: Furnished, theirs: Furnished
) -> None:
    assert walls.holes_seen_by_the_app(database, model, ours=ours, theirs=theirs) == []


@models_named
def test_the_look_at_row_security_sees_a_missing_wall(
    model: Model, database: walls.Connection, ours: Furnished, theirs: Furnished
) -> None:
    with attempt(database):
        run(database, "ALTER TABLE {} DISABLE ROW LEVEL SECURITY", model._meta.db_table)
        assert walls.holes_in_row_security(database, model) == ["is not enabled"]
        assert len(walls.holes_seen_by_the_app(database, model, ours=ours, theirs=theirs)) == 6
    with attempt(database):
        run(database, "ALTER POLICY {} ON {} USING (true) WITH CHECK (true)", walls.POLICY, model._meta.db_table)
        assert len(walls.holes_in_row_security(database, model)) == 1
        assert len(walls.holes_seen_by_the_app(database, model, ours=ours, theirs=theirs)) == 6
    with attempt(database):
        run(database, "ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", model._meta.db_table)
        assert walls.holes_in_row_security(database, model) == ["is not forced"]


# The roles that the walls are for


def test_the_roles_that_connect_own_nothing_and_bypass_nothing(database: walls.Connection) -> None:
    roles = run(
        database,
        "SELECT rolname::text, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication, rolcanlogin"
        " FROM pg_roles WHERE rolname LIKE 'troth%%' AND rolname <> 'troth_owner' ORDER BY 1",
    )
    assert roles == [("troth_app", False, True), ("troth_definer", False, False), ("troth_door", False, True)]
    owned = run(
        database,
        "SELECT c.relname::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY(%s)"
        " UNION SELECT p.proname::text FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner"
        " WHERE r.rolname IN ('troth_app', 'troth_door')",
        values=[["troth_app", "troth_door", "troth_definer"]],
    )
    assert owned == []
    followers = run(
        database,
        "SELECT m.rolname::text, r.rolname::text FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid"
        " JOIN pg_roles m ON m.oid = a.member WHERE m.rolname IN ('troth_app', 'troth_door', 'troth_definer')",
    )
    assert followers == []


def test_the_app_may_not_change_tables_make_objects_or_empty_a_table(database: walls.Connection) -> None:
    mighty = run(
        database,
        "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r','p')"
        " AND has_table_privilege('troth_app', c.oid, 'TRUNCATE, REFERENCES, TRIGGER')",
    )
    assert mighty == []
    for role in ("troth_app", "troth_door"):
        assert run(database, "SELECT has_schema_privilege(%s, 'public', 'CREATE')", values=[role]) == [(False,)]


def test_the_door_may_insert_deliveries_and_do_nothing_else(database: walls.Connection) -> None:
    rights = run(
        database,
        "SELECT c.relname::text, p FROM pg_class c, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE',"
        " 'REFERENCES', 'TRIGGER']) AS p WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')"
        " AND has_table_privilege('troth_door', c.oid, p)",
    )
    assert rights == [("ingest_delivery", "INSERT")]
    columns = run(
        database,
        "SELECT table_name::text FROM information_schema.column_privileges WHERE grantee = 'troth_door'"
        " AND privilege_type <> 'INSERT'",
    )
    assert columns == []
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        attempt(database),
        walls.acting_as(database, "troth_door"),
    ):
        run(database, "SELECT 1 FROM ingest_delivery")
    functions = run(
        database,
        "SELECT p.proname::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
        " AND p.prorettype <> 'trigger'::regtype AND has_function_privilege('troth_door', p.oid, 'EXECUTE')",
    )
    assert functions == [("channel_door",)]


def test_only_the_listed_passages_look_across_walls(database: walls.Connection) -> None:
    found = run(
        database,
        "SELECT p.oid::regprocedure::text, r.rolname::text, p.proconfig FROM pg_proc p"
        " JOIN pg_roles r ON r.oid = p.proowner WHERE p.prosecdef",
    )
    assert {name for name, _, _ in found} == set(PASSAGES)
    for name, owner, settings in found:
        assert owner == "troth_definer", name
        assert settings == ["search_path=pg_catalog, public"], name
    callers: dict[str, set[str]] = {name: set() for name in PASSAGES}
    for name, role in run(
        database,
        "SELECT p.oid::regprocedure::text, r.rolname::text FROM pg_proc p, pg_roles r WHERE p.prosecdef"
        " AND NOT r.rolsuper AND r.rolname NOT IN ('troth_owner', 'troth_definer')"
        " AND r.rolname NOT LIKE 'pg\\_%%' AND has_function_privilege(r.oid, p.oid, 'EXECUTE')",
    ):
        callers[name].add(role)
    assert callers == PASSAGES


def test_no_view_reaches_around_the_walls(database: walls.Connection) -> None:
    views: list[Any] = run(
        database,
        "SELECT relname::text FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace",
    )
    assert views == []
