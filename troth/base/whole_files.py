"""Files that are there whole or not at all, and the two sides that whatever keeps bytes has to show: where they go, and
where they come from, at any place in it. A folder is one such keeper (here), a bucket another (`troth/media/bucket.py`).
"""

import os
from pathlib import Path
from typing import BinaryIO, Protocol


class Target(Protocol):
    """Takes bytes. Until `finish` there is nothing, and after `abandon` neither."""

    def write(self, data: bytes, /) -> object:
        """Take the next bytes."""

    def finish(self) -> None:
        """Keep what was written, in the place of what was there before."""

    def abandon(self) -> None:
        """Forget what was written."""


class Source(Protocol):
    """Gives the bytes of one file as it was when it was opened."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    @property
    def sha256(self) -> str:
        """The digest that was noted when it was written, in hexadecimal digits; empty where none was."""

    def read(self, at: int, count: int) -> bytes:
        """Return up to `count` bytes from a place; fewer only at the end."""

    def close(self) -> None:
        """Let go of it."""


class FileTarget:
    """Writes a file under another name, and gives it its own in the end.

    `durable` makes it outlive a power cut; without, it outlives the process.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        private_folder(path.parent)
        self.path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        self._file: BinaryIO = os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._durable = durable

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._file.write(data)

    def finish(self) -> None:
        """Bring the file to the disk and give it its name."""
        self._file.flush()
        if self._durable:
            os.fsync(self._file.fileno())
        self._file.close()
        os.replace(self._draft, self.path)
        if not self._durable:
            return
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def abandon(self) -> None:
        """Forget what was written."""
        self._file.close()
        self._draft.unlink(missing_ok=True)


class FileSource:
    """Reads a file that stays the one that was opened, whatever takes its name. Raises: FileNotFoundError."""

    sha256 = ""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._size = os.fstat(self._file.fileno()).st_size

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._size

    def read(self, at: int, count: int) -> bytes:
        """Return up to `count` bytes from a place; fewer only at the end."""
        return os.pread(self._file.fileno(), count, at)

    def close(self) -> None:
        """Let go of it."""
        self._file.close()


def private_folder(path: Path) -> None:
    """Make a folder and those above it for their owner only."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)
