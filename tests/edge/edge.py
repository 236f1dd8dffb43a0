"""The servers on loopback: a proxy that leads nowhere else, what devices connect to, and where files lie."""

import asyncio
import contextlib
import datetime as dt
import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.edge import authority, media
from tests.edge.binary import GROUP, Id, Node, Value
from tests.edge.connection import Connection
from tests.edge.frames import Frames, accepted
from tests.edge.people import Person, Phone, Typed, scan

WAIT_S = 20.0


@dataclass
class Group:
    """A group on the phone."""

    id: str
    name: str
    members: list[Person]
    timer_s: int = 0


class Edge:
    """WhatsApp, as far as a linked device meets it."""

    def __init__(self, folder: Path) -> None:
        self.noise = authority.NoiseAuthority()
        self.trusted, self._tls = authority.tls(folder, dt.datetime.now(dt.UTC))
        self.media = media.Store()
        self.phones: dict[Id, Phone] = {}
        self.people: dict[Id, Person] = {}
        self.groups: dict[str, Group] = {}
        self.connections: list[Connection] = []
        self.said: list[tuple[Person, str, Any]] = []
        self.unlinked: list[int] = []
        self.refuses: dict[str, Value] = {}  # what a device is told that comes in
        self.refuses_all: dict[str, Value] = {}  # what every device is told
        self.refuses_messages = ""  # the number of an error
        self.types: Phone | None = None  # whose owner types a code
        self.asked_for: list[str] = []  # hosts
        self._server: asyncio.Server | None = None
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> str:
        """Listen, and return the address of the proxy that leads here."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def stop(self) -> None:
        """End all connections."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, *people: Person) -> None:
        """Let people be on WhatsApp."""
        for one in people:
            self.people |= dict.fromkeys(one.ids, one)
            if isinstance(one, Phone):
                self.phones |= dict.fromkeys(one.ids, one)

    def whose(self, id: Id) -> Person:
        """Return whose id it is. Raises: KeyError."""
        return self.people[id.person]

    def knows(self, id: Id) -> Person | None:
        """Return whose id it is, if anybody's."""
        return self.people.get(id.person)

    def group_node(self, id: str) -> Node:
        """Return what a device is told of a group."""
        group = self.groups[id]
        everybody = [*group.members, *{one.phone: one for one in self.phones.values()}.values()]
        members = [
            Node("participant", {"jid": one.lid, "lid": one.lid, "phone_number": one.phone}) for one in everybody
        ]
        timer = [Node("ephemeral", {"expiration": str(group.timer_s)})] if group.timer_s else []
        about: dict[str, Value] = {
            "id": id,
            "subject": group.name,
            "creation": "1",
            "s_t": "1",
            "addressing_mode": "lid",
        }
        return Node("group", about, [*members, *timer])

    # What the phone's owner does.

    async def scan(self, phone: Phone, code: str) -> Connection:
        """Scan a code, and return the connection of the device that is linked then."""
        scanned = scan(code)
        waiting = await self.until(lambda: next((one for one in self.connections if scanned.ref in one.refs), None))
        waiting.scanned(phone, scanned)
        return await self.linked(phone)

    async def type(self, phone: Phone, code: str) -> Connection:
        """Type a code, and return the connection of the device that is linked then."""
        waiting = await self.until(lambda: next((one for one in self.connections if one.typed is not None), None))
        self.types, waiting.typed = phone, Typed(code, waiting.typed.wrapped)
        about: dict[str, Value] = {"from": Id(""), "type": "link_code_companion_reg", "id": "typed", "t": "1"}
        hello = [
            Node("link_code_pairing_ref", {}, waiting.typed_ref.encode()),
            Node("link_code_pairing_wrapped_primary_ephemeral_pub", {}, waiting.typed.answer()),
            Node("primary_identity_pub", {}, phone.device.identity.public),
        ]
        waiting.tell("notification", about, Node("link_code_companion_reg", {"stage": "primary_hello"}, hello))
        return await self.linked(phone)

    async def linked(self, phone: Phone) -> Connection:
        """Return the connection of the device that this phone linked, once it takes messages."""

        def found() -> Connection | None:
            ready = [one for one in self.connections if one.is_in and one.phone is phone]
            return next((one for one in ready if one.device is not None and one.device.has_history), None)

        connection: Connection = await self.until(found)
        return connection

    # Waiting.

    async def until(self, holds: Callable[[], Any]) -> Any:
        """Return what holds, as soon as something does. Raises: AssertionError."""
        if result := holds():
            return result
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, future))
        try:
            return await asyncio.wait_for(future, WAIT_S)
        except TimeoutError:
            heard = [one.heard[-3:] for one in self.connections]
            raise AssertionError(f"connected, with what they said last: {heard}") from None

    def notice(self) -> None:
        """Look whether what is waited for holds now."""
        for holds, future in list(self._waiting):
            if future.done():
                self._waiting.remove((holds, future))
            elif result := holds():
                future.set_result(result)

    # Serving.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await self._proxied(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _proxied(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await _Request.read(reader)
        assert asked.method == "CONNECT"
        self.asked_for.append(asked.path.partition(":")[0])
        writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await writer.start_tls(self._tls)
        while True:
            request = await _Request.read(reader)
            if request.headers.get("upgrade", "").lower() == "websocket":
                writer.write(accepted(request.headers["sec-websocket-key"]))
                await Connection(self, Frames(reader, writer)).live()
                return
            writer.write(self._file(request))
            await writer.drain()

    def _file(self, request: "_Request") -> bytes:
        path = request.path.partition("?")[0]
        if request.method == "GET":
            self.media.fetched.append(path)
            data = self.media.files.get(path)
            return _answer("404 Not Found" if data is None else "200 OK", data or b"")
        kept = self.media.take(request.body)
        about = {"url": f"https://{media.HOST}{kept}", "direct_path": kept, "handle": "edge"}
        return _answer("200 OK", json.dumps(about).encode())


@dataclass
class _Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> "_Request":
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _version = head[0].split(" ")
        pairs = [line.partition(":") for line in head[1:] if line]
        headers = {name.lower(): value.strip() for name, _colon, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return cls(method, path, headers, body)


def _answer(status: str, data: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


def group_id(group: Group) -> str:
    """Return a group's id as it is told."""
    return f"{group.id}@{GROUP}"
