"""The restore drill: whatever is restored, however old, the living are all there and nobody who was forgotten is.

A month is virtual: backups are as old as they state. The real PostgreSQL, the product's own commands, all words sealed as
they are in life.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.backup import restoring
from config.backup.backup_key import backup_key
from config.backup.chain import Reader
from config.backup.making import Made, make_backup
from config.backup.parcels import DATABASE, Unpacker
from config.backup.refusals import Wanted
from config.backup.restoring import Restored, finish, restore
from config.backup.shelf import DATA, shelves
from config.backup.telling import Voice
from config.home import CHECKOUT
from config.supervise.addresses import APP, DOOR, OWNER, addresses, embedded
from config.supervise.binaries import installed
from config.supervise.prepare import django, forget_again
from config.supervise.restored import unfinished
from config.supervise.throwaway import Cluster
from config.trouble import Trouble
from tests.house.canaries import found_below, found_in
from tests.house.catalogue import catalogue
from tests.house.drill.homes import OURS, Home, copied, furnished, furnished_outside, told
from tests.thorough import some

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
BEGUN = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)
OLDEST = BEGUN + 9 * DAY  # on day 30, this backup is 21 days old to the second
TODAY = BEGUN + 30 * DAY
UNCERTAIN = 30
NOT_SENT = 1
SILENT = Voice(for_machine=True)
EVIDENCE = {"audit_entry", "privacy_erasure", "contacts_suppression"}  # ids of whom was forgotten, and when: no word


@pytest.fixture(scope="module")
def stage() -> Iterator[Home]:
    """A furnished home that every test copies."""
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        yield furnished(Path(folder))


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if any(part in name for part in OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", told(Path("/"))["DJANGO_SETTINGS_MODULE"])


@pytest.fixture
def home(stage: Home) -> Iterator[Home]:
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        yield copied(stage, Path(folder))


def words_of(home: Home, *people: str) -> list[str]:
    return [word for name, word in home.words.items() if name.rpartition(" ")[2] in people]


def back_up(home: Home, *, at: datetime = OLDEST) -> Made:
    return make_backup(home.path, at=at, voice=SILENT)


def restored(home: Home, backup: Path, *, at: datetime = TODAY, **options: Any) -> Restored:
    return restore(home.path, Wanted(backup=backup, **options), at=at, voice=SILENT)


def refused(home: Home, backup: Path, **options: Any) -> str:
    with pytest.raises(Trouble) as told_why:
        restored(home, backup, **options)
    return str(told_why.value)


def forget(home: Home) -> None:
    """Forget one contact of Kopi, and Rival as a whole."""
    with home.running():
        home.ask("forgetting.forget_contact", home.ids["kopi"], home.ids["forgotten"])
        home.ask("forgetting.forget_workspace", home.ids["rival"])


def shown(home: Home) -> tuple[str, dict[str, Any]]:
    """Return every word that this home can be made to show, and how things stand in it."""
    with home.running():
        readable, state = home.ask("people.readable"), home.ask("people.state")
    assert readable["shut"] == 0
    return readable["words"], state


def names(home: Home, text: str) -> set[str]:
    """Return which planted words stand in a text, by name."""
    found = {word for word, _ in found_in(text.encode(), home.words.values())}
    return {name for name, word in home.words.items() if word in found}


def tables_with(id: str, rows: str) -> set[str]:
    """Return which tables of a dump in text hold an id."""
    found, table = set(), ""
    for line in rows.splitlines():
        if line.startswith("COPY "):
            table = line.split()[1].removeprefix("public.")
        if id in line:
            found.add(table)
    return found


def pictures(home: Home) -> set[str]:
    found = {word for word, _, _ in found_below(home.path / "media", home.words.values())}
    return {name for name, word in home.words.items() if word in found}


def databases(home: Home) -> set[str]:
    with home.running(), home.superuser() as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate")}


def of(home: Home, *people: str) -> set[str]:
    return {name for name in home.words if name.rpartition(" ")[2] in people}


def untouched(home: Home) -> None:
    """Make sure that the home is as it was when it was furnished, and that nothing lies beside it."""
    words, state = shown(home)
    assert of(home, "living", "forgotten", "rivals") - pictures(home) <= names(home, words)
    assert pictures(home) == {f"picture of {who}" for who in ("living", "forgotten", "rivals")}
    assert state["sessions"] == 1
    assert databases(home) == {"postgres", "troth"}
    assert not (home.path / "restoring").exists()
    assert [path.name for path in home.path.iterdir() if path.name.endswith((".restoring", ".replaced"))] == []


# The promise


@pytest.mark.clause("B4.2", "X37")
def test_the_oldest_backup_restored_on_day_30_shows_all_of_the_living_and_nobody_who_was_forgotten(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = back_up(home).data
    forget(home)
    before_replay: dict[str, str] = {}

    def look_first(*given: Any, **more: Any) -> bool:
        draft = Path(given[1]["TROTH_HOME"])
        before_replay["rows"] = _raw_dump(given[0])
        before_replay["media"] = " ".join(path.read_text() for path in (draft / "media").rglob("picture"))
        return forget_again(*given, **more)

    monkeypatch.setattr(restoring, "forget_again", look_first)
    done = restored(home, backup)

    for who in ("forgotten", "rivals", "living"):
        assert home.ids[who] in before_replay["rows"], "the old backup holds everybody, the forgotten too"
        assert home.words[f"picture of {who}"] in before_replay["media"]
    words, state = shown(home)
    assert names(home, words) >= {"name of living", "said by living", "phone of living", "answer"}
    assert names(home, words) & of(home, "forgotten", "rivals") == set()
    assert pictures(home) == {"picture of living"}
    assert found_below(home.path / "media", words_of(home, "forgotten", "rivals")) == set()
    with home.running(), home.superuser() as connection:
        rows = _raw_dump(_address(connection))
    assert home.ids["living"] in rows
    assert {where for who in ("forgotten", "rivals", "rival") for where in tables_with(home.ids[who], rows)} <= EVIDENCE
    assert tables_with(home.ids["rivals"], rows) == set(), "of who was in a forgotten workspace no id stays either"
    assert state["rings"] == sorted(["installation", home.ids["kopi"]])
    assert databases(home) == {"postgres", "troth"}, "nothing of what was replaced is left"
    assert done.made_at == OLDEST


def test_a_day_later_that_backup_is_refused_and_the_next_sweep_deletes_it(home: Home) -> None:
    backup = back_up(home).data
    assert "backups of data live for 21 days" in refused(home, backup, at=TODAY + DAY)
    untouched(home)
    assert backup in back_up(home, at=TODAY + DAY).removed
    assert not backup.exists()


@pytest.mark.clause("B5.2", "X36")
def test_a_stolen_backup_says_nothing_and_with_the_backup_key_alone_only_what_is_never_sealed(home: Home) -> None:
    made = back_up(home)
    hidden = [*home.words.values(), "alice@example.test", home.ids["living"]]
    assert found_below(home.path / "backups", hidden) == set()
    dump = _unpacked(made.data, home)
    assert found_in(dump, ["alice@example.test", home.ids["living"]]) != set(), "the search finds what is in the dump"
    sealed = [word for name, word in home.words.items() if not name.startswith("picture")]
    assert found_in(dump, sealed) == set()
    rings = home.path / "keys" / "rings" / f"{home.ids['kopi']}.json"
    assert json.loads(rings.read_text())["index"].encode() not in dump, "keys are not in it"


# What is as before, and what is not


def test_roles_rights_and_walls_are_as_before(home: Home) -> None:
    with home.running(), home.superuser() as connection:
        before = catalogue(connection)
    assert len(before) > 300
    restored(home, back_up(home).data)
    with home.running(), home.superuser() as connection:
        assert catalogue(connection) == before


def test_what_was_under_way_is_settled_and_nothing_is_sent_twice(home: Home) -> None:
    before = shown(home)[1]
    assert before["sessions"] == 1
    assert before["mails"] == 1
    done = restored(home, back_up(home).data)
    assert done.settled == {
        "sessions ended": 1,
        "mails given up": 1,
        "messages uncertain": 2,
        "scheduled messages held": 1,
        "jobs set aside": 1,
        "grants ended": 2,
        "break-glass sessions ended": 0,
    }
    state = shown(home)[1]
    assert (state["sessions"], state["mails"]) == (0, 0)
    assert [state["statuses"][home.ids[one]] for one in ("on its way", "waits")] == [UNCERTAIN, UNCERTAIN]
    assert state["scheduled"] == [NOT_SENT], "it may have been said or taken back since"
    assert state["jobs"].pop(str(home.ids["later"])) == "todo", "its time has not come, so it cannot have run"
    assert set(state["jobs"].values()) == {"cancelled"}
    assert state["deliveries"] == before["deliveries"] == 1, "what came in and was not read yet is read now"


def test_the_present_is_kept_and_can_be_restored_in_its_turn(home: Home) -> None:
    first = back_up(home, at=TODAY - DAY).data
    with home.running(), home.superuser() as connection:
        connection.execute("CREATE TABLE since ()")
        connection.execute("ALTER TABLE since OWNER TO troth_owner")
    kept = restored(home, first).present_kept_as
    assert kept is not None
    with home.running(), home.superuser() as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT FROM since")
    restored(home, kept)
    with home.running(), home.superuser() as connection:
        connection.execute("SELECT FROM since")


# Keys


@pytest.mark.clause("B4.2")
def test_a_lost_machine_comes_back_from_both_backups_without_whom_was_forgotten(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = back_up(home, at=TODAY - 2 * DAY)
    forget(home)
    back_up(home, at=TODAY - DAY)  # its journal knows of them; the older backup's does not
    monkeypatch.setenv("TROTH_BACKUP_KEY", (home.path / "secrets" / "backup").read_text())
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        new = Home(Path(folder), home.words, home.ids)
        shutil.copytree(home.path / "backups", new.path / "backups")
        data, keys = (new.path / one.relative_to(home.path) for one in (old.data, old.keys))
        assert "take the newest backup of the keys with --keys-from" in refused(new, data)
        assert "There is a newer backup of the keys" in refused(new, data, keys=keys)
        restored(new, data, keys=keys, replace_keys=True)
        words, state = shown(new)
        assert names(new, words) >= {"name of living", "said by living"}
        assert names(new, words) & of(new, "forgotten", "rivals") == set()
        assert pictures(new) == {"picture of living"}
        assert state["rings"] == sorted(["installation", home.ids["kopi"]]), "destroyed keys went again"


def test_a_destroyed_ring_is_not_brought_back_by_an_older_backup_of_the_keys(home: Home) -> None:
    made = back_up(home)
    with home.running():
        home.ask("forgetting.lose_keys", home.ids["rival"])
    refusal = refused(home, made.data, keys=made.keys, at=OLDEST + DAY)
    assert "they open older backups too: leave --keys-from away" in refusal
    assert "do not open 1 workspaces in this backup" in refused(home, made.data)
    restored(home, made.data, leave_unreadable=True)
    assert not (home.path / "keys" / "rings" / f"{home.ids['rival']}.json").exists()


def test_keys_that_were_replaced_since_are_noticed_and_those_of_the_time_open_the_backup(home: Home) -> None:
    made = back_up(home)
    with home.running():
        home.ask("forgetting.replace_keys", home.ids["kopi"])
    assert "do not open 1 workspaces in this backup: they were replaced or lost since" in refused(home, made.data)
    restored(home, made.data, keys=made.keys, replace_keys=True, at=OLDEST + DAY)
    assert "said by living" in names(home, shown(home)[0])


# What is refused, and leaves everything as it was


def test_a_wrong_key_and_a_damaged_or_cut_file_are_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = back_up(home).data
    whole = backup.read_bytes()
    backup.write_bytes(whole[:-1000])
    assert "cut short" in refused(home, backup)
    backup.write_bytes(whole[:5000] + b"\0" + whole[5001:])
    assert "is damaged" in refused(home, backup)
    backup.write_bytes(whole)
    monkeypatch.setenv("TROTH_BACKUP_KEY", base64.b64encode(bytes(32)).decode())
    assert "set TROTH_BACKUP_KEY to the key of that time" in refused(home, backup)
    untouched(home)


def test_a_backup_of_a_newer_troth_is_refused(home: Home) -> None:
    with home.running(), home.superuser() as connection:
        connection.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('inbox', '9999_later', now())")
    assert "made by a newer Troth: it knows the step inbox.9999_later" in refused(home, back_up(home).data)


def test_a_backup_of_an_older_troth_is_brought_up_to_date(home: Home) -> None:
    """The older one has not taken the last step of the inbox."""
    with home.running(), home.superuser() as connection:
        owner, app, door = (embedded(role, within=home.path) for role in (OWNER, APP, DOOR))
        here = told(home.path, DATABASE_URL=owner, APP_DATABASE_URL=app, DOOR_DATABASE_URL=door)
        django(here, "migrate", "inbox", "0001", "--database=owner", "--no-input")
        assert connection.execute("SELECT to_regproc('files_waiting')").fetchone() == (None,)
        connection.execute("COMMENT ON SCHEMA public IS NULL")
    backup = back_up(home).data
    restored(home, backup)
    with home.running(), home.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM files_waiting()").fetchone() == (0,)


def test_nothing_is_restored_where_the_product_runs(home: Home) -> None:
    backup = back_up(home).data
    with home.running():
        assert "already running" in refused(home, backup)


def test_nothing_opens_where_nobody_can_be_forgotten_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = back_up(home).data
    with home.running():
        home.ask("forgetting.forget_contact", home.ids["kopi"], home.ids["forgotten"])
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.house.drill.settings_without")
    assert "nothing in this Troth can forget them again" in refused(home, backup)
    assert databases(home) == {"postgres", "troth"}


def test_what_cannot_be_kept_is_not_replaced_unless_somebody_says_so(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    backup = back_up(home).data
    (tmp_path / "file").touch()
    monkeypatch.setenv("TROTH_KEY_BACKUP_FOLDER", str(tmp_path / "file" / "inside"))
    assert "To restore without keeping it, add --discard-present" in refused(home, backup)
    untouched(home)
    assert restored(home, backup, discard_present=True).present_kept_as is None


# A server of the operator's


@pytest.mark.clause("B4.2")
def test_on_a_server_of_the_operators_all_is_as_on_ours_and_nobody_needs_to_be_a_superuser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Cluster() as outside, tempfile.TemporaryDirectory(prefix="troth-") as folder:
        home = furnished_outside(Path(folder), outside)
        for name, address in home.named.items():
            monkeypatch.setenv(name, address)
        monkeypatch.setenv("TROTH_HOME", folder)
        managed = outside.server.superuser_address("managed")
        with psycopg.connect(managed) as connection:
            before = catalogue(connection)
        backup = back_up(home).data
        home.ask("forgetting.forget_contact", home.ids["kopi"], home.ids["forgotten"])
        home.ask("forgetting.forget_workspace", home.ids["rival"])
        with psycopg.connect(addresses().app):
            assert "Somebody still uses the database managed (1 connections): stop web and worker" in refused(
                home, backup
            )
        restored(home, backup)
        words = home.ask("people.readable")["words"]
        assert names(home, words) >= {"name of living", "said by living", "phone of living", "answer"}
        assert names(home, words) & of(home, "forgotten", "rivals") == set()
        with psycopg.connect(managed) as connection:
            assert catalogue(connection) == before
            found = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'managed%'").fetchall()
        assert found == [("managed",)]


# A database that came back by another way


@pytest.mark.clause("B4.2")
def test_a_database_that_its_provider_brought_back_is_not_opened_with_the_forgotten_in_it(home: Home) -> None:
    with home.running(), home.superuser() as connection:
        older = _raw_dump(_address(connection))
    forget(home)
    with home.running() as server, psycopg.connect(server.superuser_address(), autocommit=True) as connection:
        connection.execute("ALTER DATABASE troth RENAME TO newer")
        connection.execute("CREATE DATABASE troth OWNER troth_owner TEMPLATE template0")
        psql = [
            installed().program("psql"),
            "--dbname",
            server.superuser_address("troth"),
            "--quiet",
            "--output=/dev/null",
        ]
        subprocess.run(psql, input=older, text=True, check=True, capture_output=True)
        done = subprocess.run(
            [sys.executable, "-m", "config.supervise.prepare"],
            env=told(home.path),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert "Forgotten: again" in done.stdout
    words, _ = shown(home)
    assert names(home, words) & of(home, "forgotten", "rivals") == set()
    assert "said by living" in names(home, words)


# Whatever cuts it short

CUT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from config.backup import drafts, making, restoring
from config.backup.refusals import Wanted
from config.backup.telling import Voice

def die(*_given, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def both(*given, **more):
        function(*given, **more)
        die()
    return both

home, backup, at, moment = Path(sys.argv[1]), Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4]
if moment == "dumping":
    real = making.programs.dump
    def dump(*given, **more):
        yield next(real(*given, **more))
        die()
    making.programs.dump = dump
elif moment == "filling":
    restoring.programs.fill = lambda reach, database, parts, **more: (next(parts), die())
elif moment == "filled":
    restoring.share_out = die
elif moment == "settled":
    restoring.forget_again = die
elif moment == "marked":
    restoring.drafts.put_in_place = die
elif moment == "media moved":
    drafts._replace = after(drafts._replace)
elif moment == "media half moved":
    drafts.os.rename = after(os.rename)
elif moment == "all in place":
    restoring.drafts.put_in_place = after(drafts.put_in_place)
if moment == "dumping":
    making.make_backup(home, at=at, voice=Voice(for_machine=False))
else:
    restoring.restore(home, Wanted(backup=backup, discard_present=True), at=at, voice=Voice(for_machine=False))
"""


