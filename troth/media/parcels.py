"""A file that comes from a browser, piece by piece: a piece that was lost on the way is sent again, not the whole file."""

from collections.abc import Iterator
from uuid import UUID

from troth.base.sealing import Unreadable
from troth.media.store import Files, piece

PIECE_BYTES_MAX = 1024 * 1024


class Incomplete(Exception):
    """Not all pieces are here."""


def put(files: Files, id: UUID, number: int, data: bytes) -> None:
    """Keep a piece, counted from 0. The same piece again replaces the first. Raises: StoreAway."""
    with files.writer(id, piece(number)) as out:
        out.write(data)


def pieces(files: Files, id: UUID, count: int) -> Iterator[bytes]:
    """Yield the pieces in their order. Raises: Incomplete, StoreAway."""
    for number in range(count):
        try:
            with files.reader(id, piece(number)) as found:
                yield from found.pieces()
        except (FileNotFoundError, Unreadable) as failed:
            raise Incomplete from failed
