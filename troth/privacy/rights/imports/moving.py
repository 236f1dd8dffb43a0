"""Moving ids: all by the same number, so that they stay in order, and so that the same import gives the same ids."""

from hashlib import blake2b
from uuid import UUID

_BITS = 122  # of a UUID that are not its version and variant


class Mover:
    """Moves ids into a workspace. `key` makes the number differ from one import to another."""

    def __init__(self, key: str) -> None:
        # Within the random part of an id: the instant in front of it may grow by one millisecond.
        self._by = int.from_bytes(blake2b(key.encode(), digest_size=9).digest(), "big")

    def __call__(self, id: UUID) -> UUID:
        """Return an id's new form."""
        return _made((_free(id) + self._by) % (1 << _BITS))

    def back(self, id: UUID) -> UUID:
        """Return what an id was before."""
        return _made((_free(id) - self._by) % (1 << _BITS))


def _free(id: UUID) -> int:
    high = id.int >> 80
    middle = (id.int >> 64) & 0xFFF
    low = id.int & ((1 << 62) - 1)
    return (high << 74) | (middle << 62) | low


def _made(free: int) -> UUID:
    high, middle, low = free >> 74, (free >> 62) & 0xFFF, free & ((1 << 62) - 1)
    return UUID(int=(high << 80) | (0x7 << 76) | (middle << 64) | (0b10 << 62) | low)
