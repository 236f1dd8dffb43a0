"""What a restore refuses before it begins, each with one sentence that says what to do instead."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.backup import instants
from config.backup.backup_key import BackupKey
from config.backup.chain import Header, read_header
from config.backup.checking import Proven, prove, refuse_newer
from config.backup.contents import key_folder, ring_names
from config.backup.media import is_in_bucket
from config.backup.shelf import DATA, KEYS, LIFE, Backup, Shelf, shelves
from config.backup.telling import size
from config.trouble import Trouble

_INSTALLATION = "installation"  # the ring of what belongs to no workspace (troth/base/sealing.py)


@dataclass(frozen=True)
class Wanted:
    """What somebody wants restored, and which refusals they overrule.

    `keys` is a backup of keys, which is wanted only where the key store itself was lost. `replace_keys` puts it in the
    place of one that is there; `past_its_time` takes a backup older than those that may exist; `leave_unreadable` does
    without data whose keys are gone; `discard_present` keeps no backup of the present.
    """

    backup: Path
    keys: Path | None = None
    replace_keys: bool = False
    discard_present: bool = False
    leave_unreadable: bool = False
    past_its_time: bool = False


def refuse(home: Path, wanted: Wanted, *, key: BackupKey, at: datetime) -> Proven:
    """Make sure that the backup can be restored here and now, and return what it holds. Raises: Trouble."""
    header = _of_kind(wanted.backup, DATA, wanted, at=at)
    refuse_newer(wanted.backup, header)
    _refuse_keys(home, wanted, at=at)
    _refuse_little_room(home, header)
    found = prove(wanted.backup, key)
    if wanted.keys is not None and _INSTALLATION not in prove(wanted.keys, key).rings:
        raise Trouble(f"The backup {wanted.keys} holds no keys of an installation: take another one.")
    return found


def _of_kind(path: Path, kind: str, wanted: Wanted, *, at: datetime) -> Header:
    header = read_header(path)
    if header.kind != kind:
        right = "bin/restore FILE takes one of data" if kind == DATA else "--keys-from takes one of keys"
        raise Trouble(f"The backup {path} is one of {header.kind}: {right}.")
    if at - header.made_at > LIFE[kind] and not wanted.past_its_time:
        raise Trouble(
            f"The backup {path} is of {instants.told(header.made_at)}, and backups of {kind} live for {LIFE[kind].days} "
            "days, as we promise people who ask to be forgotten: delete it. If it is all that is left, add --past-its-time."
        )
    return header


def _refuse_keys(home: Path, wanted: Wanted, *, at: datetime) -> None:
    folder = key_folder(home)
    here = ring_names(folder)
    if wanted.keys is None:
        if _INSTALLATION not in here:
            raise Trouble(
                f"There are no keys in {folder}, and without them nothing can be read: put the key store back, or take the "
                "newest backup of the keys with --keys-from FILE."
            )
        return
    header = _of_kind(wanted.keys, KEYS, wanted, at=at)
    if wanted.replace_keys:
        return
    if here:
        raise Trouble(
            f"There are keys in {folder} already, and they open older backups too: leave --keys-from away. To put the keys "
            f"of {instants.told(header.made_at)} in their place, where these are lost or damaged, add --disaster-recovery."
        )
    newer = [one for one in _key_backups(home, wanted.keys.parent) if one.made_at > header.made_at]
    if newer:
        raise Trouble(
            f"There is a newer backup of the keys, {newer[0].path}: take that one, or add --disaster-recovery to take the "
            "older one."
        )


def _key_backups(home: Path, folder: Path) -> list[Backup]:
    found = shelves(home)[KEYS].backups() + Shelf(KEYS, folder).backups()
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def _refuse_little_room(home: Path, header: Header) -> None:
    ours = 0 if os.environ.get("DATABASE_URL") else header.database_bytes
    files = 0 if is_in_bucket() else header.media_bytes
    needed, free = ours + files, shutil.disk_usage(home).free
    if needed > free:
        raise Trouble(
            f"The disk that holds {home} has {size(free)} free, and this backup needs about {size(needed)} beside what is "
            "there: make room, then restore."
        )
