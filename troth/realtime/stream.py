"""`/events`: the event stream of one member's open screen. A raw ASGI application.

Each event is a poke: its kind and id, never content. An event's id lets a browser that lost its connection ask for
what it missed, the instant of its page what came until its stream was open; where that is no longer known, it is told to
look at everything.
"""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from troth.realtime.hub import Hub, Listener, Poke

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/events"
BEAT_EVERY_S = 20.0
STREAMS_MAX = 100  # open screens of one member in one process; each holds a socket and a queue
RETRY_MS = 1_000
EVERYTHING = b'{"t":"all"}'
_BOOT = secrets.token_hex(4)  # numbers begin anew with the process, so an older one means nothing
_NUMBER = re.compile(r"[0-9]{1,18}")


class Stream:
    """Answers `GET /events?w=<workspace handle>&t=<instant of the page, in milliseconds since 1970>`."""

    def __init__(self, hub: Hub, *, cookie: str) -> None:
        self.hub = hub
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        handle, page_at = asked.get("w", [""])[0], _instant(asked.get("t", [""])[0])
        key = _cookie(headers.get("cookie", ""), self.cookie)
        if scope["method"] != "GET" or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return await _refuse(send, 403)
        passed = await self.hub.authority.admit(session_key=key, handle=handle) if key and handle.isalnum() else None
        if passed is None:
            return await _refuse(send, 403)
        if self.hub.open_by(passed) >= STREAMS_MAX:
            return await _refuse(send, 429)
        listener = Listener(passed)
        last = headers.get("last-event-id", "")
        missed = self.hub.add(listener, after=_number(last))
        if not last and page_at is not None:
            missed = self.hub.since(listener, page_at)
        try:
            await self._serve(listener, missed, receive, send)
        finally:
            self.hub.remove(listener)

    async def _serve(self, listener: Listener, missed: list[Poke] | None, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        begin = [b"retry: %d\n\n" % RETRY_MS]
        begin += [_event(EVERYTHING, self.hub.number)] if missed is None else [_event(p.line, p.number) for p in missed]
        await _write(send, b"".join(begin) + b": open\n\n")
        gone = asyncio.create_task(_hang_up(receive))
        try:
            while not gone.done():
                waiting = asyncio.create_task(listener.queue.get())
                done, _ = await asyncio.wait({waiting, gone}, timeout=BEAT_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
                if waiting not in done:
                    waiting.cancel()
                    if not done:
                        await _write(send, b": beat\n\n")
                    continue
                chunk = self._drain(listener, waiting.result())
                if chunk is None:
                    break
                await _write(send, chunk)
        finally:
            gone.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _drain(self, listener: Listener, first: Poke | None) -> bytes | None:
        """Return all that waits, or None when the stream has ended."""
        pokes = [first]
        while not listener.queue.empty():
            pokes.append(listener.queue.get_nowait())
        if listener.closed or None in pokes:
            return None
        if listener.behind:
            listener.behind = False
            return _event(EVERYTHING, self.hub.number)
        return b"".join(_event(poke.line, poke.number) for poke in pokes if poke is not None)


def _event(line: bytes, number: int) -> bytes:
    return b"id: %s-%d\ndata: %s\n\n" % (_BOOT.encode(), number, line)


def _number(last: str) -> int | None:
    boot, _, number = last.partition("-")
    if not last:
        return None
    return int(number) if boot == _BOOT and _NUMBER.fullmatch(number) else 2**62


def _instant(text: str) -> datetime | None:
    """Return the instant that a page gave, None where it gave none that makes sense."""
    if not re.fullmatch(r"[0-9]{1,14}", text):
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)


def _cookie(header: str, name: str) -> str:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


async def _hang_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
