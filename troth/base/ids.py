"""Ids that sort by the time they were made and cannot be guessed."""

import os
import threading
import time
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 74
_STEP_BITS = 32  # how far an id may lie beyond the one before it within a millisecond: unguessable, and room for many

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562), always greater than any that this process has made before.

    Made here rather than in the database because PostgreSQL has uuidv7() only from version 18 on.
    """
    global _last
    random = int.from_bytes(os.urandom(10), "big") >> 6
    value = ((time.time_ns() // 1_000_000) << _RANDOM_BITS) | random
    with _lock:
        if value <= _last:
            # Within one millisecond (or after the clock was set back) we count on from the last one.
            value = _last + 1 + (random & ((1 << _STEP_BITS) - 1))
        _last = value
    return _as_uuid(value)


def id_at(instant_s: float) -> UUID:
    """Return a UUIDv7 whose time part is this instant, in seconds since 1970; for rows made up or brought along."""
    random = int.from_bytes(os.urandom(10), "big") >> 6
    return _as_uuid((int(instant_s * 1000) << _RANDOM_BITS) | random)


def made_at(id: UUID) -> datetime:
    """Return the instant (UTC) at which an id of ours was made, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, UTC)


def _as_uuid(value: int) -> UUID:
    milliseconds, random = value >> _RANDOM_BITS, value & ((1 << _RANDOM_BITS) - 1)
    bits = (milliseconds & 0xFFFFFFFFFFFF) << 80
    bits |= 0x7 << 76
    bits |= (random >> 62) << 64
    bits |= 0b10 << 62
    bits |= random & 0x3FFFFFFFFFFFFFFF
    return UUID(int=bits)
