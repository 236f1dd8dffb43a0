"""The roles and what each may do, on our own server and on the operator's."""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import errors

from config.supervise import database, prepare
from config.supervise.addresses import Addresses, addresses
from config.supervise.throwaway import Cluster
from config.trouble import Trouble


@pytest.fixture(scope="module")
def made(cluster: Cluster) -> Addresses:
    """A database with one table and one function, made by the owner as a migration would."""
    found = cluster.database("troth")
    with psycopg.connect(found.owner, autocommit=True) as owner:
        owner.execute("CREATE EXTENSION btree_gin")
        owner.execute("CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY, name text)")
        owner.execute("CREATE FUNCTION count_things() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 7'")
        owner.execute("ALTER FUNCTION count_things() OWNER TO troth_definer")
        owner.execute(
            "CREATE OR REPLACE FUNCTION count_things() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT 8'"
        )
    return found


@pytest.fixture
def outside(cluster: Cluster, made: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    """DATABASE_URL names a server that is not ours to start."""
    monkeypatch.setenv("TROTH_HOME", str(cluster.home))
    monkeypatch.setenv("DATABASE_URL", cluster.server.superuser_address("troth"))
    for name in ("APP_DATABASE_URL", "DOOR_DATABASE_URL", "LISTEN_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def run(url: str, command: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(command.encode())
        return cursor.fetchall() if cursor.description else []


def test_the_app_reads_and_writes_and_makes_nothing(made: Addresses) -> None:
    run(made.app, "INSERT INTO things (name) VALUES ('a')")
    assert run(made.app, "SELECT name FROM things") == [("a",)]
    for command in (
        "CREATE TABLE mine ()",
        "CREATE TEMPORARY TABLE mine ()",
        "ALTER TABLE things ADD COLUMN more int",
        "TRUNCATE things",
        "SET ROLE troth_owner",
        "SET ROLE troth_definer",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            run(made.app, command)


def test_the_door_may_do_nothing_that_it_was_not_given(made: Addresses) -> None:
    for command in ("SELECT * FROM things", "INSERT INTO things (name) VALUES ('b')", "SELECT count_things()"):
        with pytest.raises(errors.InsufficientPrivilege):
            run(made.door, command)


def test_no_role_of_ours_has_power_over_the_server(cluster: Cluster, made: Addresses) -> None:
    mighty = run(
        cluster.server.superuser_address(),
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'troth%' AND"
        " (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
    )
    assert mighty == []


def test_the_definer_cannot_log_in(made: Addresses) -> None:
    parts = urlsplit(made.app)
    url = parts._replace(netloc=parts.netloc.replace("troth_app", "troth_definer")).geturl()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_doing_it_twice_changes_nothing(cluster: Cluster, made: Addresses) -> None:
    question = (
        "SELECT nspacl::text, (SELECT array_agg(defaclacl::text ORDER BY oid) FROM pg_default_acl) FROM pg_namespace"
    )
    before = run(cluster.server.superuser_address("troth"), question)
    assert cluster.database("troth") == made
    assert run(cluster.server.superuser_address("troth"), question) == before


def test_a_copy_of_a_template_has_its_tables_and_its_walls(cluster: Cluster, made: Addresses) -> None:
    cluster.database("pattern")
    run(cluster.database("pattern").owner, "CREATE TABLE patterned ()")
    copy = cluster.database("copied", template="pattern")
    assert run(copy.app, "SELECT * FROM patterned") == []
    with pytest.raises(errors.InsufficientPrivilege):
        run(copy.door, "SELECT * FROM patterned")


@pytest.mark.usefixtures("outside")
def test_an_administrators_address_yields_three_roles_of_lesser_power() -> None:
    found = database.prepare_outside()
    assert found == addresses()
    assert [run(url, "SELECT current_user") for url in (found.owner, found.app, found.door)] == [
        [("troth_owner",)],
        [("troth_app",)],
        [("troth_door",)],
    ]


@pytest.mark.usefixtures("outside")
def test_an_old_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_VERSION", 99)
    with pytest.raises(Trouble, match="leads to PostgreSQL 18.*needs version 99 or newer"):
        database.prepare_outside()


@pytest.mark.usefixtures("outside")
def test_an_address_that_may_not_make_roles_is_told_what_to_do(
    made: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", made.owner)
    with pytest.raises(Trouble, match="may not create roles.*APP_DATABASE_URL"):
        database.prepare_outside()


def test_an_administrator_who_is_no_superuser_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    with Cluster() as managed:
        superuser = managed.server.superuser_address()
        run(superuser, "CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'p'")
        run(superuser, "CREATE DATABASE managed OWNER manager")
        address = urlsplit(managed.server.superuser_address("managed"))._replace(netloc="manager:p@").geturl()
        monkeypatch.setenv("TROTH_HOME", str(managed.home))
        monkeypatch.setenv("DATABASE_URL", address)
        for name in ("APP_DATABASE_URL", "DOOR_DATABASE_URL", "LISTEN_DATABASE_URL"):
            monkeypatch.delenv(name, raising=False)
        found = database.prepare_outside()
        assert database.prepare_outside() == found
        run(found.owner, "CREATE EXTENSION btree_gin")
        run(found.owner, "CREATE TABLE ours ()")
        assert run(found.app, "SELECT * FROM ours") == []
        with pytest.raises(errors.InsufficientPrivilege):
            run(found.door, "SELECT * FROM ours")


@pytest.mark.usefixtures("outside")
def test_roles_that_the_operator_made_are_used_as_given(made: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", made.owner)
    monkeypatch.setenv("APP_DATABASE_URL", made.app)
    monkeypatch.setenv("DOOR_DATABASE_URL", made.door)
    monkeypatch.setenv("LISTEN_DATABASE_URL", made.app + "&application_name=direct")
    found = database.prepare_outside()
    assert (found.owner, found.app, found.door) == (made.owner, made.app, made.door)
    assert found.listen.endswith("application_name=direct")


@pytest.mark.usefixtures("outside")
def test_the_app_is_never_let_in_as_somebody_mightier(
    cluster: Cluster, made: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APP_DATABASE_URL", cluster.server.superuser_address("troth"))
    monkeypatch.setenv("DOOR_DATABASE_URL", made.door)
    with pytest.raises(Trouble, match="APP_DATABASE_URL must log in as troth_app"):
        database.prepare_outside()


@pytest.mark.usefixtures("outside")
def test_a_role_that_was_made_mightier_is_noticed(cluster: Cluster, made: Addresses) -> None:
    run(cluster.server.superuser_address(), "ALTER ROLE troth_app BYPASSRLS")
    try:
        with pytest.raises(Trouble, match="troth_app has more power than it should"):
            database.prepare_outside()
    finally:
        run(cluster.server.superuser_address(), "ALTER ROLE troth_app NOBYPASSRLS")


def test_a_refusal_never_shows_the_password(cluster: Cluster, made: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = urlsplit(made.owner)
    monkeypatch.setenv("DATABASE_URL", parts._replace(netloc="troth_owner:planted-word@").geturl())
    with pytest.raises(Trouble, match="does not let us in") as told:
        database.prepare_outside()
    assert "planted-word" not in str(told.value)


def test_tables_that_another_troth_made_are_left_as_they_are(made: Addresses) -> None:
    """One that is newer, or from before the first release: nothing is tried on its tables."""
    run(made.owner, "CREATE TABLE django_migrations AS SELECT 'inbox'::text AS app, '9999_later'::text AS name")
    run(made.owner, "COMMENT ON SCHEMA public IS NULL")
    try:
        with pytest.raises(Trouble, match=r"have taken the step inbox\.9999_later.*TROTH_HOME or DATABASE_URL"):
            prepare.migrate(made.owner, {"PATH": os.environ["PATH"]})
        assert run(made.owner, "SELECT * FROM django_migrations") == [("inbox", "9999_later")]
    finally:
        run(made.owner, "DROP TABLE django_migrations")
