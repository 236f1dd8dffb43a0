"""`bin/backup` and `bin/restore` as a person or a machine runs them: what they say, what they refuse, how they end."""

import fcntl
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.backup.shelf import DATA, shelves
from config.home import CHECKOUT
from config.supervise.database import prepare_embedded
from config.supervise.postgres import Postgres
from config.supervise.restored import Mark

LIMIT_S = 120
OURS = ("DATABASE_URL", "TROTH_", "GRAPH_")


class Done:
    """A command that ended."""

    def __init__(self, code: int, said: str, complained: str) -> None:
        self.code = code
        self.said = said
        self.complained = complained.strip()

    def told(self) -> dict[str, Any]:
        """Return the one object that a machine is told."""
        (line,) = self.said.strip().splitlines()
        found: dict[str, Any] = json.loads(line)
        return found


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not any(part in name for part in OURS)}
    return {**kept, "TROTH_HOME": str(home)}


def run(home: Path, *words: str, **more: str) -> Done:
    done = subprocess.run(
        [str(CHECKOUT / "bin" / words[0]), *words[1:]],
        env={**environment(home), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def furnished(home: Path, server: Postgres) -> Path:
    """A home with a small database, two rings of keys and a picture. Its server does not run."""
    server.start()
    prepare_embedded(server)
    with psycopg.connect(server.superuser_address("troth"), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE django_migrations AS SELECT 'inbox'::text AS app, '0001_initial'::text AS name"
        )
    server.stop()
    (home / "media" / "a").mkdir(parents=True)
    (home / "media" / "a" / "picture").write_bytes(b"x" * 3000)
    (home / "keys" / "rings").mkdir(parents=True)
    (home / "keys" / "master.json").write_text('{"1": "a2V5"}')
    for name in ("installation", "one"):
        (home / "keys" / "rings" / f"{name}.json").write_text('{"master": 1}')
    return home


def test_one_command_makes_lists_and_proves_backups(furnished: Path) -> None:
    first = run(furnished, "backup")
    assert (first.code, first.complained) == (0, "")
    assert f"A backup key was made in {furnished}/secrets/backup: keep a copy away from this machine" in first.said
    assert "Media: 1 files, 3.0 kB" in first.said
    assert "Keys: 2 rings" in first.said
    assert first.said.count("Written and read back: ") == 2

    made = run(furnished, "backup", "--json").told()
    assert made["ok"]
    assert made["removed"] == [str(path) for path in [_only_earlier_keys(first.said)]], "one copy of the keys a day"
    listed = run(furnished, "backup", "--list", "--json").told()["backups"]
    assert [one["kind"] for one in listed] == ["data", "data", "keys"]
    assert run(furnished, "backup", "--list").said.count(".backup") == 3

    proven = run(furnished, "backup", "--verify", made["data"], "--json").told()
    assert (proven["ok"], proven["kind"], proven["media"]) == (True, "data", 1)
    assert run(furnished, "backup", "--verify", made["keys"], "--json").told()["rings"] == 2
    assert "Every byte opens." in run(furnished, "backup", "--verify", made["data"]).said


def _only_earlier_keys(said: str) -> str:
    (line,) = [line for line in said.splitlines() if "troth-keys-" in line]
    return line.split()[4]


def test_a_backup_is_made_while_the_server_runs_for_somebody_else(furnished: Path, server: Postgres) -> None:
    server.start()
    assert run(furnished, "backup").code == 0
    assert server.is_running()


def test_what_is_not_whole_is_told_in_one_sentence_and_one_object(furnished: Path) -> None:
    made = Path(run(furnished, "backup", "--json").told()["data"])
    whole = made.read_bytes()
    for spoilt, sentence in (
        (whole[: len(whole) // 2], "cut short"),
        (whole[:3000] + b"\0\0" + whole[3002:], "damaged"),
        (b"PK" + whole[2:], "is not a backup of Troth"),
    ):
        made.write_bytes(spoilt)
        done = run(furnished, "backup", "--verify", str(made))
        assert (done.code, done.said) == (1, "")
        assert sentence in done.complained
        assert len(done.complained.splitlines()) == 1
        told = run(furnished, "backup", "--verify", str(made), "--json")
        assert (told.code, told.told()["ok"]) == (1, False)
        assert sentence in told.told()["trouble"]


def test_two_at_once_do_not_meet(furnished: Path) -> None:
    with (furnished / "backup.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run(furnished, "backup")
        assert (done.code, done.complained) == (
            1,
            f"Another backup or restore of {furnished} is at work: wait until it is done, then try again.",
        )
    started = [
        subprocess.Popen([CHECKOUT / "bin" / "backup", "--json"], env=environment(furnished), stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    answers = [json.loads(one.communicate(timeout=LIMIT_S)[0]) for one in started]
    good = [one for one in answers if one["ok"]]
    assert 1 <= len(good) == len(shelves(furnished)[DATA].backups())
    assert all(
        "is at work" in one["trouble"] or "already running" in one["trouble"] for one in answers if not one["ok"]
    )


def test_a_home_without_data_has_nothing_to_back_up_and_gets_none(home: Path) -> None:
    done = run(home, "backup")
    assert (done.code, done.complained) == (
        1,
        f"There is nothing to back up in {home} yet: start Troth once with bin/run.",
    )
    assert list(home.iterdir()) == []


def test_a_stop_in_the_middle_leaves_nothing(furnished: Path) -> None:
    (furnished / "media" / "large").write_bytes(os.urandom(200_000_000))
    process = subprocess.Popen(
        [CHECKOUT / "bin" / "backup"], env=environment(furnished), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    folder = shelves(furnished)[DATA].folder
    deadline = time.monotonic() + LIMIT_S
    while not (folder.exists() and any(folder.iterdir())):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, complained = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 130
    assert complained.decode().strip() == "Stopped. Nothing that was there before has changed."
    assert list(folder.iterdir()) == []
    assert not Postgres(furnished).is_running_elsewhere()


def test_nothing_starts_while_a_restore_waits_to_be_finished(home: Path) -> None:
    Mark("troth", "troth_restoring", "troth_replaced", [], "2026-11-22T03:15:00+00:00", is_outside=False).write(home)
    for command in (["run"], ["backup"], ["console", "check"]):
        done = run(home, *command)
        assert (done.code, done.complained) == (
            1,
            f"A restore in {home} was cut short before all was in place: run bin/restore --finish, then start.",
        )
    assert not (home / "postgresql").exists()


def test_a_restore_names_what_it_takes(home: Path) -> None:
    assert run(home, "restore").code == 2
    assert "There is no backup in" in run(home, "restore", "newest").complained
    missing = run(home, "restore", str(home / "nowhere.backup"), "--json").told()
    assert "no backup key here" in missing["trouble"]


def test_a_restore_at_work_is_told_to_whoever_starts_the_product(home: Path) -> None:
    from config.supervise.claim import Claim  # noqa: PLC0415

    claim = Claim(home)
    claim.take(doing="A restore")
    done = run(home, "run")
    claim.release()
    assert done.complained.startswith("A restore is at work here (process ")
    assert done.complained.endswith("wait until it is done, then try again.")
