"""Makes a backup: one file with the database and the media, and apart from it one with the keys.

Both are made of one moment: the database as a snapshot shows it, the media files that there were at that moment, the keys
a little later, so that every workspace in the snapshot has its own. Everything is encrypted on its way to the disk.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import psycopg

from config import media, steps
from config.backup import checking, programs
from config.backup.backup_key import BackupKey, backup_key, is_new
from config.backup.chain import Header, new_id
from config.backup.contents import pack_journal, pack_keys
from config.backup.drafts import clear_leftovers, draft_database
from config.backup.homes import alone, server_at_hand
from config.backup.media import MediaList
from config.backup.parcels import DATABASE, packing
from config.backup.reach import Connection, Reach, has_data, row, server_major, to_read
from config.backup.shelf import DATA, KEYS, Shelf, shelves
from config.backup.telling import Voice, size
from config.supervise.restored import refuse_unfinished
from config.trouble import Trouble


@dataclass(frozen=True)
class Made:
    """The two files of a backup, and what had to go because its time was up."""

    data: Path
    keys: Path
    removed: list[Path]


def make_backup(home: Path, *, at: datetime, voice: Voice) -> Made:
    """Make a backup of this home, whether or not the product runs, and delete those whose time is up.

    Raises: Trouble, with what stands in the way; then there is no half of it.
    """
    refuse_unfinished(home)
    media.chosen()
    if not has_data(home):
        raise Trouble(f"There is nothing to back up in {home} yet: start Troth once with bin/run.")
    with alone(home):
        told = is_new(home)
        key = backup_key(home, make=True)
        if told:
            voice.say(
                f"A backup key was made in {key.told_as}: keep a copy away from this machine, or no backup opens."
            )
        with server_at_hand(home) as server:
            reach = to_read(server)
            if not clear_leftovers(home, reach):
                name = draft_database(reach.database)
                voice.say(f"A restore is at work elsewhere, or left the database {name}: then drop it.")
            data, keys = make_within(home, reach, key=key, at=at, voice=voice)
    removed = [path for shelf in shelves(home).values() for path in shelf.sweep(at=at)]
    if removed:
        voice.say(f"Deleted: {len(removed)} whose time was up")
    return Made(data, keys, removed)


def make_within(home: Path, reach: Reach, *, key: BackupKey, at: datetime, voice: Voice) -> tuple[Path, Path]:
    """Make the files of data and keys where we are alone in the home already and the server is at hand.

    Raises: Trouble.
    """
    shelf = shelves(home)
    data = _make_data(home, reach, shelf[DATA], key=key, at=at, voice=voice)
    return data, _make_keys(home, shelf[KEYS], key=key, at=at, voice=voice)


def _make_data(home: Path, reach: Reach, shelf: Shelf, *, key: BackupKey, at: datetime, voice: Voice) -> Path:
    with tempfile.TemporaryFile() as names:
        with reach.connected() as connection, _snapshot(connection) as moment:
            files = MediaList(home, names)
            header = Header(
                kind=DATA,
                made_at=at,
                id=new_id(),
                key=key.fingerprint,
                postgresql=server_major(connection),
                migrations=moment.migrations,
                database_bytes=moment.bytes,
                media_bytes=files.bytes,
            )
            parts = programs.dump(reach, snapshot=moment.snapshot)
            begun = next(parts, b"")  # from here on pg_dump holds the snapshot itself
        with shelf.draft(header) as file, packing(file, key, header) as packer:
            pack_journal(packer, home)  # first, so that it is found without reading on
            voice.say(f"Database: {size(packer.put(DATABASE, chain([begun], parts)))}")
            count, media_bytes = files.pack(packer)
            voice.say(f"Media: {count} files, {size(media_bytes)}")
    return _checked(shelf.path_of(header), key, voice)


def _make_keys(home: Path, shelf: Shelf, *, key: BackupKey, at: datetime, voice: Voice) -> Path:
    header = Header(kind=KEYS, made_at=at, id=new_id(), key=key.fingerprint)
    with shelf.draft(header) as file, packing(file, key, header) as packer:
        pack_journal(packer, home)
        voice.say(f"Keys: {pack_keys(packer, home)} rings")
    return _checked(shelf.path_of(header), key, voice)


def _checked(path: Path, key: BackupKey, voice: Voice) -> Path:
    """Read back what was written, since a backup that nobody has read is a hope."""
    checking.prove(path, key)
    voice.say(f"Written and read back: {path} ({size(path.stat().st_size)})")
    return path


@dataclass(frozen=True)
class _Moment:
    snapshot: str
    migrations: dict[str, list[str]]
    bytes: int


@contextmanager
def _snapshot(connection: Connection) -> Iterator[_Moment]:
    """Hold one moment of the database still until somebody else holds it too."""
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        if row(connection, "SELECT 1 WHERE to_regclass('public.django_migrations') IS NULL"):
            raise Trouble("The database is empty, so there is nothing to back up yet: start Troth once with bin/run.")
        migrations: dict[str, list[str]] = {}
        for app, name in sorted(steps.taken(connection)):
            migrations.setdefault(app, []).append(name)
        found = row(connection, "SELECT pg_export_snapshot(), pg_database_size(current_database())")
        assert found is not None
        yield _Moment(str(found[0]), migrations, int(str(found[1])))
