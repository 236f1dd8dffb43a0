"""Group commit: deliveries that arrive together are stored by one insert, each acknowledged when that is on the disk."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.logs import declare, event
from troth.base.sealing import INSTALLATION, Ring, ring

WAITING_MAX = 2_000
WAITING_BYTES_MAX = 64 * 1024 * 1024
BATCH_MAX = 500
BATCH_BYTES_MAX = 8 * 1024 * 1024
WRITTEN_WITHIN_S = 10.0
# One writer that gathers for a moment was measured quicker, and a third cheaper, than two that write at once: what an
# insert costs hardly grows with its rows (docs/benchmarks.md).
WRITERS = 1
GATHER_S = 0.001
BODY = "ingest_delivery.body"
BODY_HASH = "ingest_delivery.body_hash"

log = logging.getLogger(__name__)
declare("door.not_stored", level=logging.ERROR)

_INSERT = """
    INSERT INTO ingest_delivery (id, channel_id, secret_hash, body, body_hash, received_at, attempts)
    SELECT id, channel, secret, body, hash, at, 0
    FROM unnest(%b::uuid[], %b::uuid[], %b::bytea[], %b::bytea[], %b::bytea[], %b::timestamptz[])
        AS new (id, channel, secret, body, hash, at)
    ON CONFLICT DO NOTHING
"""


class Unavailable(Exception):
    """The database is away; the caller should try again later."""


class Full(Exception):
    """More is waiting than we want to hold in memory; the caller should try again later."""


@dataclass(slots=True)
class _Waiting:
    id: UUID
    channel: UUID
    fingerprint: bytes
    body: bytes
    at: datetime
    stored: asyncio.Future[None]


class Writer:
    """Stores deliveries. Start it inside the event loop; a bounded number waits, beyond that it refuses."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._waiting: list[_Waiting] = []
        self._bytes = 0
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopped = False

    def start(self) -> None:
        """Begin to write."""
        self._tasks = [asyncio.create_task(self._write_on()) for _ in range(WRITERS)]

    async def stop(self) -> None:
        """Stop writing. Whoever still waits is refused."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for one in self._waiting:
            _refuse(one)

    async def store(self, channel: UUID, fingerprint: bytes, body: bytes) -> None:
        """Return once this delivery is safely stored, or was before. Raises: Full, Unavailable."""
        if self._stopped:
            raise Unavailable
        if len(self._waiting) >= WAITING_MAX or self._bytes + len(body) > WAITING_BYTES_MAX:
            raise Full
        one = _Waiting(new_id(), channel, fingerprint, body, now(), asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        self._bytes += len(body)
        self._wake.set()
        await one.stored

    async def _write_on(self) -> None:
        connection: psycopg.AsyncConnection | None = None
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHER_S)
                batch = _first(self._waiting)
                del self._waiting[: len(batch)]
                self._bytes -= sum(len(one.body) for one in batch)
                if not self._waiting:
                    self._wake.clear()
                if batch:
                    connection = await self._write(connection, batch)
        finally:
            if connection is not None:
                await connection.close()

    async def _write(
        self, connection: psycopg.AsyncConnection | None, batch: list[_Waiting]
    ) -> psycopg.AsyncConnection | None:
        try:
            async with asyncio.timeout(WRITTEN_WITHIN_S):
                if connection is None or connection.closed:
                    connection = await psycopg.AsyncConnection.connect(
                        self._address, autocommit=True, connect_timeout=3
                    )
                await connection.execute(_INSERT, _columns(batch))
        except Exception as failure:  # noqa: BLE001  # whatever breaks one batch, the writer has to go on with the next
            if not isinstance(failure, psycopg.OperationalError | OSError):
                event(log, "door.not_stored", exc_info=failure)
            if connection is not None:
                await connection.close()
            return None
        else:
            for one in batch:
                if not one.stored.done():
                    one.stored.set_result(None)
            return connection
        finally:
            for one in batch:
                _refuse(one)


def _first(waiting: list[_Waiting]) -> list[_Waiting]:
    """Return those that are written together: many small ones, few large ones, always one."""
    size = 0
    for count, one in enumerate(waiting[:BATCH_MAX]):
        size += len(one.body)
        if size > BATCH_BYTES_MAX and count:
            return waiting[:count]
    return waiting[:BATCH_MAX]


def body_hash(keys: Ring, body: bytes) -> bytes:
    """Return the keyed hash by which a repeated delivery is known."""
    return keys.index(hashlib.sha256(body).digest(), place=BODY_HASH)


def _columns(batch: list[_Waiting]) -> list[list[object]]:
    keys = ring(INSTALLATION)
    hashed = [(body_hash(keys, one.body), one) for one in batch]
    # Two writers that wait for each other's repeats would stand still: all write in the order of the hashes.
    rows = sorted(hashed, key=lambda row: (row[1].channel, row[0]))
    return [
        [one.id for _, one in rows],
        [one.channel for _, one in rows],
        [one.fingerprint for _, one in rows],
        [keys.seal(one.body, place=BODY) for _, one in rows],
        [digest for digest, _ in rows],
        [one.at for _, one in rows],
    ]


def _refuse(one: _Waiting) -> None:
    if not one.stored.done():
        one.stored.set_exception(Unavailable())