def cut_short(home: Home, backup: Path, moment: str) -> None:
    """Begin, and be killed at this moment."""
    done = subprocess.run(
        [sys.executable, "-c", CUT, str(home.path), str(backup), TODAY.isoformat(), moment],
        env=told(home.path),
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_backup_that_was_killed_leaves_nothing_that_counts_and_the_next_one_sweeps_it_away(home: Home) -> None:
    whole = back_up(home).data
    cut_short(home, whole, "dumping")
    folder = shelves(home.path)[DATA].folder
    assert len(list(folder.iterdir())) == 2, "the half of one is there"
    assert [one.path for one in shelves(home.path)[DATA].backups()] == [whole]
    back_up(home, at=TODAY)
    assert not [path for path in folder.iterdir() if path.name.endswith(".part")]
    untouched(home)


@pytest.mark.parametrize("moment", some(everyday=["filled"], others=["filling", "settled"]))
def test_a_restore_that_was_killed_while_it_was_built_leaves_the_present_working(home: Home, moment: str) -> None:
    backup = back_up(home).data
    forget(home)
    cut_short(home, backup, moment)
    assert unfinished(home.path) is None
    words, state = shown(home)
    assert names(home, words) >= {"name of living", "answer"}
    assert state["sessions"] == 1
    assert databases(home) == {"postgres", "troth", "troth_restoring"}
    back_up(home, at=TODAY)
    assert databases(home) == {"postgres", "troth"}, "the half with the forgotten in it is gone with the next backup"
    assert not list(home.path.glob(".media.*"))


@pytest.mark.parametrize(
    "moment", some(everyday=["media half moved", "all in place"], others=["marked", "media moved"])
)
def test_a_restore_that_was_killed_at_the_last_moment_opens_nothing_and_is_finished_by_anybody(
    home: Home, moment: str
) -> None:
    backup = back_up(home).data
    forget(home)
    cut_short(home, backup, moment)
    sentence = f"A restore in {home.path} was cut short before all was in place: run bin/restore --finish, then start."
    for command in (["config.serve"], ["django", "worker"], ["config.supervise.run"], ["config.backup.backup"]):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env=told(home.path),
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1, command
        assert done.stderr.strip() == sentence, command
    assert "run bin/restore --finish first" in refused(home, backup)
    finish(home.path, voice=SILENT)
    words, state = shown(home)
    assert names(home, words) >= {"name of living", "answer"}
    assert names(home, words) & of(home, "forgotten", "rivals") == set()
    assert (state["sessions"], pictures(home)) == (0, {"picture of living"})
    assert databases(home) == {"postgres", "troth"}
    with pytest.raises(Trouble, match="No restore waits to be finished"):
        finish(home.path, voice=SILENT)


# Helpers


def _address(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    return psycopg.conninfo.make_conninfo(connection.info.dsn, password=connection.info.password)


def _raw_dump(address: str) -> str:
    """Return a database as text, rows and all, past row-level security."""
    told = psycopg.conninfo.conninfo_to_dict(address)
    secret = (Path(str(told["host"])).parent.parent / "secrets" / "database-superuser").read_text()
    whole = psycopg.conninfo.make_conninfo(address, user="postgres", password=secret)
    return subprocess.run(
        [installed().program("pg_dump"), "--dbname", whole], capture_output=True, text=True, check=True
    ).stdout


def _unpacked(backup: Path, home: Home) -> bytes:
    """Return the dump in a backup as text, as somebody with the backup key can."""
    for name, parts in Unpacker(Reader(backup, backup_key(home.path, make=False))).parcels():
        if name == DATABASE:
            command = [installed().program("pg_restore"), "--file=-"]
            return subprocess.run(command, input=b"".join(parts), capture_output=True, check=True).stdout
    raise AssertionError("no database in it")
