"""The log of a child process: one file, rotated by day and by size, kept for two weeks."""

import os
import time
from pathlib import Path

KEPT_DAYS = 14
_BYTES_MAX = 8_000_000


class RotatedLog:
    """Appends to `<folder>/<name>.log`; yesterday's becomes `<name>-<day>.log`."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.log"
        self._day = ""
        self._descriptor = -1
        self._open()

    def write(self, data: bytes) -> None:
        """Append, in a new file if the day is over or this one is full. A full disk does not stop the product."""
        try:
            if time.strftime("%Y-%m-%d") != self._day or os.fstat(self._descriptor).st_size > _BYTES_MAX:
                self._rotate()
            os.write(self._descriptor, data)
        except OSError:
            return

    def tail(self, *, lines: int) -> str:
        """Return the last lines."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 200 * lines))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._descriptor)

    def _open(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._day = time.strftime("%Y-%m-%d", time.localtime(self.path.stat().st_mtime))

    def _rotate(self) -> None:
        # One file a day at most: a second one on the same day replaces the first.
        os.replace(self.path, self.path.with_name(f"{self.path.stem}-{self._day}.log"))
        self.close()
        self._open()
        for old in self.path.parent.glob(f"{self.path.stem}-*.log"):
            if old.stat().st_mtime < time.time() - KEPT_DAYS * 86_400:
                old.unlink()
