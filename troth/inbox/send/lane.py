"""One process's send lane: finds numbers with something to send, owns each while it sends, and lets go again.

Owning a number is an advisory lock of one database session, so that two processes never send for one number at a time:
that keeps its pace exact and its conversations in order, and tells a crashed sender from a slow one. It is not what
keeps a message from being sent twice: that is the claim, committed in the message's row before anything leaves.
"""

import asyncio
import logging
import random
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from troth.channels.contract import Adapter
from troth.inbox.outbox import OUTBOX
from troth.inbox.send import connected, ledger
from troth.inbox.send.asking import AWAY, Asking
from troth.inbox.send.connected import Number
from troth.inbox.send.number import NumberLane
from troth.inbox.send.pace import Pace, PairPace

LOOK_EVERY_S = 2.0
IDLE_S = 10.0
RECONNECT_AFTER_S = 0.5
THREADS = 3
FINISH_WITHIN_S = 4.5  # how long calls may take when the process is asked to end; the supervisor grants it 8 seconds
GIVE_UP_WITHIN_S = 1.0
# A host that vanished has to be noticed on both sides, or its numbers would stand still for hours.
NOTICE: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
NOTICE_THERE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"

log = logging.getLogger(__name__)
Connection = psycopg.AsyncConnection[tuple[object, ...]]


@dataclass(slots=True)
class Speed:
    """How fast a number has sent, kept while this process runs: it may not begin anew whenever its lane does."""

    pace: Pace = field(default_factory=lambda: Pace(1))
    pairs: PairPace = field(default_factory=PairPace)


class SendLane:
    """Sends for all numbers that no other process sends for. `adapter_for` makes the adapter of a number."""

    def __init__(self, address: str, *, adapter_for: Callable[[Number], Adapter]) -> None:
        self.id = random.getrandbits(31)
        self._address = address
        self._adapter_for = adapter_for
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="send")
        self._asking = Asking(self._threads)
        self._running: dict[UUID, tuple[NumberLane, asyncio.Task[None]]] = {}
        self._speeds: dict[UUID, Speed] = defaultdict(Speed)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Send until `stop` is called, then finish what is in flight; after losing the database begin anew."""
        while not self._stopping.is_set():
            try:
                await self._connected()
            except (*AWAY, OSError) as failure:
                log.warning("send.database_away", extra={"error": type(failure).__name__})
            except Exception:
                log.exception("send.lane_broke")
            await self._or_stopping(asyncio.sleep(RECONNECT_AFTER_S))
        self._threads.shutdown(wait=False)

    def stop(self) -> None:
        """Claim nothing more, finish what is in flight, write it down, and let `run` return."""
        self._stopping.set()

    async def _connected(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._address, autocommit=True, connect_timeout=3, **NOTICE
        ) as connection:
            await connection.execute(NOTICE_THERE)
            await connection.execute(f"LISTEN {OUTBOX}")
            try:
                while not self._stopping.is_set():
                    await self._let_go(connection)
                    for workspace, channel in await self._asking.once(ledger.waiting):
                        if channel not in self._running:
                            await self._try_to_own(connection, workspace, channel)
                    await self._or_stopping(self._hear(connection))
            finally:
                # The numbers are ours until their last result is written: only then the connection may close.
                await self._end_all()

    async def _or_stopping(self, waiting: Coroutine[Any, Any, None]) -> None:
        """Wait, but no longer than until we are asked to stop."""
        tasks = {asyncio.create_task(waiting), asyncio.create_task(self._stopping.wait())}
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            task.result()

    async def _hear(self, connection: Connection) -> None:
        """Wait until some number that we do not own yet has something, waking those that we do."""
        deadline = time.monotonic() + LOOK_EVERY_S
        news = False
        while not news and (left_s := deadline - time.monotonic()) > 0:
            async with aclosing(connection.notifies(timeout=left_s, stop_after=1)) as notes:
                async for note in notes:
                    running = self._running.get(UUID(note.payload))
                    if running is None or running[1].done():
                        news = True
                    else:
                        running[0].wake.set()

    async def _try_to_own(self, connection: Connection, workspace: UUID, channel: UUID) -> None:
        cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(channel)])
        if await cursor.fetchone() != (True,):
            return
        try:
            owned = await self._own(workspace, channel)
        except AWAY:
            raise
        except Exception:
            # One workspace's trouble, such as a destroyed key, is not the others'.
            log.exception("send.cannot_own", extra={"channel_id": str(channel)})
            owned = False
        if not owned:
            await connection.execute("SELECT pg_advisory_unlock(%s)", [_key(channel)])

    async def _own(self, workspace: UUID, channel: UUID) -> bool:
        """Begin to send for a number that nobody sends for; return whether it may send."""
        speed = self._speeds[channel]
        unsure = await self._asking.once(lambda: ledger.disown(workspace, channel))
        if unsure:
            log.warning("send.found_uncertain", extra={"channel_id": str(channel), "count": unsure})
            speed.pace.rest(until=time.monotonic() + 1.0)  # whoever ended may have filled this second
        number = await self._asking.once(lambda: connected.number(workspace, channel))
        if number is None:
            return False
        lane = NumberLane(
            number,
            adapter_for=self._adapter_for,
            pace=speed.pace,
            pairs=speed.pairs,
            lane=self.id,
            asking=self._asking,
        )
        self._running[channel] = (lane, asyncio.create_task(lane.run(idle_s=IDLE_S)))
        return True

    async def _let_go(self, connection: Connection) -> None:
        """Give up numbers that have nothing more to send."""
        for channel, (lane, task) in list(self._running.items()):
            if task.done():
                del self._running[channel]
                lane.pairs.forget(time.monotonic())
                if (failure := task.exception()) is not None:
                    log.error("send.number_broke", extra={"channel_id": str(channel)}, exc_info=failure)
                await connection.execute("SELECT pg_advisory_unlock(%s)", [_key(channel)])

    async def _end_all(self) -> None:
        """Let all numbers finish, however long the database is away; once asked to stop, only for a few seconds."""
        lanes = [lane for lane, _ in self._running.values()]
        tasks = {task for _, task in self._running.values()}
        self._running.clear()
        for lane in lanes:
            lane.finish()
        await self._or_stopping(_all_of(tasks, None))
        await _all_of(tasks, FINISH_WITHIN_S)
        for lane in lanes:
            lane.give_up()
        await _all_of(tasks, GIVE_UP_WITHIN_S)
        for task in tasks:
            if task.done() and (failure := task.exception()) is not None:
                log.error("send.number_broke", exc_info=failure)
            task.cancel()
        if self._stopping.is_set() and lanes:
            # The next owner may begin at once, and does not know how much of this second we have filled.
            await asyncio.sleep(max(lane.pace.left_at() for lane in lanes) + 1.0 - time.monotonic())


async def _all_of(tasks: set[asyncio.Task[None]], within_s: float | None) -> None:
    left = {task for task in tasks if not task.done()}
    if left:
        await asyncio.wait(left, timeout=within_s)


def _key(channel: UUID) -> int:
    return int.from_bytes(channel.bytes[8:], "big", signed=True)
