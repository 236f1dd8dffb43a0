"""How long backups live, by the instants that they state: 21 days for data, 7 days and one a day for keys."""

import base64
import fcntl
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.backup import rotation
from config.backup.backup_key import BackupKey, backup_key, is_new
from config.backup.chain import Header, Writer, new_id
from config.backup.shelf import DATA, KEYS, Shelf, shelves
from config.trouble import Trouble

KEY = BackupKey(b"k" * 32, told_as="TROTH_BACKUP_KEY")
DAY = timedelta(days=1)
BEGUN = datetime(2026, 11, 1, 3, 15, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Shelf:
    return Shelf(DATA, tmp_path / "data")


@pytest.fixture
def keys(tmp_path: Path) -> Shelf:
    return Shelf(KEYS, tmp_path / "keys")


@pytest.fixture(autouse=True)
def usual_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TROTH_BACKUP_FOLDER", "TROTH_KEY_BACKUP_FOLDER", "TROTH_BACKUP_KEY"):
        monkeypatch.delenv(name, raising=False)


def put(shelf: Shelf, at: datetime) -> Path:
    """Put a small backup there that was made at this instant."""
    header = Header(kind=shelf.kind, made_at=at, id=new_id(), key=KEY.fingerprint)
    with shelf.draft(header) as file:
        Writer(file, KEY, header).close()
    return shelf.path_of(header)


def instants(shelf: Shelf) -> list[datetime]:
    return [one.made_at for one in shelf.backups()]


@pytest.mark.clause("B4.2")
def test_a_month_of_daily_backups_leaves_those_of_21_days(data: Shelf) -> None:
    for day in range(31):
        put(data, BEGUN + day * DAY)
        data.sweep(at=BEGUN + day * DAY)
    assert instants(data) == [BEGUN + day * DAY for day in range(30, 8, -1)]


def test_a_backup_may_be_there_to_its_last_second_and_no_longer(data: Shelf) -> None:
    path = put(data, BEGUN)
    assert data.sweep(at=BEGUN + 21 * DAY) == []
    assert data.sweep(at=BEGUN + 21 * DAY + timedelta(seconds=1)) == [path]
    assert data.backups() == []


@pytest.mark.clause("B4.2")
def test_keys_have_one_copy_a_day_and_seven_at_most(keys: Shelf) -> None:
    for hour in range(0, 24 * 12, 5):
        at = BEGUN + timedelta(hours=hour)
        put(keys, at)
        keys.sweep(at=at)
        days = [one.date() for one in instants(keys)]
        assert len(days) == len(set(days)) <= 7
        assert all(at - one <= 7 * DAY for one in instants(keys))
    assert len(instants(keys)) == 7


def test_keys_go_even_where_no_new_ones_are_made(keys: Shelf) -> None:
    put(keys, BEGUN)
    keys.sweep(at=BEGUN + 8 * DAY)
    assert keys.backups() == []


def test_a_file_that_was_renamed_or_copied_is_as_old_as_it_says(data: Shelf) -> None:
    path = put(data, BEGUN)
    young = path.with_name(path.name.replace("20261101", "20261129"))
    path.rename(young)
    os.utime(young)
    assert data.sweep(at=BEGUN + 22 * DAY) == [young]


def test_a_damaged_backup_goes_when_its_name_says_so(data: Shelf) -> None:
    path = put(data, BEGUN)
    path.write_bytes(b"nothing of it is left")
    assert instants(data) == [BEGUN]
    assert data.sweep(at=BEGUN + 22 * DAY) == [path]


def test_what_is_not_ours_is_never_touched(data: Shelf, keys: Shelf) -> None:
    data.folder.mkdir(parents=True)
    strange = ["notes.txt", "troth-data-old.backup", "troth-keys-20200101T000000Z-00000000.backup", ".hidden.part"]
    for name in strange:
        (data.folder / name).touch()
    assert data.sweep(at=BEGUN) == []
    assert sorted(path.name for path in data.folder.iterdir()) == sorted(strange)


def test_a_backup_has_its_name_only_when_it_is_whole(data: Shelf) -> None:
    header = Header(kind=DATA, made_at=BEGUN, id=new_id(), key=KEY.fingerprint)
    draft = data.draft(header)
    draft.__enter__().write(b"half of it")
    assert data.backups() == []
    assert not draft.__exit__(RuntimeError, RuntimeError(), None)
    assert list(data.folder.iterdir()) == []


def test_what_a_killed_backup_left_goes_and_what_is_at_work_stays(data: Shelf) -> None:
    put(data, BEGUN)
    left, busy = (data.folder / f".troth-data-20261101T031500Z-{name}.backup.part" for name in ("left", "busy"))
    left.touch()
    with busy.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert data.sweep(at=BEGUN) == [left]
    assert data.sweep(at=BEGUN) == [busy]


def test_a_full_disk_is_told_in_one_sentence_and_leaves_nothing(data: Shelf, tmp_path: Path) -> None:
    header = Header(kind=DATA, made_at=BEGUN, id=new_id(), key=KEY.fingerprint)
    with (
        pytest.raises(Trouble, match="The disk that holds .* is full: free some room there, then try again"),
        data.draft(header),
        open("/dev/full", "wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert list(data.folder.iterdir()) == []


def test_files_and_folders_are_for_their_owner_alone(data: Shelf) -> None:
    path = put(data, BEGUN)
    assert path.stat().st_mode & 0o077 == data.folder.stat().st_mode & 0o077 == 0


def test_data_and_keys_do_not_lie_together(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = shelves(home)
    assert usual[DATA].folder == home / "backups" / "data"
    assert usual[KEYS].folder == home / "backups" / "keys"
    for name in ("TROTH_BACKUP_FOLDER", "TROTH_KEY_BACKUP_FOLDER"):
        monkeypatch.setenv(name, str(home / "all"))
    with pytest.raises(Trouble, match="keep the keys elsewhere"):
        shelves(home)


def test_the_sweep_job_deletes_what_is_over_in_both_folders(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_HOME", str(home))
    for shelf in shelves(home).values():
        put(shelf, datetime.now(UTC) - 30 * DAY)
        put(shelf, datetime.now(UTC))
    assert rotation.forget_old(0) == 2
    assert [len(shelf.backups()) for shelf in shelves(home).values()] == [1, 1]


# The backup key


def test_the_key_is_made_once_and_kept_private(home: Path) -> None:
    assert is_new(home)
    assert backup_key(home, make=True) == backup_key(home, make=False)
    assert not is_new(home)
    assert (home / "secrets" / "backup").stat().st_mode & 0o077 == 0


def test_the_environments_key_wins(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = secrets.token_bytes(32)
    monkeypatch.setenv("TROTH_BACKUP_KEY", base64.b64encode(value).decode())
    assert backup_key(home, make=False).value == value
    assert not (home / "secrets").exists()


@pytest.mark.parametrize("given", ["short", "c2hvcnQ=", "!" * 43, base64.b64encode(bytes(31)).decode()])
def test_what_is_no_key_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TROTH_BACKUP_KEY", given)
    with pytest.raises(Trouble, match="TROTH_BACKUP_KEY does not hold a key .*openssl rand -base64 32"):
        backup_key(home, make=True)


def test_no_key_is_made_where_something_is_to_be_opened(home: Path) -> None:
    with pytest.raises(Trouble, match="no backup key here.*set TROTH_BACKUP_KEY"):
        backup_key(home, make=False)
    assert not (home / "secrets").exists()


def test_a_key_is_never_printed_and_its_fingerprint_tells_nothing_of_it() -> None:
    assert "kkkk" not in repr(KEY)
    assert KEY.fingerprint != BackupKey(b"o" * 32, told_as="").fingerprint
    assert len(KEY.fingerprint) == 16
