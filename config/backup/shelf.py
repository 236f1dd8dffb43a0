"""Where backups lie, what they are called, how long each lives.

Data lives for 21 days: somebody who was forgotten is gone from the last copy within 29 days of asking (7 to think it over,
1 to purge, 21 here). Keys live for 7 days, one copy a day: then a destroyed key is destroyed everywhere, which makes older
copies of the data unreadable.
"""

import fcntl
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from config.backup import instants
from config.backup.chain import Header, read_header
from config.backup.homes import enough_room
from config.home import flush_folder, private_folder
from config.trouble import Trouble

DATA, KEYS = "data", "keys"
LIFE = {DATA: timedelta(days=21), KEYS: timedelta(days=7)}
KEY_COPIES_MAX = 7
_NAME = re.compile(r"troth-(data|keys)-(\d{8}T\d{6}Z)-([0-9a-f]{8})\.backup")
_ENDING, _DRAFT = ".backup", ".part"


@dataclass(frozen=True)
class Backup:
    """One finished backup on the shelf."""

    path: Path
    kind: str
    made_at: datetime
    bytes: int

    def is_over(self, *, at: datetime) -> bool:
        """Tell whether it may no longer exist at this instant. On the very last second it may."""
        return at - self.made_at > LIFE[self.kind]


class Shelf:
    """The folder of one kind of backups, and nothing else: what is not named as ours is never touched."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder

    def backups(self) -> list[Backup]:
        """Return the finished backups, newest first."""
        found = [one for path in self._paths() if (one := self._backup(path)) is not None]
        return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)

    def newest(self) -> Backup:
        """Return the newest backup. Raises: Trouble, when there is none."""
        found = self.backups()
        if not found:
            raise Trouble(f"There is no backup in {self.folder}: give the path of one.")
        return found[0]

    @contextmanager
    def draft(self, header: Header) -> Iterator[IO[bytes]]:
        """Give a file to write a backup into. It gets its name, whole and on the disk, when the block ends well.

        Raises: Trouble, when the disk is full or the folder is not ours.
        """
        with enough_room(self.folder):
            yield from self._draft(header)

    def _draft(self, header: Header) -> Iterator[IO[bytes]]:
        private_folder(self.folder)
        name = f"troth-{self.kind}-{instants.for_name(header.made_at)}-{header.id}{_ENDING}"
        draft = self.folder / f".{name}{_DRAFT}"
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # says that somebody is at work on it
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.rename(draft, self.folder / name)
            flush_folder(self.folder)
        finally:
            draft.unlink(missing_ok=True)

    def path_of(self, header: Header) -> Path:
        """Return where the backup with this header lies once it is finished."""
        return self.folder / f"troth-{self.kind}-{instants.for_name(header.made_at)}-{header.id}{_ENDING}"

    def sweep(self, *, at: datetime) -> list[Path]:
        """Delete what may no longer exist at this instant, and what was left half made; return what it was.

        Of keys, a day's newest copy stays.
        """
        over = [one.path for one in self.backups() if one.is_over(at=at)]
        if self.kind == KEYS:
            over += self._more_than_one_a_day(at=at)
        over += [path for path in self._drafts() if _is_abandoned(path)]
        for path in over:
            path.unlink(missing_ok=True)
        return over

    def _more_than_one_a_day(self, *, at: datetime) -> list[Path]:
        alive = [one for one in self.backups() if not one.is_over(at=at)]
        by_day: dict[str, Path] = {}
        for one in alive:  # newest first
            by_day.setdefault(one.made_at.date().isoformat(), one.path)
        kept = list(by_day.values())[:KEY_COPIES_MAX]
        return [one.path for one in alive if one.path not in kept]

    def _paths(self) -> list[Path]:
        return self._named(lambda name: name.endswith(_ENDING) and not name.startswith("."))

    def _drafts(self) -> list[Path]:
        return self._named(lambda name: name.startswith(".troth-") and name.endswith(_ENDING + _DRAFT))

    def _named(self, wanted: Callable[[str], bool]) -> list[Path]:
        try:
            return [self.folder / entry.name for entry in os.scandir(self.folder) if wanted(entry.name)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as refusal:
            raise Trouble(
                f"The folder {self.folder} cannot be read ({refusal.strerror}): run this as the account that owns it."
            ) from refusal

    def _backup(self, path: Path) -> Backup | None:
        named = _NAME.fullmatch(path.name)
        if named is None or named[1] != self.kind:
            return None
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return None  # swept meanwhile
        try:
            made_at = read_header(path).made_at
        except Trouble:
            made_at = instants.from_name(named[2])  # damaged, and its time is up all the same
        return Backup(path=path, kind=self.kind, made_at=made_at, bytes=size)


def _is_abandoned(draft: Path) -> bool:
    """Tell whether nobody is at work on a draft any more: whoever made it was killed."""
    try:
        with draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, FileNotFoundError):
        return False
    return True


def shelves(home: Path) -> dict[str, Shelf]:
    """Return both shelves of this installation."""
    data = os.environ.get("TROTH_BACKUP_FOLDER", "").strip()
    keys = os.environ.get("TROTH_KEY_BACKUP_FOLDER", "").strip()
    found = {
        DATA: Shelf(DATA, Path(data).expanduser().resolve() if data else home / "backups" / "data"),
        KEYS: Shelf(KEYS, Path(keys).expanduser().resolve() if keys else home / "backups" / "keys"),
    }
    if found[DATA].folder == found[KEYS].folder:
        raise Trouble(
            f"TROTH_BACKUP_FOLDER and TROTH_KEY_BACKUP_FOLDER are both {found[DATA].folder}: keep the keys elsewhere, "
            "since whoever holds both with the backup key can read everything."
        )
    return found
