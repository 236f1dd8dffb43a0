"""Restores a backup: beside what is there, settled and without whom was forgotten since, and only then in its place.

Until the last moment nothing that is there is touched, so whatever cuts a restore short leaves the present working. The
last moment is written down before it begins (config/supervise/restored.py), so that it can be finished by anybody.
"""

import json
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from config.backup import drafts, instants, media, programs
from config.backup.backup_key import BackupKey, backup_key
from config.backup.chain import Header, Reader
from config.backup.contents import key_folder
from config.backup.given import give_likewise
from config.backup.homes import alone, enough_room
from config.backup.making import make_within
from config.backup.parcels import DATABASE, KEYS, MEDIA, TOMBSTONES, Unpacker
from config.backup.reach import Reach, do, row, server_major, to_read, to_restore
from config.backup.refusals import Wanted, refuse
from config.backup.shelf import Shelf, shelves
from config.backup.telling import Voice
from config.home import private_folder, tombstone_journal
from config.supervise.addresses import APP, DOOR, OWNER, Addresses, addresses, embedded
from config.supervise.claim import Claim
from config.supervise.database import prepare_embedded, prepare_outside, share_out
from config.supervise.postgres import Postgres
from config.supervise.prepare import django, forget_again, migrate
from config.supervise.restored import Mark, unfinished
from config.trouble import Trouble

HUNG_UP_WITHIN_S = 5.0


@dataclass
class Restored:
    """What a restore did."""

    backup: Path
    made_at: datetime
    present_kept_as: Path | None = None
    settled: dict[str, int] = field(default_factory=dict)


def restore(home: Path, wanted: Wanted, *, at: datetime, voice: Voice) -> Restored:
    """Put the state of a backup in the place of the present.

    Raises: Trouble, with what stands in the way and what to do; then the present is as it was.
    """
    with _alone(home):
        if unfinished(home) is not None:
            raise Trouble("An earlier restore waits to be finished: run bin/restore --finish first.")
        key = backup_key(home, make=False)
        voice.say("Reading the backup to its end ...")
        proven = refuse(home, wanted, key=key, at=at)
        with _server(home) as server:
            reach = _reach(home, server)
            done = Restored(backup=wanted.backup, made_at=proven.header.made_at)
            if not wanted.discard_present:
                done.present_kept_as = _keep_present(home, server, reach, key=key, at=at, voice=voice)
            folder = media.folder(home)
            replaced = [folder] if not media.is_in_bucket() and (proven.media or folder.exists()) else []
            replaced += [key_folder(home)] if wanted.keys else []
            work = _Work(home, reach, key=key, voice=voice)
            work.build(wanted, proven.header, done)
            mark = Mark(
                database=reach.database,
                draft=drafts.draft_database(reach.database),
                replaced=drafts.replaced_database(reach.database),
                folders=[str(folder) for folder in replaced],
                made_at=proven.header.made_at.isoformat(),
                is_outside=server is None,
                generation=work.generation,
            )
            voice.say("Putting it in place ...")
            with work.kept_only_if_good():
                mark.write(home)
            _put_in_place(home, reach, mark)
    return done


def finish(home: Path, *, voice: Voice) -> Mark:
    """Finish putting in place what a killed restore had begun to. Raises: Trouble."""
    with _alone(home):
        mark = unfinished(home)
        if mark is None:
            raise Trouble("No restore waits to be finished here.")
        if mark.is_outside != bool(os.environ.get("DATABASE_URL")):
            told = "set it as it was" if mark.is_outside else "leave it away"
            raise Trouble(f"DATABASE_URL is not as it was when the restore began: {told}, then try again.")
        with _server(home) as server:
            voice.say("Putting in place what was restored ...")
            _put_in_place(home, to_restore(server), mark)
    return mark


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    claim = Claim(home)
    claim.take(doing="A restore")
    try:
        with alone(home), enough_room(home):
            yield
    finally:
        claim.release()


