"""Ids that sort by the time they were made and cannot be guessed."""

import os
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits.

    Made here rather than in the database because PostgreSQL has uuidv7() only from version 18 on.
    """
    return id_at(time.time())


def id_at(instant_s: float) -> UUID:
    """Return a new UUIDv7 whose time part is this instant, in seconds since 1970."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (int(instant_s * 1000) & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= ((random >> 62) & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & 0x3FFFFFFFFFFFFFFF
    return UUID(int=value)
