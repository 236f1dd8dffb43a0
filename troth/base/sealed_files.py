"""Files that are never in clear where they are kept: sealed in pieces, each bound to the file, to its place in it, and the last
one to being the last, so that nothing can be swapped, moved or cut off unseen.

Layout: for each piece, its length (4 bytes) and the sealed bytes. All but the last hold PIECE_BYTES.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from troth.base.sealing import OVERHEAD_BYTES, Ring, Unreadable
from troth.base.whole_files import FileSource, FileTarget, Source, Target

PIECE_BYTES = 64 * 1024
_LENGTH_BYTES = 4
_STEP = _LENGTH_BYTES + OVERHEAD_BYTES + PIECE_BYTES


def _place(name: str, number: int, *, last: bool) -> str:
    return f"file|{name}|{number}|{'last' if last else 'more'}"


class SealedWriter(io.RawIOBase):
    """Takes bytes and writes them sealed: into a file, or into whatever else keeps them. Until `finish` there is nothing.

    `durable` makes a file outlive a power cut; without, it outlives the process.
    """

    def __init__(self, to: Path | Target, *, keys: Ring, name: str, durable: bool = True) -> None:
        self._target = FileTarget(to, durable=durable) if isinstance(to, Path) else to
        self.size = 0
        self._keys, self._name, self._number = keys, name, 0
        self._waiting = bytearray()
        self._abandoned = False

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # what we are given
        if self._abandoned:
            return len(data)  # whoever writes in pieces ends its form when it is torn down
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) > PIECE_BYTES:
            self._piece(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the rest and have it kept."""
        self._piece(bytes(self._waiting), last=True)
        self._waiting.clear()
        self._target.finish()

    def abandon(self) -> None:
        """Forget what was written, and what may still be."""
        self._abandoned = True
        self._target.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.finish() if kind is None else self.abandon()

    def _piece(self, plain: bytes, *, last: bool) -> None:
        sealed = self._keys.seal(plain, place=_place(self._name, self._number, last=last))
        self._target.write(len(sealed).to_bytes(_LENGTH_BYTES, "big") + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what was written sealed, from any place in it. Raises: Unreadable, where it is not what was written."""

    def __init__(self, of: Path | Source, *, keys: Ring, name: str) -> None:
        self._source = FileSource(of) if isinstance(of, Path) else of
        self._keys, self._name = keys, name
        stored = self._source.size
        self._pieces = max(1, -(-stored // _STEP))
        self._size = stored - self._pieces * (_LENGTH_BYTES + OVERHEAD_BYTES)
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        if self._size < 0:
            self._source.close()
            raise Unreadable(name)

    @property
    def size(self) -> int:
        """How many bytes there are to read."""
        return self._size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, target: "bytearray | memoryview") -> int:  # type: ignore[override]  # what we are given
        view = memoryview(target)
        if self._at >= self._size or not len(view):
            return 0
        number, inside = divmod(self._at, PIECE_BYTES)
        piece = self._piece(number)[inside : inside + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._source.close()
        super().close()

    def pieces(self) -> Iterator[bytes]:
        """Yield the whole file, piece by piece."""
        for number in range(self._pieces):
            yield self._piece(number)

    def _piece(self, number: int) -> bytes:
        if self._held[0] != number:
            stored = self._source.read(number * _STEP, _STEP)
            length, sealed = int.from_bytes(stored[:_LENGTH_BYTES], "big"), stored[_LENGTH_BYTES:]
            if len(sealed) != length or length < OVERHEAD_BYTES:
                raise Unreadable(self._name)
            last = number == self._pieces - 1
            self._held = number, self._keys.unseal(sealed, place=_place(self._name, number, last=last))
        return self._held[1]


def buffered(reader: SealedReader) -> io.BufferedReader:
    """Return a reader with a buffer before it, for reading lines."""
    return io.BufferedReader(reader, PIECE_BYTES)