@contextmanager
def _server(home: Path) -> Iterator[Postgres | None]:
    """Run our own server for this work alone; None where the operator has one."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    server = Postgres(home)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _reach(home: Path, server: Postgres | None) -> Reach:
    """Return the way to a server that has our roles, and that nobody but us uses."""
    if server is None:
        prepare_outside()
    else:
        prepare_embedded(server)
    reach = to_restore(server)
    if users := _users(reach):
        raise Trouble(
            f"Somebody still uses the database {reach.database} ({users} connections): "
            "stop web and worker on every machine, then restore."
        )
    if not drafts.clear_leftovers(home, reach):
        raise Trouble(f"Another restore is at work on the database {reach.database}: wait until it is done.")
    return reach


def _users(reach: Reach) -> int:
    """Return how many others use the database. Who has just hung up is given a moment to be gone from the list."""
    until = time.monotonic() + HUNG_UP_WITHIN_S
    while True:
        with reach.connected() as connection:
            found = row(
                connection,
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid() AND usesysid IS NOT NULL",
                reach.database,
            )
        users = found[0] if found and isinstance(found[0], int) else 0
        if not users or time.monotonic() > until:
            return users
        time.sleep(0.2)


def _keep_present(
    home: Path, server: Postgres | None, reach: Reach, *, key: BackupKey, at: datetime, voice: Voice
) -> Path | None:
    """Make a backup of what is about to be replaced; None where there is nothing yet."""
    with reach.connected() as connection:
        if row(connection, "SELECT to_regclass('public.django_migrations') IS NULL") == (True,):
            return None
    voice.say("Keeping the present as a backup of its own ...")
    try:
        data, _ = make_within(home, to_read(server), key=key, at=at, voice=voice)
    except Trouble as trouble:
        raise Trouble(
            f"The present cannot be kept as a backup: {trouble} To restore without keeping it, add --discard-present."
        ) from trouble
    return data


class _Work:
    """One restored state while it is built beside the present."""

    def __init__(self, home: Path, reach: Reach, *, key: BackupKey, voice: Voice) -> None:
        self._home = home
        self._reach = reach
        self._key = key
        self._voice = voice
        self._database = drafts.draft_database(reach.database)
        # The files of a bucket are built beside those that are used, too.
        self.generation = _new_generation() if media.is_in_bucket() else ""

    def build(self, wanted: Wanted, header: Header, done: Restored) -> None:
        """Build it to the end. Raises: Trouble; then all that was built is gone."""
        with self.kept_only_if_good():
            draft = drafts.begin(self._home, with_keys=wanted.keys is not None)
            self._make_database()
            with self._reach.connected(self._database):  # says that somebody is at work on it
                if wanted.keys is not None:
                    self._unpack_keys(wanted.keys)
                journals = self._journals(draft, wanted)
                self._unpack(draft, wanted.backup, header)
                self._bring_up(draft, wanted, done, journals)

    @contextmanager
    def kept_only_if_good(self) -> Iterator[None]:
        """Take away what was built if the block fails."""
        try:
            yield
        except BaseException:
            drafts.clear_folders(self._home)
            with suppress(Trouble), self._reach.connected("postgres") as connection:  # or the server is gone itself
                drafts.clear_databases(connection, self._reach.database, force=True)
            if self.generation:
                with suppress(Trouble):  # or the store is away: a later backup sees to it
                    media.drop(self._home, self.generation)
            raise

    def _make_database(self) -> None:
        with self._reach.connected("postgres") as connection:
            owner = row(
                connection,
                "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = %s",
                self._reach.database,
            )
            do(
                connection,
                "CREATE DATABASE {} OWNER {} TEMPLATE template0",
                self._database,
                str(owner[0] if owner else OWNER),
            )
        with self._reach.connected(self._database) as connection:
            # The least that the owner needs to own everything; the rest comes out of the dump, and rights that were here
            # before it would stay beside its own.
            do(connection, "ALTER SCHEMA public OWNER TO {}", OWNER)
            do(connection, "GRANT CREATE ON DATABASE {} TO {}", self._database, OWNER)
            do(connection, "GRANT USAGE, CREATE ON SCHEMA public TO troth_definer")

    def _unpack(self, draft: Path, backup: Path, header: Header) -> None:
        self._voice.say(f"Filling a new database and a new place for media with {instants.told(header.made_at)} ...")
        with self._reach.connected(self._database) as connection:
            major = server_major(connection)
        if header.postgresql > major:
            raise Trouble(
                f"The backup was made from PostgreSQL {header.postgresql}, and this server runs version {major}: "
                "restore it to a server of the same version or a newer one."
            )
        with self._media(draft) as put:
            for name, parts in Unpacker(Reader(backup, self._key)).parcels():
                if name == DATABASE:
                    programs.fill(self._reach, self._database, parts, major=major)
                elif name.startswith(MEDIA):
                    put(name.removeprefix(MEDIA), parts)

    @contextmanager
    def _media(self, draft: Path) -> Iterator[Callable[[str, Iterator[bytes]], None]]:
        """Give what puts a file where the restored state will look for it."""
        if self.generation:
            with media.filling(media.told(draft, **{media.GENERATION: self.generation})) as filling:
                yield filling.put
            return
        folder = drafts.draft_of(media.folder(self._home))
        yield lambda name, parts: _write(folder / name, parts)

    def _unpack_keys(self, backup: Path) -> None:
        self._voice.say("Taking the keys out of their backup ...")
        folder = drafts.draft_of(key_folder(self._home))
        for name, parts in Unpacker(Reader(backup, self._key)).parcels():
            if name.startswith(KEYS):
                _write(folder / name.removeprefix(KEYS), parts)

    def _journals(self, draft: Path, wanted: Wanted) -> list[Path]:
        """Return every journal of the forgotten that can be had: ours, and those in this backup and in the newest ones."""
        found = [tombstone_journal(self._home)] if tombstone_journal(self._home).exists() else []
        for number, backup in enumerate(_tellers(self._home, wanted)):
            path = draft / f"journal-{number}"
            if _take_journal(backup, self._key, path):
                found.append(path)
        return found

    def _bring_up(self, draft: Path, wanted: Wanted, done: Restored, journals: list[Path]) -> None:
        """Make of the filled database one that the product can open."""
        share_out(self._reach.at(self._database))
        give_likewise(self._reach, old=self._reach.database, new=self._database, voice=self._voice)
        found = self._addresses()
        told = _told(draft, found, self.generation)
        if migrate(found.owner, told):
            self._voice.say("Tables: brought up to date")
        answer = json.loads(django(told, "settle_restored").splitlines()[-1])
        done.settled = answer["settled"]
        for what, count in done.settled.items():
            if count:
                self._voice.say(f"Settled: {count} {what}")
        _refuse_unreadable(answer["unreadable"], wanted)
        if forget_again(found.owner, told, tombstone_journal(self._home), merging=journals):
            self._voice.say("Forgotten: again whoever was forgotten since")
        with psycopg.connect(found.owner, autocommit=True) as connection:
            connection.execute("ANALYZE")

    def _addresses(self) -> Addresses:
        """Return the roles' addresses of the draft."""
        if not self._reach.variable:
            owner, app, door = (
                embedded(role, database=self._database, within=self._home) for role in (OWNER, APP, DOOR)
            )
            return Addresses(owner=owner, app=app, door=door, listen=app)
        given = addresses()
        owner, app, door = (make_conninfo(url, dbname=self._database) for url in (given.owner, given.app, given.door))
        return Addresses(owner=owner, app=app, door=door, listen=app)


