"""What comes back from outside."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer, whatever its status: only the caller knows what a 404 means."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_s: float

    def __repr__(self) -> str:
        """Return the facts that may be logged: never a header or a byte of the body."""
        return f"Response(status={self.status}, {len(self.body)} bytes, {self.elapsed_s:.3f} s)"
