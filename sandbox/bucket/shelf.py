"""What lies in the bucket: for each key its versions, the newest last, each in a file of its own."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO


@dataclass
class Version:
    """One version of an object, or the mark of its deletion (without a file)."""

    id: str
    at: datetime
    path: Path | None = None
    size: int = 0
    etag: str = ""
    meta: dict[str, str] = field(default_factory=dict)


class Shelf:
    """The objects. `versioning` is "", "Enabled" or "Suspended"; `locked` keeps whoever asks from deleting versions."""

    def __init__(self, folder: Path) -> None:
        self.versioning = ""
        self.locked = False
        self._folder = folder
        self._keys: dict[str, list[Version]] = {}
        self._count = 0

    def put(self, key: str, body: IO[bytes], *, etag: str, meta: dict[str, str]) -> Version:
        """Keep an object."""
        self._count += 1
        path = self._folder / str(self._count)
        with path.open("wb") as file:
            shutil.copyfileobj(body, file, 1 << 20)
        made = Version(self._id(), datetime.now(UTC), path, path.stat().st_size, etag, meta)
        self._add(key, made)
        return made

    def get(self, key: str) -> Version | None:
        """Return the newest version of an object that is not deleted."""
        found = self._keys.get(key, [])
        return found[-1] if found and found[-1].path is not None else None

    def delete(self, key: str, id: str = "") -> str:
        """Delete an object or one version of it. Return the word for why not, empty where it was done."""
        if id:
            if self.locked:
                return "AccessDenied"
            self._drop(key, lambda one: one.id == id)
        elif self.versioning:
            self._count += 1
            self._add(key, Version(self._id(), datetime.now(UTC)))
        else:
            self._drop(key, lambda _: True)
        return ""

    def names(self) -> list[str]:
        """Return the keys of all objects that are not deleted, in the order of their bytes."""
        return sorted(key for key in self._keys if self.get(key) is not None)

    def versions(self) -> list[tuple[str, Version]]:
        """Return every version of every key, the newest of each first."""
        return [(key, one) for key in sorted(self._keys) for one in reversed(self._keys[key])]

    def is_latest(self, key: str, version: Version) -> bool:
        return self._keys[key][-1] is version

    def _id(self) -> str:
        return f"v{self._count:09}" if self.versioning == "Enabled" else "null"

    def _add(self, key: str, made: Version) -> None:
        if made.id == "null":
            self._drop(key, lambda one: one.id == "null")
        self._keys.setdefault(key, []).append(made)

    def _drop(self, key: str, which: Callable[[Version], bool]) -> None:
        kept = []
        for one in self._keys.get(key, []):
            if not which(one):
                kept.append(one)
            elif one.path is not None:
                one.path.unlink()
        if kept:
            self._keys[key] = kept
        else:
            self._keys.pop(key, None)
