"""The mark that a restore leaves while it puts a restored state in place: until it is gone, nothing opens this home.

Standard library only: everything that starts asks here first.
"""

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from config.home import flush_folder
from config.trouble import Trouble

_FILE = "restored"


@dataclass(frozen=True)
class Mark:
    """What is being put in place: enough to finish it, whoever comes."""

    database: str  # the database that the product uses
    draft: str  # the one that was filled from the backup
    replaced: str  # the name of the old one until it is dropped
    folders: list[str]  # the folders that are replaced
    made_at: str  # when the backup was made
    is_outside: bool  # whether the database is the one in DATABASE_URL
    generation: str = ""  # of the files in a bucket, where they are kept in one

    def write(self, home: Path) -> None:
        """Put the mark, on the disk before we go on."""
        draft = home / f".{_FILE}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(self), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, home / _FILE)
        flush_folder(home)

    def remove(self, home: Path) -> None:
        """Take the mark away: all is in place."""
        (home / _FILE).unlink(missing_ok=True)
        flush_folder(home)


def unfinished(home: Path) -> Mark | None:
    """Return what a restore has begun to put in place here and not finished."""
    try:
        return Mark(**json.loads((home / _FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as strange:
        raise Trouble(f"The file {home / _FILE} is not one that bin/restore wrote: restore again.") from strange


def refuse_unfinished(home: Path) -> None:
    """Make sure that nothing half restored is opened.

    Raises: Trouble, with what finishes it.
    """
    if unfinished(home) is not None:
        raise Trouble(
            f"A restore in {home} was cut short before all was in place: run bin/restore --finish, then start."
        )


def exit_if_unfinished(home: Path) -> None:
    """End this program with one sentence where something is half restored. For programs that print no troubles."""
    try:
        refuse_unfinished(home)
    except Trouble as trouble:
        sys.exit(str(trouble))
