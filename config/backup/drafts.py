"""What is built beside the present while a restore is at work, and the way in which it takes the present's place.

Folders are drafted beside those that they will replace, on the same disk. A home of its own, made of links to them, is
what the product's commands are shown meanwhile: they see the restored state, and the present is out of their reach.
"""

import os
import shutil
from pathlib import Path

import psycopg

from config.backup import media
from config.backup.contents import key_folder
from config.backup.reach import Connection, Reach, do, row
from config.home import flush_folder, private_folder, tombstone_journal
from config.supervise.restored import Mark
from config.trouble import Trouble

_HOME = "restoring"
_DRAFT, _REPLACED = ".{}.restoring", ".{}.replaced"
_DATABASE_DRAFT, _DATABASE_REPLACED = "{}_restoring", "{}_replaced"


def draft_of(folder: Path) -> Path:
    """Return where the successor of a folder is drafted."""
    return folder.with_name(_DRAFT.format(folder.name))


def replaced_of(folder: Path) -> Path:
    """Return where a folder goes that was replaced."""
    return folder.with_name(_REPLACED.format(folder.name))


def draft_database(database: str) -> str:
    """Return the name of the database that is filled from a backup."""
    return _DATABASE_DRAFT.format(database)


def replaced_database(database: str) -> str:
    """Return the name that the product's database gets until it is dropped."""
    return _DATABASE_REPLACED.format(database)


def begin(home: Path, *, with_keys: bool) -> Path:
    """Make empty drafts and the home that shows them; return that home. Raises: Trouble."""
    files = media.folder(home)
    if os.path.ismount(files):
        raise Trouble(
            f"The folder {files} is a disk of its own and cannot be replaced: mount that disk one level higher."
        )
    clear_folders(home)
    private_folder(draft_of(files))
    if with_keys:
        private_folder(draft_of(key_folder(home)))
    draft = private_folder(home / _HOME)
    links = {
        "media": draft_of(files),
        "keys": draft_of(key_folder(home)) if with_keys else private_folder(key_folder(home)),
        "secrets": private_folder(home / "secrets"),
        "tombstones": private_folder(tombstone_journal(home).parent),
    }
    for name, target in links.items():
        (draft / name).symlink_to(target)
    return draft


def clear_folders(home: Path) -> None:
    """Delete the folders that a restore left: those that were replaced, and those of one that was cut short."""
    shutil.rmtree(home / _HOME, ignore_errors=True)
    for folder in (media.folder(home), key_folder(home)):
        for leftover in (draft_of(folder), replaced_of(folder)):
            shutil.rmtree(leftover, ignore_errors=True)


def clear_databases(connection: Connection, database: str, *, force: bool = False) -> None:
    """Drop the databases that a restore left. To be asked from another database of the server.

    Raises: psycopg.errors.ObjectInUse, unless forced, where a restore on another machine is at work on one of them.
    """
    for leftover in (draft_database(database), replaced_database(database)):
        if row(connection, "SELECT 1 FROM pg_database WHERE datname = %s", leftover):
            do(connection, "DROP DATABASE {} WITH (FORCE)" if force else "DROP DATABASE {}", leftover)


def clear_leftovers(home: Path, reach: Reach) -> bool:
    """Delete what an earlier restore left that was killed: it may show people who were forgotten.

    To be called by whoever is alone in the home, while no restore waits to be finished. Returns whether nothing is left;
    a restore may be at work on another machine, or the role in `reach` may not drop databases.
    """
    clear_folders(home)
    with reach.connected("postgres") as connection:
        try:
            clear_databases(connection, reach.database)
        except (psycopg.errors.ObjectInUse, psycopg.errors.InsufficientPrivilege):
            return False
    if media.is_in_bucket():
        media.tidy(home)
    return True


def put_in_place(home: Path, reach: Reach, mark: Mark) -> None:
    """Let the drafts take the present's place. Safe to repeat after whatever cut it short.

    The databases come last and change names in one transaction, so that whoever looks sees one state or the other.
    Raises: Trouble, OSError.
    """
    if mark.generation:
        media.turn(home, mark.generation)
    for name in mark.folders:
        _replace(Path(name))
    with reach.connected("postgres") as connection, connection.transaction():
        if row(connection, "SELECT 1 FROM pg_database WHERE datname = %s", mark.draft):
            if row(connection, "SELECT 1 FROM pg_database WHERE datname = %s", mark.database):
                do(connection, "ALTER DATABASE {} RENAME TO {}", mark.database, mark.replaced)
            do(connection, "ALTER DATABASE {} RENAME TO {}", mark.draft, mark.database)


def _replace(folder: Path) -> None:
    draft, replaced = draft_of(folder), replaced_of(folder)
    if not draft.exists():
        return  # done already
    if folder.exists():
        os.rename(folder, replaced)
    os.rename(draft, folder)
    flush_folder(folder.parent)
