"""The ZIP of a copy, written as a stream into a sealed file; what stands in it is counted and hashed on the way."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from troth.base.clock import now
from troth.base.sealed_files import SealedWriter

FORMAT, VERSION = "troth-export", 1


class _Counting(io.RawIOBase):
    """Passes bytes on, hashing and counting them."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # what we are given
        self.hash.update(data)
        self.size += len(data)
        return self._file.write(data)


class Bundle:
    """The files of a copy, in the order in which they are written. `files` is what the manifest says of them."""

    def __init__(self, out: SealedWriter) -> None:
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self.files: list[dict[str, Any]] = []

    @contextmanager
    def file(self, path: str, *, rows: Callable[[], int] | None = None) -> Iterator[IO[bytes]]:
        """Open a file of the copy for writing; `rows` tells afterwards how many rows it holds."""
        about = zipfile.ZipInfo(path, now().timetuple()[:6])
        # Pictures, films and papers are packed already, and readers are wary of what unpacks to very much more.
        about.compress_type = zipfile.ZIP_STORED if path.startswith("files/") else zipfile.ZIP_DEFLATED
        about.external_attr = 0o600 << 16
        with self._zip.open(about, "w", force_zip64=True) as inner:
            counting = _Counting(inner)
            yield counting  # type: ignore[misc]  # a binary writer
        told: dict[str, Any] = {"path": path, "bytes": counting.size, "sha256": counting.hash.hexdigest()}
        if rows is not None:
            told["rows"] = rows()
        self.files.append(told)

    def text(self, path: str, text: str) -> None:
        """Write a whole file of text."""
        with self.file(path) as out:
            out.write(text.encode("utf-8", "replace"))

    def close(self, manifest: bytes) -> None:
        """Add the manifest, which does not list itself, and end the file."""
        self._zip.writestr("manifest.json", manifest)
        self._zip.close()
