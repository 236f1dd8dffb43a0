"""What keeps files has to do, whether it is a folder or a bucket. It is given names and sealed bytes, and knows nothing else.

A name is a path: the workspace, two random digits, the file's id with what it is ("whole", "preview", "piece7").
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, Protocol

from troth.base.whole_files import Source, Target


class StoreAway(Exception):
    """The store does not answer, or refuses us; `reason` is a short word. Nothing may be concluded about a file."""

    def __init__(self, reason: str) -> None:
        super().__init__("the media store is away")
        self.reason = reason


class Kept(NamedTuple):
    """A file that is kept: its size as it lies there, sealed, and when it was written."""

    name: str
    size: int
    changed_at: datetime


class Store(Protocol):
    """A keeper of files. All that it does may be repeated. Everything but `target` raises StoreAway; a target raises it
    when it is finished."""

    def prepare(self) -> None:
        """Ask what has to be known before the first `target`, so that this asks nobody. Raises: StoreAway."""

    def target(self, name: str) -> Target:
        """Return what takes the bytes of a file; one that was there is replaced as a whole."""

    def source(self, name: str) -> Source:
        """Return what gives the bytes of a file. Raises: FileNotFoundError."""

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file as it lies there, in hexadecimal digits. Raises: FileNotFoundError."""

    def kept(self, below: str = "", *, all_traces: bool = False) -> Iterator[Kept]:
        """Yield the files whose names begin so; with `all_traces`, also those of which only an earlier version is left."""

    def remove(self, beginnings: Iterable[str]) -> None:
        """Delete whatever has a name that begins so, in all its versions, and return when it is gone."""
