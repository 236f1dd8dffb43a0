"""Proves a backup without restoring it: every byte opens, every parcel is whole, and the database can be unpacked."""

from dataclasses import dataclass
from pathlib import Path

from config import steps
from config.backup import programs
from config.backup.backup_key import BackupKey
from config.backup.chain import Header, Reader
from config.backup.parcels import DATABASE, KEYS, MEDIA, Contents, Unpacker
from config.trouble import Trouble


@dataclass(frozen=True)
class Proven:
    """What a backup was found to hold."""

    header: Header
    contents: Contents
    media: int
    rings: frozenset[str]


def prove(path: Path, key: BackupKey, *, deep: bool = False) -> Proven:
    """Read a backup to its end; with `deep`, unpack the database too, into nowhere.

    Raises: Trouble, Damaged.
    """
    reader = Reader(path, key)
    unpacker = Unpacker(reader)
    media, rings = 0, set()
    for name, parts in unpacker.parcels():
        if name == DATABASE and deep:
            programs.check(parts)
        media += name.startswith(MEDIA)
        if name.startswith(f"{KEYS}rings/"):
            rings.add(Path(name).stem)
    assert unpacker.contents is not None
    return Proven(reader.header, unpacker.contents, media, frozenset(rings))


def refuse_newer(path: Path, header: Header) -> None:
    """Make sure that this Troth knows every step that the backup's database had taken. Raises: Trouble."""
    newer = steps.unknown((app, name) for app, names in header.migrations.items() for name in names)
    if newer:
        raise Trouble(
            f"The backup {path} was made by a newer Troth: it knows the step {'.'.join(newer)}, and this one does not. "
            "Bring Troth up to date, then restore."
        )