def _tellers(home: Path, wanted: Wanted) -> list[Path]:
    """Return the backups that may know of somebody forgotten: this one, its keys, and the newest wherever they lie."""
    found = [wanted.backup, *([wanted.keys] if wanted.keys else [])]
    for shelf in shelves(home).values():
        for folder in dict.fromkeys([shelf.folder, *(path.parent for path in found)]):
            found += [one.path for one in Shelf(shelf.kind, folder).backups()[:1]]
    return list(dict.fromkeys(path.resolve() for path in found))


def _take_journal(backup: Path, key: BackupKey, path: Path) -> bool:
    """Take the journal out of a backup, in which it lies first. Returns whether there was one that we can read."""
    try:
        for name, parts in Unpacker(Reader(backup, key)).parcels():
            if not name.startswith(TOMBSTONES):
                return False
            _write(path, parts)
            return True
    except Trouble:
        return False  # of another key, or damaged: it is not the one that is restored
    return False


def _told(draft: Path, found: Addresses, generation: str) -> dict[str, str]:
    """Return the environment in which the product's commands see the draft and nothing else."""
    return media.told(
        draft,
        DATABASE_URL=found.owner,
        APP_DATABASE_URL=found.app,
        DOOR_DATABASE_URL=found.door,
        LISTEN_DATABASE_URL=found.listen,
        **({media.GENERATION: generation} if generation else {}),
    )


def _new_generation() -> str:
    """Return a name for files beside those that are used. It begins with when, so that leftovers can be told."""
    return instants.for_name(instants.now()).lower() + secrets.token_hex(4)


def _refuse_unreadable(unreadable: dict[str, int], wanted: Wanted) -> None:
    if unreadable and not wanted.leave_unreadable:
        what = " and ".join(f"{count} {name}" for name, count in unreadable.items())
        raise Trouble(
            f"The keys do not open {what} in this backup: they were replaced or lost since. Restore with the keys of that "
            "time (--keys-from FILE --disaster-recovery), or add --leave-unreadable to do without those data."
        )


def _write(path: Path, parts: Iterator[bytes]) -> None:
    private_folder(path.parent)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.writelines(parts)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(home: Path, reach: Reach, mark: Mark) -> None:
    """Put in place what is marked, whatever is asked of us meanwhile, and delete what was replaced."""
    before = {
        number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        drafts.put_in_place(home, reach, mark)
        mark.remove(home)
    except (OSError, psycopg.Error, Trouble) as refusal:
        reason = " ".join(str(refusal).split())
        raise Trouble(
            f"The restored state could not be put in place ({reason}): mend that, then run bin/restore --finish."
        ) from refusal
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    drafts.clear_folders(home)
    with reach.connected("postgres") as connection:
        drafts.clear_databases(connection, reach.database, force=True)
    if mark.generation:
        with suppress(Trouble):  # all is in place; what was replaced goes with a later backup
            media.tidy(home, at_once=True)
