"""Hears pokes from the database and hands each to the open streams that may know of it."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg

from troth.base.clock import now
from troth.base.logs import declare, event
from troth.realtime.authority import Authority, Pass
from troth.realtime.pokes import CHANNEL

REMEMBERED = 1_000  # pokes a workspace, so that a short break loses none
QUEUED_MAX = 500  # pokes a stream; one that falls further behind is told to look at everything
CHECK_EVERY_S = 3.0
RECONNECT_AFTER_S = 1.0
CLOCKS_DIFFER = timedelta(seconds=2)  # at most, among the machines of one installation

log = logging.getLogger(__name__)
declare("stream.listening_broke", level=logging.WARNING)
declare("stream.check_failed", level=logging.WARNING)


@dataclass(frozen=True, slots=True)
class Poke:
    """One poke as heard: `line` is what goes to the browser, `about` the channel that decides who may know."""

    number: int
    topic: str
    about: UUID | None
    line: bytes
    heard_at: datetime


@dataclass(slots=True, eq=False)
class Listener:
    """One open stream."""

    passed: Pass
    queue: asyncio.Queue[Poke | None] = field(default_factory=lambda: asyncio.Queue(QUEUED_MAX))
    behind: bool = False
    closed: bool = False

    def offer(self, poke: Poke) -> None:
        """Hand over a poke, or note that the stream fell behind."""
        if self.closed or not self.passed.may_know(poke.about):
            return
        try:
            self.queue.put_nowait(poke)
        except asyncio.QueueFull:
            self.behind = True

    def close(self) -> None:
        """End the stream at once, whatever waits in it."""
        self.closed = True
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(None)


class Hub:
    """All open streams of this process, and the one database connection that listens for them."""

    def __init__(self, address: str, *, authority: Authority) -> None:
        self._address = address
        self.authority = authority
        self._listeners: dict[UUID, set[Listener]] = defaultdict(set)
        self._remembered: dict[UUID, deque[Poke]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._number = 0
        self._listening_since = datetime.max.replace(tzinfo=UTC)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen."""
        self._tasks = [asyncio.create_task(self._hear_on()), asyncio.create_task(self._check_on())]

    async def stop(self) -> None:
        """Stop listening and end all streams."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listener in self._all():
            listener.close()

    def add(self, listener: Listener, *, after: int | None) -> list[Poke] | None:
        """Open a stream. Return the pokes since number `after`, or None where they are no longer known."""
        workspace = listener.passed.workspace_id
        self._listeners[workspace].add(listener)
        if after is None:
            return []
        remembered = self._remembered[workspace]
        oldest = remembered[0].number if remembered else self._number + 1
        if after > self._number or (after + 1 < oldest and len(remembered) == REMEMBERED):
            return None
        return [poke for poke in remembered if poke.number > after and listener.passed.may_know(poke.about)]

    def since(self, listener: Listener, instant: datetime) -> list[Poke] | None:
        """Return the pokes since about an instant, or None where they are not all known. Clocks may differ a little."""
        remembered = self._remembered[listener.passed.workspace_id]
        instant -= CLOCKS_DIFFER
        known_from = remembered[0].heard_at if len(remembered) == REMEMBERED else self._listening_since
        if known_from > instant:
            return None
        return [poke for poke in remembered if poke.heard_at >= instant and listener.passed.may_know(poke.about)]

    def open_by(self, passed: Pass) -> int:
        """Return how many streams this member has open here."""
        mine = self._listeners.get(passed.workspace_id, ())
        return sum(listener.passed.membership_id == passed.membership_id for listener in mine)

    def remove(self, listener: Listener) -> None:
        """Forget a stream."""
        workspace = listener.passed.workspace_id
        self._listeners[workspace].discard(listener)
        if not self._listeners[workspace]:
            del self._listeners[workspace]

    @property
    def number(self) -> int:
        """The number of the newest poke."""
        return self._number

    def _all(self) -> list[Listener]:
        return [listener for some in self._listeners.values() for listener in some]

    async def _hear_on(self) -> None:
        """Listen for ever; after a break tell everybody to look at everything."""
        while True:
            try:
                connection = await psycopg.AsyncConnection.connect(self._address, autocommit=True, connect_timeout=3)
                async with connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    self._break()
                    async for note in connection.notifies():
                        self._hear(note.payload)
            except (psycopg.Error, OSError) as failure:
                event(log, "stream.listening_broke", exc_info=failure)
                await asyncio.sleep(RECONNECT_AFTER_S)

    def _break(self) -> None:
        self._remembered.clear()
        self._listening_since = now()
        for listener in self._all():
            listener.behind = True
            if listener.queue.empty():
                listener.queue.put_nowait(Poke(self._number, "all", None, b"", now()))

    def _hear(self, payload: str) -> None:
        try:
            workspace_text, topic, id, about = payload.split(" ")
            workspace = UUID(workspace_text)
            channel = None if about == "-" else UUID(about)
        except ValueError:
            return
        self._number += 1
        line = b'{"t":"%s","id":"%s"}' % (topic.encode(), id.encode())
        poke = Poke(self._number, topic, channel, line, now())
        self._remembered[workspace].append(poke)
        for listener in self._listeners.get(workspace, ()):
            listener.offer(poke)
        if topic == "access":
            asyncio.get_running_loop().create_task(self._check(list(self._listeners.get(workspace, ()))))

    async def _check_on(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            try:
                await self._check(self._all())
            except (psycopg.Error, OSError) as failure:
                event(log, "stream.check_failed", exc_info=failure)

    async def _check(self, listeners: Iterable[Listener]) -> None:
        """End the streams of people who were signed out or removed; renew what the others may know of."""
        by_pass = {listener: listener.passed for listener in listeners}
        if not by_pass:
            return
        renewed = await self.authority.renew(list(by_pass.values()))
        for listener in by_pass:
            fresh = renewed.get(listener.passed.key)
            if fresh is None:
                listener.close()
            else:
                listener.passed = fresh
