"""What goes into a backup beside the database: media files, keys, and the journal of the forgotten."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from config.backup.parcels import KEYS, MEDIA, PART_BYTES, TOMBSTONES, Packer, parts_of
from config.home import tombstone_journal
from config.trouble import Trouble

_TRIES = 5


def media_folder(home: Path) -> Path:
    """Return where the product keeps media, through a link if it is one."""
    return (home / "media").resolve()


def key_folder(home: Path) -> Path:
    """Return where the product keeps keys, through a link if it is one."""
    return (home / "keys").resolve()


class MediaList:
    """The media files that there were at one moment: those that came later belong to no row of the snapshot.

    Their names are kept in a file, since there may be millions.
    """

    def __init__(self, folder: Path, names: IO[bytes]) -> None:
        self.folder = folder
        self.bytes = 0
        self._names = names
        for path, size in _files_below(folder):
            self._names.write(os.fsencode(path.relative_to(folder)) + b"\0")
            self.bytes += size

    def pack(self, packer: Packer) -> tuple[int, int]:
        """Pack the files that are still there; return how many and how large they are."""
        count = size = 0
        for name in self._listed():
            try:
                with (self.folder / name).open("rb") as file:
                    size += packer.put(MEDIA + name, parts_of(file))
                    count += 1
            except FileNotFoundError:
                continue  # erased since; its row goes at the next replay
        return count, size

    def _listed(self) -> Iterator[str]:
        self._names.seek(0)
        rest = b""
        while part := self._names.read(PART_BYTES):
            *whole, rest = (rest + part).split(b"\0")
            yield from map(os.fsdecode, whole)


def pack_journal(packer: Packer, home: Path) -> None:
    """Pack who was forgotten."""
    try:
        with tombstone_journal(home).open("rb") as file:
            packer.put(TOMBSTONES + "journal", parts_of(file))
    except FileNotFoundError:
        return


def pack_keys(packer: Packer, home: Path) -> int:
    """Pack the key store as it is at one moment; return how many rings it has. Raises: Trouble."""
    folder = key_folder(home)
    for _ in range(_TRIES):
        found = _key_files(folder)
        if found is not None:
            for name, content in found.items():
                packer.put(KEYS + name, [content])
            return sum(name.startswith("rings/") for name in found)
    raise Trouble("The master key is being replaced right now: try again in a minute.")


def ring_names(folder: Path) -> set[str]:
    """Return the rings in a key store."""
    return {path.stem for path in (folder / "rings").glob("*.json")}


def _key_files(folder: Path) -> dict[str, bytes] | None:
    """Return all files of the key store, or None where they were changed while we looked."""
    master = folder / "master.json"
    before = master.read_bytes() if master.exists() else b""
    found = {f"rings/{path.name}": path.read_bytes() for path in sorted((folder / "rings").glob("*.json"))}
    after = master.read_bytes() if master.exists() else b""
    if before != after:
        return None
    if before:
        known = set(json.loads(before))
        if any(str(json.loads(ring)["master"]) not in known for ring in found.values()):
            return None
        found["master.json"] = before
    return found


def _files_below(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield every regular file with its size. Links are not followed: what they lead to is not ours."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            with contextlib.suppress(FileNotFoundError):  # erased this moment
                yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
