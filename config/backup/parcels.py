"""What lies inside a backup's stream: named parcels one after the other, and a list of them at the end.

    kind (1 byte) | length (4, big-endian) | content

Kinds: N begins a parcel (its name), D is a part of it, E ends it (JSON: bytes, sha256), M is the list at the end of all
(JSON: how many parcels, how many bytes, the hash of all ends). Sizes are known only afterwards, since the database's dump
is a stream; neither side ever holds more than a part in memory.
"""

import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import IO, Protocol

from config.backup.backup_key import BackupKey
from config.backup.chain import Damaged, Header, Reader, Writer, as_file
from config.trouble import Trouble

DATABASE = "database"
MEDIA, KEYS, TOMBSTONES = "media/", "keys/", "tombstones/"
PART_BYTES = 1 << 18


class Sink(Protocol):
    def write(self, data: bytes) -> None: ...


@dataclass(frozen=True)
class Contents:
    """What a backup holds, as its list states."""

    parcels: int
    bytes: int
    sha256: str


class Packer:
    """Writes parcels into a sink."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._all = hashlib.sha256()
        self._parcels = self._bytes = 0

    def put(self, name: str, parts: Iterable[bytes]) -> int:
        """Write one parcel and return its size."""
        size, digest = 0, hashlib.sha256()
        self._frame(b"N", os.fsencode(name))
        for part in parts:
            self._frame(b"D", part)
            digest.update(part)
            size += len(part)
        end = json.dumps({"name": name, "bytes": size, "sha256": digest.hexdigest()}).encode()
        self._frame(b"E", end)
        self._all.update(end)
        self._parcels += 1
        self._bytes += size
        return size

    def close(self) -> Contents:
        """Write the list."""
        contents = Contents(parcels=self._parcels, bytes=self._bytes, sha256=self._all.hexdigest())
        self._frame(b"M", json.dumps(asdict(contents)).encode())
        return contents

    def _frame(self, kind: bytes, content: bytes) -> None:
        self._sink.write(kind + len(content).to_bytes(4, "big"))
        self._sink.write(content)


@contextmanager
def packing(file: IO[bytes], key: BackupKey, header: Header) -> Iterator[Packer]:
    """Give a packer that writes a backup into this file, and end the backup when the block ends well."""
    writer = Writer(file, key, header)
    packer = Packer(writer)
    yield packer
    packer.close()
    writer.close()


class Unpacker:
    """Reads parcels out of a backup, one after the other. Once all were read, `contents` holds what the list states.

    Raises: Damaged, where the list and what was found differ.
    """

    def __init__(self, reader: Reader) -> None:
        self.contents: Contents | None = None
        self._reader = reader
        self._file = as_file(reader.pieces())

    def parcels(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield name and parts of every parcel. Parts that are not taken are passed over, and proven nevertheless."""
        everything, count, size = hashlib.sha256(), 0, 0
        while True:
            kind, content = self._frame()
            if kind == b"M":
                break
            if kind != b"N":
                raise self._strange()
            parcel = _Parcel(self, os.fsdecode(content))
            yield parcel.name, parcel.parts()
            parcel.finish()
            everything.update(parcel.end)
            count, size = count + 1, size + parcel.size
        self.contents = Contents(**json.loads(content))
        if self.contents != Contents(count, size, everything.hexdigest()) or self._file.read(1):
            raise self._strange()

    def _frame(self) -> tuple[bytes, bytes]:
        head = self._file.read(5)
        content = self._file.read(int.from_bytes(head[1:], "big"))
        if len(head) != 5 or len(content) != int.from_bytes(head[1:], "big"):
            raise self._strange()
        return head[:1], content

    def _strange(self) -> Damaged:
        return Damaged(
            f"The backup {self._reader.path} opens, but what is in it is not in order: take an older one "
            "(bin/backup --list names them)."
        )


class _Parcel:
    def __init__(self, unpacker: Unpacker, name: str) -> None:
        self.name = _safe(name)
        self.size = 0
        self.end = b""
        self._unpacker = unpacker
        self._digest = hashlib.sha256()

    def parts(self) -> Iterator[bytes]:
        while not self.end:
            kind, content = self._unpacker._frame()
            if kind == b"E":
                self._close(content)
                return
            if kind != b"D":
                raise self._unpacker._strange()
            self._digest.update(content)
            self.size += len(content)
            yield content

    def finish(self) -> None:
        for _ in self.parts():
            pass

    def _close(self, end: bytes) -> None:
        found = {"name": self.name, "bytes": self.size, "sha256": self._digest.hexdigest()}
        if json.loads(end) != found:
            raise self._unpacker._strange()
        self.end = end


def _safe(name: str) -> str:
    """Return a name that stays below the folder it is put in. Raises: Trouble."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise Trouble("The backup holds a name that leads elsewhere: it was not made by Troth.")
    return name


def parts_of(file: io.BufferedIOBase) -> Iterator[bytes]:
    """Yield an open file in parts."""
    while part := file.read(PART_BYTES):
        yield part
