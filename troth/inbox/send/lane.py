"""One process's send lane: finds numbers with something to send, owns each while it sends, and lets go again.

Owning a number is an advisory lock of one database session, so that two processes never send for one number at a time:
that keeps its pace exact and its conversations in order, and tells a crashed sender from a slow one.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg

from troth.channels.contract import Adapter
from troth.inbox.outbox import OUTBOX
from troth.inbox.send import ledger
from troth.inbox.send.ledger import Number
from troth.inbox.send.number import NumberLane

LOOK_EVERY_S = 2.0
IDLE_S = 10.0
RECONNECT_AFTER_S = 0.5
THREADS = 3

log = logging.getLogger(__name__)


class SendLane:
    """Runs until cancelled. `adapter_for` makes the adapter of a number."""

    def __init__(self, address: str, *, adapter_for: Callable[[Number], Adapter]) -> None:
        self.id = random.getrandbits(31)
        self._address = address
        self._adapter_for = adapter_for
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="send")
        self._running: dict[UUID, tuple[NumberLane, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Send for ever; after losing the database begin anew."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    self._address, autocommit=True, connect_timeout=3
                ) as connection:
                    await connection.execute(f"LISTEN {OUTBOX}")
                    await self._serve(connection)
            except (psycopg.Error, OSError) as failure:
                log.warning("send.lane_broke", extra={"error": type(failure).__name__})
            await self._end_all()
            await asyncio.sleep(RECONNECT_AFTER_S)

    async def stop(self) -> None:
        """Finish what is in flight, write it down, and return."""
        await self._end_all()
        self._threads.shutdown(wait=False)

    async def _serve(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            await self._let_go(connection)
            waiting = await asyncio.get_running_loop().run_in_executor(self._threads, ledger.waiting)
            for workspace, channel in waiting:
                if channel not in self._running:
                    await self._own(connection, workspace, channel)
            await self._hear(connection)

    async def _hear(self, connection: psycopg.AsyncConnection) -> None:
        """Wait until some number that we do not own yet has something, waking those that we do."""
        deadline = asyncio.get_running_loop().time() + LOOK_EVERY_S
        while (left := deadline - asyncio.get_running_loop().time()) > 0:
            async for note in connection.notifies(timeout=left, stop_after=1):
                running = self._running.get(UUID(note.payload))
                if running is None or running[1].done():
                    return
                running[0].wake.set()

    async def _own(self, connection: psycopg.AsyncConnection, workspace: UUID, channel: UUID) -> None:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(channel)])
        row = await cursor.fetchone()
        if row is None or not row[0]:
            return
        loop = asyncio.get_running_loop()
        unsure = await loop.run_in_executor(self._threads, ledger.disown, workspace, channel)
        if unsure:
            log.warning("send.found_uncertain", extra={"channel_id": str(channel), "count": unsure})
        number = await loop.run_in_executor(self._threads, ledger.number, workspace, channel)
        if number is None:
            await connection.execute("SELECT pg_advisory_unlock(%s)", [_key(channel)])
            return
        lane = NumberLane(number, self._adapter_for(number), lane=self.id, threads=self._threads)
        self._running[channel] = (lane, asyncio.create_task(lane.run(idle_s=IDLE_S)))

    async def _let_go(self, connection: psycopg.AsyncConnection) -> None:
        """Give up numbers that have nothing more to send."""
        for channel, (_, task) in list(self._running.items()):
            if task.done():
                del self._running[channel]
                if (failure := task.exception()) is not None:
                    log.error("send.number_broke", extra={"channel_id": str(channel)}, exc_info=failure)
                await connection.execute("SELECT pg_advisory_unlock(%s)", [_key(channel)])

    async def _end_all(self) -> None:
        for lane, _ in self._running.values():
            lane.stopping = True
            lane.wake.set()
        if self._running:
            await asyncio.wait([task for _, task in self._running.values()])
        self._running.clear()


def _key(channel: UUID) -> int:
    return int.from_bytes(channel.bytes[8:], "big", signed=True)
