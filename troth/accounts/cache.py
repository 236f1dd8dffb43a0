"""A cache in the database, so that attempts are counted by all processes together.

Small and honest rather than fast: it holds counters of log-in attempts and codes already used, nothing that a page
waits for. Keys are hashed because they contain addresses of browsers; values are JSON, never code.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from troth.accounts.models import CacheEntry
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring

FAR = timedelta(days=3650)
_TABLE = "accounts_cacheentry"


def hashed_key(key: str, prefix: str, version: int) -> str:
    """Return the stored form of a key: a keyed hash, in hexadecimal."""
    return ring(INSTALLATION).index(f"{prefix}:{version}:{key}", place=f"{_TABLE}.key").hex()


class TableCache(BaseCache):
    """Django's cache protocol over one table."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        found = CacheEntry.objects.filter(key=self._stored(key, version), expires_at__gt=now()).values_list(
            "value", flat=True
        )
        return next(iter(found), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(key, value, timeout, version, only_if_free=False)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Store a value unless there is one, in one statement; two who add at once cannot both succeed."""
        return self._write(key, value, timeout, version, only_if_free=True)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        alive = CacheEntry.objects.filter(key=self._stored(key, version), expires_at__gt=now())
        return bool(alive.update(expires_at=self._expiry(timeout)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        deleted, _ = CacheEntry.objects.filter(key=self._stored(key, version)).delete()
        return bool(deleted)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return CacheEntry.objects.filter(key=self._stored(key, version), expires_at__gt=now()).exists()

    def clear(self) -> None:
        CacheEntry.objects.all().delete()

    def _write(self, key: Any, value: Any, timeout: Any, version: int | None, *, only_if_free: bool) -> bool:
        free = f"WHERE {_TABLE}.expires_at <= %s" if only_if_free else ""
        values: list[Any] = [self._stored(key, version), json.dumps(value), self._expiry(timeout)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {_TABLE} (key, value, expires_at) VALUES (%s, %s::jsonb, %s)"  # noqa: S608  # our own words
                f" ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at {free}",
                [*values, now()] if only_if_free else values,
            )
            return bool(cursor.rowcount)

    def _stored(self, key: Any, version: int | None) -> bytes:
        return bytes.fromhex(self.make_and_validate_key(key, version))

    def _expiry(self, timeout: Any) -> datetime:
        chosen = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return now() + (FAR if chosen is None else timedelta(seconds=chosen))


def forget_expired() -> int:
    """Delete what has expired; return how many entries that were."""
    deleted, _ = CacheEntry.objects.filter(expires_at__lte=now()).delete()
    return deleted
