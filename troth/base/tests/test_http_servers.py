"""Small loopback servers that misbehave in one exact way, and the proof that they do."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import Any

LOOPBACK = "127.0.0.1"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Script = Callable[["Visit"], Awaitable[None]]


def anywhere(host: str) -> bool:
    """Every host is declared: for tests of what stands behind the list of hosts, so that it alone must refuse."""
    return True


class Visit:
    """One connection, as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server: "Server") -> None:
        self.reader = reader
        self.writer = writer
        self.server = server

    async def request(self) -> bytes:
        """Return the next whole request, or nothing at the end."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        body = b""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                body = await self.reader.readexactly(int(line.split(b":")[1]))
        self.server.requests.append(head + body)
        self.server.asked.set()
        return head + body

    async def answer(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    def reset(self) -> None:
        """Break the connection with RST instead of a polite end."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


class Server:
    """What was seen of the outside: how many connections, and which requests."""

    def __init__(self) -> None:
        self.port = 0
        self.connections = 0
        self.requests: list[bytes] = []
        self.asked = asyncio.Event()
        self.finished = asyncio.Event()

    def url(self, path: str = "/", *, host: str = LOOPBACK, scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    @property
    def trusted(self) -> list[tuple[str, int]]:
        return [(LOOPBACK, self.port)]


async def answers_ok(visit: Visit) -> None:
    while await visit.request():
        await visit.answer(OK)


async def only_looks(visit: Visit) -> None:
    """A canary: it counts who came."""


@asynccontextmanager
async def serving(
    script: Script = answers_ok, *, hosts: tuple[str, ...] = (LOOPBACK,), tls: SSLContext | None = None
) -> AsyncIterator[Server]:
    """Run the script for every connection, on one port of all the hosts."""
    server = Server()
    visits: set[asyncio.StreamWriter] = set()

    async def visit(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        visits.add(writer)
        try:
            await script(Visit(reader, writer, server))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
            server.finished.set()

    listeners = []
    for host in hosts:
        listener = await asyncio.start_server(visit, host, server.port, ssl=tls)
        server.port = listener.sockets[0].getsockname()[1]
        listeners.append(listener)
    try:
        yield server
    finally:
        for listener in listeners:
            listener.close()
        for writer in visits:
            writer.transport.abort()
        await asyncio.sleep(0)


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run one test's coroutine on a fresh loop."""
    asyncio.run(asyncio.wait_for(work, 30))


def free_port() -> int:
    """Return a loopback port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def has_ipv6() -> bool:
    """Return whether this machine can listen on the IPv6 loopback address."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_canary_notices_every_visitor() -> None:
    async def work() -> None:
        hosts = (LOOPBACK, "::1") if has_ipv6() else (LOOPBACK,)
        async with serving(only_looks, hosts=hosts) as canary:
            for host in hosts:
                _, writer = await asyncio.open_connection(host, canary.port)
                writer.close()
                await canary.finished.wait()
                canary.finished.clear()
            assert canary.connections == len(hosts)

    run(work())


def test_a_server_remembers_what_it_was_asked() -> None:
    async def work() -> None:
        async with serving() as server:
            reader, writer = await asyncio.open_connection(LOOPBACK, server.port)
            writer.write(b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc")
            assert await reader.readexactly(len(OK)) == OK
            assert server.requests == [b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"]
            writer.close()

    run(work())
