"""The gateway's one door: looks at the head of a request, and hands the connection to the process of its port.

What comes after the head is never read here, so that what people say passes no process but the port's own. The product
itself speaks to `/control/`, with a ticket of its own kind.
"""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
import time
from typing import Any

import msgspec
from aiohttp import web

from port import drivers, tickets
from port.contract import End
from port.ports import Ports, environment_of_children
from port.tickets import BadTicket, Used
from port.walls import Standing, raise_walls

HEAD_BYTES_MAX = 8_192
HEAD_S = 5.0
LOOK_AGAIN_S = 0.02
WAITING_MAX = 512  # connections that have not said what they want
TICK_S = 1.0
KEY_BYTES_MIN = 32
_ASKS = re.compile(rb"\A(?:GET|PUT|OPTIONS) /ports/([0-9a-f-]{36})/(?:talk|files/[\w-]{1,64}) HTTP/1\.1\r\n")
_CONTROLS = re.compile(rb"\A(?:GET|POST) /control/\w* HTTP/1\.1\r\n")
_TICKET = re.compile(rb"\r\nsec-websocket-protocol:[ \t]*troth\.port,[ \t]*([\w.-]{1,1024})[ \t]*\r\n", re.IGNORECASE)
_NO = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
_GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"


class Front:
    """The door."""

    def __init__(self, key: bytes, ports: Ports, standing: Standing) -> None:
        self._key, self._ports, self._standing = key, ports, standing
        self._used = Used()
        self._waiting = 0
        self._began_at = time.time()

    async def serve(self, listener: socket.socket) -> None:
        """Serve until told to stop; then every session ends."""
        loop = asyncio.get_running_loop()
        self._control = web.Server(self._controlled, access_log=None, max_line_size=1_024, max_field_size=2_048)
        stop = asyncio.Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, stop.set)
        self._ports.watch = lambda port: loop.add_reader(port.end.fileno(), self._ports.heard, port)
        self._ports.unwatch = lambda port: loop.remove_reader(port.end.fileno())
        tasks = {asyncio.create_task(self._accept(listener)), asyncio.create_task(self._tick())}
        await stop.wait()
        for task in tasks:
            task.cancel()
        for id in list(self._ports.live):
            self._ports.finish(id, End.STOPPED, unlink=True)
        until = time.monotonic() + 5
        while self._ports.live and time.monotonic() < until:
            self._ports.tick()
            await asyncio.sleep(0.05)
        self._ports.close()

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        while True:
            try:
                connection, _address = await loop.sock_accept(listener)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            if self._waiting >= WAITING_MAX:
                connection.close()
                continue
            self._waiting += 1
            task = asyncio.create_task(self._open(connection))
            task.add_done_callback(lambda _task: setattr(self, "_waiting", self._waiting - 1))

    async def _open(self, connection: socket.socket) -> None:
        """Look at what a connection wants, without reading it, and let whoever it is for do that."""
        connection.setblocking(False)
        with contextlib.suppress(OSError):
            head = await _head(connection)
            if _CONTROLS.match(head):
                await asyncio.get_running_loop().connect_accepted_socket(self._control, connection)
                return
            asks = _ASKS.match(head)
            if asks and self._is_let_in(asks[1].decode(), head, talks=b"/talk " in asks[0]):
                if self._ports.hand_over(asks[1].decode(), connection):
                    connection.close()  # our end of it; the port's process has its own
                    return
                connection.send(_GONE)
            else:
                connection.send(_NO)
        connection.close()

    def _is_let_in(self, port: str, head: bytes, *, talks: bool) -> bool:
        """Return whether a connection may go to a port: whoever wants to talk needs a ticket that nobody used yet. Files
        are opened by addresses that only their port knows."""
        if not talks:
            return True
        found = _TICKET.search(head)
        try:
            if found is None:
                return False
            key, at = tickets.key_of(self._key, port), time.time()
            self._used.take(tickets.read(key, found[1].decode(), port=port, at=at), at=at)
        except BadTicket:
            return False
        return True

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._ports.tick()

    async def _controlled(self, request: web.BaseRequest) -> web.StreamResponse:
        """Do what the product asks."""
        kind, _, ticket = request.headers.get("Authorization", "").partition(" ")
        try:
            if kind != "Ticket":
                raise BadTicket
            at = time.time()
            key = tickets.key_of(self._key, tickets.CONTROL)
            self._used.take(tickets.read(key, ticket, port=tickets.CONTROL, at=at), at=at)
            body = await request.read()
            asked = msgspec.json.decode(body or b"{}", type=dict[str, Any])
            answer = self._do(request.path.removeprefix("/control/"), asked)
        except BadTicket:
            return web.Response(status=403)
        except (KeyError, TypeError, ValueError, msgspec.MsgspecError):
            return web.Response(status=400)
        return web.Response(body=msgspec.json.encode(answer), content_type="application/json")

    def _do(self, what: str, asked: dict[str, Any]) -> dict[str, Any]:
        ports = self._ports
        match what:
            case "health":
                return {
                    "began_at": self._began_at,
                    "ports": len(ports.live),
                    "engines": [name for name in drivers.ENGINES if drivers.is_there(name)],
                    "landlock": self._standing.landlock,
                    "net": self._standing.net,
                }
            case "states":
                return {"began_at": self._began_at, "ports": {id: self._told(id) for id in asked["ports"]}}
            case "begin":
                if not drivers.is_there(asked["driver"]):
                    return {"error": "no_such_engine"}
                limits = {name: int(asked[name]) for name in ("idle_s", "life_s") if name in asked}
                ports.begin(asked["port"], driver=asked["driver"], **limits)
                return self._told(asked["port"])
            case "finish":
                return {"ended": ports.finish(asked["port"], End(asked["why"]), unlink=bool(asked["unlink"]))}
            case "expel":
                wanted = asked.get("ports") or list(ports.live)
                return {"told": [ports.expel(id, asked["member"]) for id in wanted].count(True)}
            case "keep":
                kept = set(asked["ports"])
                gone = [id for id in ports.live if id not in kept]
                for id in gone:
                    ports.finish(id, End.WITHDRAWN, unlink=True)
                return {"withdrawn": len(gone)}
        raise KeyError(what)

    def _told(self, id: str) -> dict[str, Any]:
        if (port := self._ports.live.get(id)) is not None:
            return {**msgspec.to_builtins(port.report), "age_s": int(time.monotonic() - port.begun_at)}
        if id in self._ports.ended:
            report, at = self._ports.ended[id]
            return {**msgspec.to_builtins(report), "ended_at": at}
        return {"state": "none"}


