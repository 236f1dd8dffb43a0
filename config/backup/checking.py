"""Proves a backup without restoring it: every byte opens, every parcel is whole, and the database can be unpacked."""

from dataclasses import dataclass
from pathlib import Path

from config.backup import programs
from config.backup.backup_key import BackupKey
from config.backup.chain import Header, Reader
from config.backup.parcels import DATABASE, KEYS, MEDIA, Contents, Unpacker
from config.home import CHECKOUT
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
    known, taken = _steps_here(), {(app, name) for app, names in header.migrations.items() for name in names}
    apps = {app for app, _ in known}
    unknown = sorted(taken - known)
    # An app that we do not have may also be one that we have no more; then there are steps that the backup has not.
    newer = [(app, name) for app, name in unknown if app in apps or not known - taken]
    if newer:
        raise Trouble(
            f"The backup {path} was made by a newer Troth: it knows the step {'.'.join(newer[0])}, and this one does not. "
            "Bring Troth up to date, then restore."
        )


def own_apps() -> set[str]:
    """Return the product's apps that have tables."""
    return {path.parent.name for path in CHECKOUT.glob("troth/*/migrations")}


def _steps_here() -> set[tuple[str, str]]:
    return {(path.parent.parent.name, path.stem) for path in CHECKOUT.glob("troth/*/migrations/[0-9]*.py")}
