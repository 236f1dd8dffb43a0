"""The simulated engine: WhatsApp Web as the sandbox on this machine plays it. For the demo, for development, for tests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from itertools import chain, repeat
from typing import Any
from urllib.parse import quote

import aiohttp
import msgspec

from port.contract import (
    Capabilities,
    Changed,
    Driver,
    End,
    Event,
    Limited,
    Message,
    Outgoing,
    Reaction,
    Refused,
    Said,
    State,
    Went,
)
from port.drivers.simulated_words import ENDS, REFUSALS, event_of, message_of, send_of
from port.wire import Begin

CALLED = "Troth"
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # until it is tried again; the last one again and again
GIVE_UP_S = 600.0
ASK = aiohttp.ClientTimeout(total=20)
LISTEN = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=20)
FILE = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=30)
PIECE_BYTES = 64 * 1024
GONE, NOT_FOUND, AWAY, ERROR = 410, 404, 503, 400
TIME_LOCK = "463"

Told = dict[str, Any]


def driver(begin: Begin) -> Driver:
    """Return the engine of a port."""
    return Simulated(begin.sandbox)


class Away(Exception):
    """The stand-in cannot be reached, or says that the connection is interrupted."""


class Simulated:
    """A device that is linked to a phone of the sandbox."""

    capabilities = Capabilities(pair_code=True, older=True, engine="simulated", version="1")

    def __init__(self, sandbox: str, *, pauses_s: Sequence[float] = PAUSES_S, give_up_s: float = GIVE_UP_S) -> None:
        """`sandbox` is its host and port."""
        self._base = f"http://{sandbox}"
        self._pauses_s, self._give_up_s = pauses_s, give_up_s
        self._http: aiohttp.ClientSession | None = None
        self._tell: Callable[[Event], None] = lambda _event: None
        self._went = Went(state=State.STARTING)
        self._away = False
        self._device = ""
        self._heard = 0
        self._listening: asyncio.Task[None] | None = None
        # What we say ourselves is told before what becomes of it.
        self._in_order = asyncio.Lock()

    async def start(self, tell: Callable[[Event], None]) -> None:
        """Ask for a code; what happens from then on is told. Raises: OSError, where the sandbox is not there."""
        self._tell = tell
        self._http = aiohttp.ClientSession(self._base, cookie_jar=aiohttp.DummyCookieJar())
        try:
            linked = await self._ask("/web/link", {"name": CALLED})
        except Away as away:
            raise ConnectionError(str(away)) from away
        except Refused as refusal:
            self._end(ENDS.get(refusal.why, End.CRASHED))
            return
        self._device = linked["device"]
        self._go(Went(state=State.CODE, code=linked["code"], until=linked["until"]))
        self._listening = asyncio.create_task(self._listen())
        self._listening.add_done_callback(self._listened)

    async def pair_code(self, phone: str) -> str:
        """Return the eight characters that are typed on the phone instead of scanning."""
        return str((await self._do("pair_code", phone=phone))["code"])

    async def send(self, out: Outgoing, data: bytes | None = None) -> Message:
        """Say it, and return it as it stands in the conversation."""
        ref = await self._bring(out, data) if out.file is not None and data is not None else ""
        async with self._in_order:
            told = (await self._do("send", **send_of(out, ref=ref)))["message"]
            self._tell(Said(messages=[message_of(told)]))
        return message_of(told)

    async def react(self, chat: str, id: str, emoji: str) -> None:
        """React, or take the reaction away (no emoji)."""
        await self._do("react", chat=chat, id=id, emoji=emoji)
        self._tell(Changed(chat=chat, id=id, reaction=Reaction(emoji=emoji)))

    async def edit(self, chat: str, id: str, text: str) -> None:
        """Say something else in a message of ours."""
        await self._do("edit", chat=chat, id=id, text=text)
        self._tell(Changed(chat=chat, id=id, text=text))

    async def delete(self, chat: str, id: str) -> None:
        """Take a message of ours back from everybody."""
        await self._do("delete", chat=chat, id=id)
        self._tell(Changed(chat=chat, id=id, deleted=True))

    async def read(self, chat: str, ids: Sequence[str]) -> None:
        """Say on the phone that these were read."""
        await self._do("read", chat=chat, ids=list(ids))

    async def typing(self, chat: str, on: bool) -> None:
        """Show that somebody writes."""
        await self._do("typing", chat=chat, on=on)

    async def older(self, chat: str, before: str, count: int) -> int:
        """Ask the phone for older messages and return how many came; they are told as history."""
        told = (await self._do("older", chat=chat, before=before, count=count))["messages"]
        if told:
            self._tell(Said(messages=[message_of(one) for one in told], history=True))
        return len(told)

    async def file(self, ref: str) -> AsyncIterator[bytes]:
        """Give out a file piece by piece."""
        address = f"/web/{self._device}/files/{quote(ref, safe='')}"
        try:
            async with self._open.get(address, timeout=FILE) as answer:
                if answer.status >= ERROR:
                    raise Refused("file_gone")
                async for piece in answer.content.iter_chunked(PIECE_BYTES):
                    yield piece
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Refused("not_connected") from error

    async def stop(self, *, unlink: bool) -> None:
        """End the session, and take the device off the phone's list where that is wished."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})
        if self._http is None:
            return
        if unlink and self._device and self._went.state is not State.ENDED:
            with contextlib.suppress(Refused):
                await self._do("unlink")
        http, self._http = self._http, None
        await http.close()

    # What is heard.

    async def _listen(self) -> None:
        """Hear what happens until the session ends; where the line is interrupted, wait and try again."""
        while self._went.state is not State.ENDED:
            try:
                events = await self._news()
            except Away:
                if not await self._come_back():
                    self._end(End.UNREACHABLE)
                continue
            await self._take(events)

    async def _come_back(self) -> bool:
        """Try again with growing pauses, and return whether the line was there again before it was too late."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._give_up_s
        self._away = True
        self._tell(Went(state=State.RECONNECTING))
        for pause_s in chain(self._pauses_s, repeat(self._pauses_s[-1])):
            await asyncio.sleep(pause_s)
            with contextlib.suppress(Away):
                events = await self._news(wait_s=0)
                self._away = False
                self._tell(self._went)  # where it was before the line broke
                await self._take(events)
                return True
            if loop.time() >= until:
                return False
        raise AssertionError  # the pauses never end

    async def _news(self, *, wait_s: int = 10) -> list[Told]:
        """Return what we have not heard yet. Raises: Away."""
        path = f"/web/{self._device}/events?after={self._heard}&wait={wait_s}"
        status, told = await self._exchange("GET", path, timeout=LISTEN)
        if status in (GONE, NOT_FOUND):  # one that nobody knows any more is as good as unlinked
            why = {"type": "ended", "why": told.get("detail", "unlinked"), "until": told.get("until", 0)}
            return [{"n": self._heard + 1, **why}]
        if status >= ERROR:
            raise Away(str(status))
        events: list[Told] = told["events"]
        return events

    async def _take(self, events: list[Told]) -> None:
        async with self._in_order:
            for told in events:
                self._heard = told["n"]
                self._hear(told)
        if self._went.state is State.PASSKEY:
            await self._give_up_on_passkey()

    def _hear(self, told: Told) -> None:
        """Take one event."""
        match told["type"]:
            case "code":
                self._go(Went(state=State.CODE, code=told["code"], until=told["until"]))
            case "passkey_request":
                self._go(Went(state=State.PASSKEY))
            case "linked":
                self._go(Went(state=State.SYNCING))
            case "synced":
                self._go(Went(state=State.READY))
            case "ended":
                self._end(ENDS.get(told["why"], End.UNLINKED), until=told.get("until", 0))
            case _:
                if (event := event_of(told)) is not None:
                    self._tell(event)
                if told["type"] == "history":
                    self._go(Went(state=State.SYNCING, percent=told["progress"]))

    async def _give_up_on_passkey(self) -> None:
        """A passkey is asked of a browser on WhatsApp's own address, which we are not: say so, and end."""
        with contextlib.suppress(Refused):
            await self._do("unlink")
        self._end(End.PASSKEY_UNSUPPORTED)

    def _listened(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            self._end(End.CRASHED)

    def _go(self, went: Went) -> None:
        if self._went.state is not State.ENDED:
            self._went = went
            self._tell(went)

    def _end(self, why: End, *, until: int = 0) -> None:
        self._go(Went(state=State.ENDED, end=why, restricted_until=until))

    # What is asked.

    async def _do(self, what: str, **facts: Any) -> Told:
        """Ask the phone for something. Raises: Refused."""
        if not self._device or self._away or self._went.state is State.ENDED:
            raise Refused("not_connected")
        try:
            return await self._ask(f"/web/{self._device}/do", {"do": what, **facts})
        except Away as away:
            raise Refused("not_connected") from away

    async def _ask(self, path: str, body: Told) -> Told:
        """Raises: Refused, Away."""
        status, told = await self._exchange("POST", path, json=body)
        if status == AWAY:
            raise Away(str(status))
        if status < ERROR:
            return told
        why, until = str(told.get("error", "not_understood")), int(told.get("until", 0))
        if why == TIME_LOCK:
            self._tell(Limited(until=until))
            raise Refused("limited", until=until)
        raise Refused(REFUSALS.get(why, why), until=until)

    async def _bring(self, out: Outgoing, data: bytes) -> str:
        """Bring the bytes of a file and return what they are known by. Raises: Refused."""
        if self._away or not self._device:
            raise Refused("not_connected")
        mime = out.file.mime if out.file is not None else ""
        headers = {"Content-Type": mime or "application/octet-stream"}
        try:
            status, told = await self._exchange(
                "POST", f"/web/{self._device}/files", data=data, headers=headers, timeout=FILE
            )
        except Away as away:
            raise Refused("not_connected") from away
        if status >= ERROR:
            raise Refused("not_connected")
        return str(told["ref"])

    async def _exchange(self, method: str, path: str, **more: Any) -> tuple[int, Told]:
        """Return the status and the body of an answer. Raises: Away."""
        try:
            async with self._open.request(method, path, **{"timeout": ASK, **more}) as answer:
                return answer.status, msgspec.json.decode(await answer.read() or b"{}", type=Told)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Away(type(error).__name__) from error

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._http is None:
            raise Refused("not_connected")
        return self._http