async def _head(connection: socket.socket) -> bytes:
    """Return the head of a request, which stays to be read by whoever it is for. Empty where none comes in time."""
    until = time.monotonic() + HEAD_S
    while time.monotonic() < until:
        with contextlib.suppress(BlockingIOError):
            seen = connection.recv(HEAD_BYTES_MAX, socket.MSG_PEEK)
            end = seen.find(b"\r\n\r\n")
            if end >= 0:
                return seen[: end + 2]
            if not seen or len(seen) == HEAD_BYTES_MAX:
                return b""
        await asyncio.sleep(LOOK_AGAIN_S)
    return b""


def main() -> None:
    """Be the gateway."""
    key = _key()
    null = os.open(os.devnull, os.O_RDWR)
    host, _, port = os.environ["TROTH_GATEWAY_LISTEN"].rpartition(":")
    listener = socket.create_server((host, int(port)), backlog=512)
    sandbox = os.environ.get("TROTH_GATEWAY_SANDBOX", "")
    connects = {443} | ({int(sandbox.rpartition(":")[2])} if sandbox else set())
    standing = raise_walls(connects_to=connects)
    ports = Ports(
        key,
        origins=os.environ["TROTH_GATEWAY_ORIGINS"].split(),
        sandbox=sandbox,
        null=null,
        environment=environment_of_children(),
    )
    asyncio.run(Front(key, ports, standing).serve(listener))


def _key() -> bytes:
    """Return the key of the tickets, which comes through a pipe and stands in no environment and no argument."""
    with os.fdopen(int(os.environ.pop("TROTH_GATEWAY_KEY_FD")), "rb") as pipe:
        key = bytes.fromhex(pipe.read(4_096).decode().strip())
    if len(key) < KEY_BYTES_MIN:
        sys.exit("The gateway was given no key. Start it with bin/run.")
    return key
