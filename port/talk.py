"""A port's door for browsers: a WebSocket for talk, plain requests for files.

A browser names its ticket where it names its protocol, so that it stands in no address. It asks `{"n": 7, "do": "chats"}` and
is answered `{"n": 7, ...}`; what happens meanwhile comes by itself, with its `type`.
"""

import asyncio
import time
from typing import Any

from aiohttp import WSMsgType, web

from port import tickets
from port.asked import answered
from port.brought import file, no
from port.browser import Browser
from port.session import Session, now_ms
from port.tickets import BadTicket

PROTOCOL = "troth.port"
FRAME_BYTES_MAX = 256 * 1024
HEARTBEAT_S = 20.0


def server_of(session: Session) -> web.Server:
    """Return what serves the connections that were handed to a session."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await _answer(session, request)

    return web.Server(handle, access_log=None, max_line_size=2_048, max_field_size=4_096, keepalive_timeout=15)


async def _answer(session: Session, request: web.BaseRequest) -> web.StreamResponse:
    """Answer one request of a browser. Whatever is wrong is answered the same."""
    origin = request.headers.get("Origin", "")
    base = f"/ports/{session.begin.port}/"
    path = request.path.removeprefix(base)
    if not request.path.startswith(base) or (origin and origin not in session.begin.origins):
        return no()
    if path == "talk" and request.method == "GET":
        return await _talk(session, request, origin)
    if path.startswith("files/"):
        return await file(session, request, path.removeprefix("files/"), origin)
    return no()


async def _talk(session: Session, request: web.BaseRequest, origin: str) -> web.StreamResponse:
    asked = [one.strip() for one in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if not origin or len(asked) != 2 or asked[0] != PROTOCOL:
        return no()
    try:
        ticket = tickets.read(session.begin.key, asked[1], port=session.begin.port, at=time.time())
    except BadTicket:
        return no()
    if session.is_out(ticket.member):
        return no()
    talk = web.WebSocketResponse(
        protocols=[PROTOCOL], heartbeat=HEARTBEAT_S, max_msg_size=FRAME_BYTES_MAX, compress=False
    )
    await talk.prepare(request)
    browser = Browser(session, ticket, talk, request.transport)
    session.browsers.add(browser)
    session.looked()
    writer = asyncio.create_task(browser.write())
    browser.tell(_hello(session, browser))
    try:
        async for frame in talk:
            if frame.type is not WSMsgType.TEXT or not browser.is_live:
                break
            browser.tell(await answered(session, browser, frame.data))
    finally:
        session.browsers.discard(browser)
        browser.files.clear()
        writer.cancel()
    return talk


def _hello(session: Session, browser: Browser) -> dict[str, Any]:
    return {
        "type": "hello",
        "went": session.went,
        "can": session.driver.capabilities,
        "chosen": session.memory.has_chosen,
        "all": session.memory.shows_all,
        "writes": browser.ticket.writes,
        "owns": browser.ticket.owns,
        "brings_to": browser.brings_to,
        "count": session.memory.count,
        "at": now_ms(),
    }
