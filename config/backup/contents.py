"""What goes into a backup beside the database and the media: keys, and the journal of the forgotten."""

import json
from pathlib import Path

from config.backup.parcels import KEYS, TOMBSTONES, Packer, parts_of
from config.home import tombstone_journal
from config.trouble import Trouble

_TRIES = 5


def key_folder(home: Path) -> Path:
    """Return where the product keeps keys, through a link if it is one."""
    return (home / "keys").resolve()


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
