"""One session: an engine, what it told, and the browsers that look, for as long as this process lives."""

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from typing import Any

from port import wire
from port.contract import Driver, End, Event, State, Went
from port.memory import Memory
from port.pace import Pace
from port.tickets import AHEAD_S, LASTS_S

REPORT_EVERY_S = 5.0
UNLINK_S = 3.0
FAREWELL_S = 0.2
LINK_S = 300


Serve = Callable[["Session"], Callable[[], asyncio.Protocol]]  # makes what serves a connection


class Session:
    """One port for as long as it lives."""

    def __init__(self, begin: wire.Begin, parent: socket.socket, driver: Driver, *, serve: Serve) -> None:
        self.begin, self.driver = begin, driver
        self.memory = Memory(started_at=now_ms())
        self.pace = Pace()
        self.sending = asyncio.Lock()  # one message is on its way at a time
        self.went = Went(state=State.STARTING)
        self.browsers: set[Any] = set()  # port.talk.Browser
        self.desk: dict[str, dict[str, Any]] = {}  # conversation -> who has it, labels, whether it is closed
        self._parent, self._serve = parent, serve
        self._tasks: set[asyncio.Task[None]] = set()
        self._out: dict[str, float] = {}  # members who were shown the door -> until when
        self._ended = asyncio.Event()
        self._looked_at = self._began_at = time.monotonic()

    async def run(self) -> None:
        """Live until something ends it."""
        loop = asyncio.get_running_loop()
        self._server = self._serve(self)
        self._parent.setblocking(False)
        loop.add_reader(self._parent.fileno(), self._told)
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, self.end, End.STOPPED, True)
        watch = asyncio.create_task(self._watch())
        start = asyncio.create_task(self.driver.start(self.take))
        start.add_done_callback(self._started)
        await self._ended.wait()
        watch.cancel()
        await asyncio.sleep(FAREWELL_S)  # what the screens are told is on its way by then

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside, and keep hold of it until it is done."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def take(self, event: Event) -> None:
        """Remember what the engine tells, and show it to whoever looks."""
        if isinstance(event, Went):
            self._go(event)
            return
        shown = self.memory.take(event, at=now_ms())
        if shown is not None:
            self.tell(shown)

    def tell(self, event: Any) -> None:
        """Show it to every browser that looks."""
        for browser in list(self.browsers):
            browser.tell(event)

    def is_out(self, member: str) -> bool:
        """Return whether a member was shown the door, while tickets that they had before would still be good."""
        return self._out.get(member, 0.0) >= time.time()

    def looked(self) -> None:
        """Somebody looks: the session is not idle."""
        self._looked_at = time.monotonic()

    def end(self, why: End, unlink: bool) -> None:
        """End it, once: forget, tell, and go."""
        if self.went.state is not State.ENDED:
            self.start(self._end(why, unlink=unlink))

    async def _end(self, why: End, *, unlink: bool, until: int = 0) -> None:
        if self.went.state is State.ENDED:
            return
        self.memory = Memory(started_at=now_ms())
        self.desk.clear()
        self.went = Went(state=State.ENDED, end=why, restricted_until=until)
        self.tell(self.went)
        self.report()
        with contextlib.suppress(Exception):  # it ends whatever the engine makes of it
            await asyncio.wait_for(self.driver.stop(unlink=unlink), UNLINK_S)
        self._ended.set()

    def _go(self, event: Went) -> None:
        if event.state is State.ENDED:
            why = event.end or End.CRASHED
            self.start(self._end(why, unlink=False, until=event.restricted_until))
            return
        if self.went.state is not State.ENDED:
            self.went = event
            self.tell(event)
            self.report()

    def _started(self, start: "asyncio.Task[None]") -> None:
        if not start.cancelled() and start.exception() is not None:
            self.end(End.UNREACHABLE if isinstance(start.exception(), OSError) else End.CRASHED, False)

    def _told(self) -> None:
        try:
            received = wire.receive(self._parent)
        except BlockingIOError:
            return
        if received is None:
            os._exit(1)  # the gateway is gone, and nobody is left to tell
        message, connection = received
        match message:
            case wire.Connection() if connection is not None:
                self.start(self._take_over(connection))
            case wire.Finish(why=why, unlink=unlink):
                self.end(End(why), unlink)
            case wire.Expel(member=member):
                self._out[member] = time.time() + LASTS_S + AHEAD_S
                for browser in [one for one in self.browsers if one.ticket.member == member]:
                    browser.expel()

    async def _take_over(self, connection: socket.socket) -> None:
        """Serve a connection that the gateway handed over."""
        connection.setblocking(False)
        with contextlib.suppress(OSError):
            await asyncio.get_running_loop().connect_accepted_socket(self._server, connection)

    def report(self) -> None:
        """Tell the gateway how it goes: states and counts, no word."""
        capabilities = self.driver.capabilities
        told = wire.Report(
            state=self.went.state,
            end=self.went.end or "",
            until=self.went.restricted_until,
            messages=self.memory.count,
            chats=len(self.memory.chats),
            bytes=self.memory.bytes,
            watchers=len(self.browsers),
            engine=capabilities.engine,
            version=capabilities.version,
            chosen=self.memory.has_chosen,
        )
        with contextlib.suppress(OSError):
            wire.send(self._parent, told)

    async def _watch(self) -> None:
        """Report now and then; let go of what has disappeared, of sessions that nobody looks at, and of codes unscanned."""
        reported = 0.0
        while True:
            expiry = self.memory.next_expiry()
            pause = min(REPORT_EVERY_S, max(0.05, (expiry - now_ms()) / 1000)) if expiry else REPORT_EVERY_S
            await asyncio.sleep(pause)
            for chat, id in self.memory.expire(at=now_ms()):
                self.tell({"type": "expired", "chat": chat, "id": id})
            at = time.monotonic()
            if at - reported >= REPORT_EVERY_S:
                self.report()
                reported = at
            if any(browser.is_live for browser in self.browsers):
                self._looked_at = at
            if at - self._looked_at > self.begin.idle_s:
                self.end(End.IDLE, True)
            elif at - self._began_at > self.begin.life_s:
                self.end(End.TOO_LONG, True)
            elif self.went.state in (State.STARTING, State.CODE, State.PASSKEY) and at - self._began_at > LINK_S:
                self.end(End.NOT_SCANNED, False)


def now_ms() -> int:
    """Return the instant, in milliseconds since 1970."""
    return int(time.time() * 1000)
