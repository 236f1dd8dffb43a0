"""What a browser and the process of a port say to each other: a WebSocket for talk, plain requests for files.

A browser names its ticket where it names its protocol, so that it stands in no address. It asks `{"n": 7, "do": "chats"}` and
is answered `{"n": 7, ...}`; what happens meanwhile comes by itself, with its `type`.
"""

import asyncio
import contextlib
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from port import tickets
from port.contract import Chat, File, Message, Outgoing, Refused, Seen, State
from port.session import Session, now_ms
from port.tickets import BadTicket, Ticket

PROTOCOL = "troth.port"
FRAME_BYTES_MAX = 256 * 1024
FILE_BYTES_MAX = 64 * 1024 * 1024
KEPT_FILES_MAX = 4  # of one browser, chosen and not sent
BEHIND_MAX = 2_000  # events that a browser may be behind
HEARTBEAT_S = 20.0
CLOSE_S = 2.0
NO_STORE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

# What a browser may ask, and whether it takes the right to write, or to own the port.
LOOK, WRITE, OWN = "look", "write", "own"


class Browser:
    """One browser that looks at a port."""

    def __init__(
        self, session: Session, ticket: Ticket, talk: web.WebSocketResponse, transport: asyncio.Transport | None
    ) -> None:
        self.session, self.ticket, self.talk, self.transport = session, ticket, talk, transport
        self.files: dict[str, tuple[File, bytes | None]] = {}  # by what its address says
        self.brings_to = secrets.token_urlsafe(24)  # where it brings files that it will send
        self._addresses: dict[str, str] = {}  # an engine's word for a file -> what its address says
        self._ahead: asyncio.Queue[bytes] = asyncio.Queue(BEHIND_MAX)

    @property
    def is_live(self) -> bool:
        """Whether its ticket still holds."""
        return self.ticket.until >= time.time()

    def tell(self, event: Any) -> None:
        """Put an event on its way; whoever is too far behind starts anew."""
        try:
            self._ahead.put_nowait(self.encode(event))
        except asyncio.QueueFull:
            self.close(WSCloseCode.TRY_AGAIN_LATER)

    def encode(self, event: Any) -> bytes:
        """Return it as JSON, files by addresses of this browser's own."""
        return msgspec.json.encode(self._addressed(msgspec.to_builtins(event)))

    def _addressed(self, told: Any) -> Any:
        if isinstance(told, dict):
            if "ref" in told and "kind" in told:
                told["ref"] = self._address(msgspec.convert(told, File))
            return {key: self._addressed(value) for key, value in told.items()}
        if isinstance(told, list):
            return [self._addressed(one) for one in told]
        return told

    def _address(self, file: File) -> str:
        if (known := self._addresses.get(file.ref)) is None:
            known = self._addresses[file.ref] = secrets.token_urlsafe(24)
            self.files[known] = (file, None)
        return known

    def expel(self) -> None:
        """Show it the door: its member may look no more."""
        self.close(WSCloseCode.POLICY_VIOLATION)

    def close(self, code: int) -> None:
        self.files.clear()
        self.session.start(self._close(code))

    async def _close(self, code: int) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.talk.close(code=code), CLOSE_S)
        if self.transport is not None:
            self.transport.abort()

    async def write(self) -> None:
        """Send what is on its way, and nothing once the ticket has ended."""
        while not self.talk.closed:
            with contextlib.suppress(TimeoutError):
                data = await asyncio.wait_for(self._ahead.get(), 1)
                if self.is_live:
                    await self.talk.send_str(data.decode())
            if not self.is_live:
                self.close(WSCloseCode.POLICY_VIOLATION)
                return


async def take_over(session: Session, connection: socket.socket) -> None:
    """Serve one connection that the gateway handed over."""
    connection.setblocking(False)
    with contextlib.suppress(OSError):
        await asyncio.get_running_loop().connect_accepted_socket(_server(session), connection)


def _server(session: Session) -> web.Server:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        return await _answer(session, request)

    return web.Server(handle, access_log=None, max_line_size=2_048, max_field_size=4_096, keepalive_timeout=15)


async def _answer(session: Session, request: web.BaseRequest) -> web.StreamResponse:
    """Answer one request of a browser. Whatever is wrong is answered the same."""
    origin = request.headers.get("Origin", "")
    base = f"/ports/{session.begin.port}/"
    path = request.path.removeprefix(base)
    if not request.path.startswith(base) or (origin and origin not in session.begin.origins):
        return _no()
    if path == "talk" and request.method == "GET":
        return await _talk(session, request, origin)
    if path.startswith("files/"):
        return await _file(session, request, path.removeprefix("files/"), origin)
    return _no()


def _no() -> web.Response:
    return web.Response(status=404, headers=NO_STORE)


async def _talk(session: Session, request: web.BaseRequest, origin: str) -> web.StreamResponse:
    asked = [one.strip() for one in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
    if not origin or len(asked) != 2 or asked[0] != PROTOCOL:
        return _no()
    try:
        ticket = tickets.read(session.begin.key, asked[1], port=session.begin.port, at=time.time())
    except BadTicket:
        return _no()
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
            browser.tell(await _asked(session, browser, frame.data))
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


async def _asked(session: Session, browser: Browser, text: str) -> dict[str, Any]:
    """Do what a browser asks and return the answer."""
    number: Any = None
    try:
        asked = msgspec.json.decode(text, type=dict[str, Any])
        number = asked.get("n")
        needs, does = _CAN[str(asked.get("do"))]
        if (needs == WRITE and not browser.ticket.writes) or (needs == OWN and not browser.ticket.owns):
            raise Refused("not_yours")
        return {"n": number, **await does(session, browser, asked)}
    except Refused as refusal:
        return {"n": number, "error": refusal.why, **({"until": refusal.until} if refusal.until else {})}
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError):
        return {"n": number, "error": "not_understood"}


Asked = dict[str, Any]


async def _renew(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Go on with a new ticket of the same member's."""
    try:
        ticket = tickets.read(session.begin.key, str(asked["ticket"]), port=session.begin.port, at=time.time())
    except BadTicket:
        raise Refused("not_yours") from None
    if ticket.member != browser.ticket.member:
        raise Refused("not_yours")
    browser.ticket = ticket
    session.looked()
    return {"until": ticket.until}


async def _chats(session: Session, browser: Browser, asked: Asked) -> Asked:
    """List the conversations that may be shown."""
    memory = session.memory
    chats = memory.listed()
    rows = [{"chat": one, "latest": memory.latest(one.id), "desk": session.desk.get(one.id, {})} for one in chats]
    return {"chats": rows, "people": _people_of(session, chats)}


def _people_of(session: Session, chats: list[Chat]) -> list[Any]:
    wanted = {chat.id for chat in chats} | {member for chat in chats for member in chat.members}
    return [person for id, person in session.memory.people.items() if id in wanted]


async def _offered(session: Session, browser: Browser, asked: Asked) -> Asked:
    """List all conversations by name, to choose from."""
    memory = session.memory
    chats = memory.offered()
    rows = [{"id": one.id, "name": one.name, "group": one.group, "on": memory.is_shown(one.id)} for one in chats]
    return {"chats": rows, "all": memory.shows_all, "people": _people_of(session, chats)}


async def _choose(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Choose which conversations may be shown."""
    chats = msgspec.convert(asked.get("chats", []), list[str])
    session.memory.choose(chats, all_of_them=asked.get("all") is True)
    session.tell({"type": "chosen", "all": session.memory.shows_all})
    session.report()
    return {}


async def _messages(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Give a page of a conversation."""
    chat = str(asked["chat"])
    if not session.memory.is_shown(chat):
        raise Refused("not_shown")
    page, more = session.memory.page(chat, before=str(asked.get("before", "")))
    senders = {one.sender for one in page}
    people = [person for id, person in session.memory.people.items() if id in senders or id == chat]
    known = session.memory.chats.get(session.memory.canonical(chat))
    dropped = session.memory.canonical(chat) in session.memory.dropped
    return {"messages": page, "more": more, "dropped": dropped, "people": people, "chat": known}


async def _older(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Ask the phone for older messages."""
    chat = _shown(session, asked)
    if not session.driver.capabilities.older:
        raise Refused("cannot_older")
    return {"came": await session.driver.older(chat, str(asked.get("before", "")), 50)}


async def _send(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Say something in a conversation that there is."""
    chat = _shown(session, asked)
    if session.went.state is not State.READY:
        raise Refused("not_connected")
    data = None
    if chosen := asked.get("file"):
        file, data = browser.files.get(str(chosen), (None, None))
        if file is None or data is None:
            raise Refused("file_gone")
        file = msgspec.structs.replace(file, name=str(asked.get("name", ""))[:240])
    else:
        file = None
    out = Outgoing(
        id=str(asked["id"])[:64],
        chat=chat,
        text=str(asked.get("text", "")),
        quoted=str(asked.get("quoted", "")),
        quote=session.memory.message(chat, str(asked.get("quoted", ""))),
        file=file,
        place=msgspec.convert(asked.get("place"), tuple[float, float, str] | None),
        cards=msgspec.convert(asked.get("cards", []), list[tuple[str, str]]),
    )
    if not (out.text.strip() or out.file or out.place or out.cards):
        raise Refused("empty")
    async with session.sending:
        if wait := session.pace.wait_s(at=time.monotonic()):
            raise Refused("too_fast", until=now_ms() + int(wait * 1000))
        message: Message = await session.driver.send(out, data)
        session.pace.sent(at=time.monotonic())
    if chosen:
        browser.files.pop(str(chosen), None)
    return {"message": message}


async def _react(session: Session, browser: Browser, asked: Asked) -> Asked:
    chat, id = _shown(session, asked), str(asked["id"])
    await session.driver.react(chat, id, str(asked.get("emoji", ""))[:16])
    return {}


async def _edit(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.edit(_shown(session, asked), _ours(session, asked), str(asked["text"]))
    return {}


async def _delete(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.delete(_shown(session, asked), _ours(session, asked))
    return {}


def _ours(session: Session, asked: Asked) -> str:
    message = session.memory.message(str(asked["chat"]), str(asked["id"]))
    if message is None or message.sender:
        raise Refused("not_ours")
    return message.id


async def _read(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Say that a conversation was read, on the phone too."""
    chat = _shown(session, asked)
    page, _more = session.memory.page(chat)
    await session.driver.read(chat, [one.id for one in page if one.sender])
    if known := session.memory.chats.get(session.memory.canonical(chat)):
        known.unread = 0
    session.tell(Seen(chat=chat))
    return {}


async def _typing(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.typing(_shown(session, asked), asked.get("on") is True)
    return {}


async def _pair(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Give the code that is typed on the phone."""
    if not session.driver.capabilities.pair_code:
        raise Refused("cannot_pair_code")
    return {"code": await session.driver.pair_code(str(asked["phone"]))}


async def _desk(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Note who has a conversation, its labels, whether it is closed: here, and nowhere else."""
    chat = _shown(session, asked)
    known = session.desk.setdefault(session.memory.canonical(chat), {})
    if "assignee" in asked:
        known["assignee"] = str(asked["assignee"])[:64]
    if "labels" in asked:
        known["labels"] = [str(one)[:64] for one in msgspec.convert(asked["labels"], list[str])][:20]
    if "closed" in asked:
        known["closed"] = asked["closed"] is True
    session.tell({"type": "desk", "chat": chat, "desk": known})
    return {}


def _shown(session: Session, asked: Asked) -> str:
    """Return the conversation that is meant. Raises: Refused, where it may not be shown, or is none."""
    chat = session.memory.canonical(str(asked["chat"]))
    if not session.memory.is_shown(chat) or chat not in session.memory.chats:
        raise Refused("not_shown")
    return chat


_CAN: dict[str, tuple[str, Callable[[Session, Browser, Asked], Awaitable[Asked]]]] = {
    "renew": (LOOK, _renew),
    "chats": (LOOK, _chats),
    "messages": (LOOK, _messages),
    "older": (LOOK, _older),
    "read": (WRITE, _read),
    "typing": (WRITE, _typing),
    "send": (WRITE, _send),
    "react": (WRITE, _react),
    "edit": (WRITE, _edit),
    "delete": (WRITE, _delete),
    "desk": (WRITE, _desk),
    "offered": (OWN, _offered),
    "choose": (OWN, _choose),
    "pair": (OWN, _pair),
}


async def _file(session: Session, request: web.BaseRequest, address: str, origin: str) -> web.StreamResponse:
    """Give out a file that a browser was told of, or take one that it will send. What opens it is its address."""
    allow = {**NO_STORE, "Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else dict(NO_STORE)
    browser = next((one for one in session.browsers if one.is_live and _opens(one, address)), None)
    if browser is None:
        return _no()
    if request.method == "OPTIONS":
        allow |= {"Access-Control-Allow-Methods": "PUT", "Access-Control-Allow-Headers": "Content-Type"}
        return web.Response(status=204, headers=allow)
    if request.method == "PUT" and browser.ticket.writes:
        return await _take_file(browser, request, address, allow)
    if request.method != "GET" or address not in browser.files:
        return _no()
    file, data = browser.files[address]
    answer = web.StreamResponse(
        headers={**allow, "Content-Type": _harmless(file.mime), "Content-Disposition": "attachment"}
    )
    if data is not None:
        return web.Response(body=data, headers=answer.headers)
    if file.size_bytes:
        answer.content_length = file.size_bytes
    pieces = session.driver.file(file.ref)
    try:
        first = await anext(pieces, b"")
    except Refused:
        return _no()
    await answer.prepare(request)
    await answer.write(first)
    async for piece in pieces:
        await answer.write(piece)
    await answer.write_eof()
    return answer


def _opens(browser: Browser, address: str) -> bool:
    return address in browser.files or address == browser.brings_to


async def _take_file(browser: Browser, request: web.BaseRequest, address: str, allow: dict[str, str]) -> web.Response:
    """Keep a file in memory until it is sent."""
    chosen = [one for one, (_file, data) in browser.files.items() if data is not None]
    if address != browser.brings_to or len(chosen) >= KEPT_FILES_MAX:
        return web.Response(status=409, headers=allow)
    data = bytearray()
    async for piece in request.content.iter_chunked(65_536):
        data += piece
        if len(data) > FILE_BYTES_MAX:
            return web.Response(status=413, headers=allow)
    mime = request.content_type
    kind = mime.partition("/")[0]
    file = File(
        ref=secrets.token_urlsafe(24),
        kind=kind if kind in ("image", "video", "audio") else "document",
        mime=mime,
        size_bytes=len(data),
    )
    browser.files[file.ref] = (file, bytes(data))
    return web.json_response({"file": file.ref, "kind": file.kind, "size": len(data)}, status=201, headers=allow)


def _harmless(mime: str) -> str:
    """Return a type that no browser runs."""
    kind = mime.partition("/")[0]
    return mime if kind in ("image", "audio", "video") and "svg" not in mime else "application/octet-stream"
