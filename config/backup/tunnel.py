"""Takes PostgreSQL's programs through TLS: those of the wheel cannot speak it, and most outside servers want it.

The driver has connected already, and has checked the server as its address demands. Where that connection is encrypted,
the programs are given a socket in a private folder instead; what they say there is passed on through TLS with the same
checks. Where it is not, they go straight.
"""

import asyncio
import contextlib
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psycopg

_PORT = "5432"  # a part of the socket's name, nothing else
_SSL_REQUEST = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")  # Source: PostgreSQL's protocol, SSLRequest
_PIECE_BYTES = 1 << 16
_CLOSES_WITHIN_S = 2


@contextmanager
def tunnel(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[tuple[str, str]]:
    """Give (host, port) where the programs reach the server that this connection leads to."""
    info, options = connection.info, _options(connection)
    if not connection.pgconn.ssl_in_use:
        yield info.hostaddr or info.host, str(info.port)
        return
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:  # for our account only
        carrier = _Carrier(
            Path(folder) / f".s.PGSQL.{_PORT}",
            host=info.hostaddr or info.host,
            port=info.port,
            name=info.host,
            context=_context(options),
        )
        with carrier:
            yield folder, _PORT


def _options(connection: psycopg.Connection[tuple[object, ...]]) -> dict[str, str]:
    """Return everything that the connection was made with, defaults and environment included."""
    return {option.keyword.decode(): option.val.decode() for option in connection.pgconn.info if option.val is not None}


def _context(options: dict[str, str]) -> ssl.SSLContext:
    """Return what libpq would check: the certificate from `verify-ca` on, the name too with `verify-full`."""
    mode, root = options.get("sslmode", "prefer"), _root(options)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = mode == "verify-full"
    if root is None and not mode.startswith("verify"):
        context.verify_mode = ssl.CERT_NONE
    elif root == "system":
        context.load_default_certs()
    else:
        context.load_verify_locations(root)
    if certificate := options.get("sslcert"):
        context.load_cert_chain(certificate, options.get("sslkey"), options.get("sslpassword"))
    return context


def _root(options: dict[str, str]) -> str | None:
    given = options.get("sslrootcert")
    usual = os.path.expanduser("~/.postgresql/root.crt")  # Source: libpq, 32.19.1
    return given or (usual if os.path.exists(usual) else None)


class _Carrier:
    """Listens on a socket file and carries what comes to the server and back, in a thread of its own."""

    def __init__(self, path: Path, *, host: str, port: int, name: str, context: ssl.SSLContext) -> None:
        self._path = path
        self._host, self._port, self._name = host, port, name
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._carrying: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=[self._serve()], daemon=True)

    def __enter__(self) -> None:
        self._thread.start()
        self._ready.wait()

    def __exit__(self, *_failure: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_unix_server(self._carry, str(self._path))
        self._ready.set()
        async with server:
            await self._stopping.wait()
        for task in list(self._carrying):
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        # What was begun on the way, such as waiting for a connection to close, ends with the loop.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for other in left:
            other.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await asyncio.sleep(0)  # a transport that was cut off closes its socket in the next turn

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        try:
            async with _closed_after(writer):
                far_reader, far_writer = await self._connect()
                async with _closed_after(far_writer):
                    await _first_of(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        except OSError:
            return  # the program says that the server closed the connection
        finally:
            self._carrying.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        family, kind, protocol, _, address = (
            await self._loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        )[0]
        plain = socket.socket(family, kind, protocol)
        try:
            plain.setblocking(False)
            await self._loop.sock_connect(plain, address)
            await self._loop.sock_sendall(plain, _SSL_REQUEST)
            if await self._loop.sock_recv(plain, 1) != b"S":
                raise OSError("the server no longer speaks TLS")
            return await asyncio.open_connection(
                sock=plain, ssl=self._context, server_hostname=self._name or self._host
            )
        except BaseException:
            plain.close()
            raise


@asynccontextmanager
async def _closed_after(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close a connection after the block, what was written last included, and return when it is closed."""
    try:
        yield
    finally:
        writer.close()
        closing = asyncio.ensure_future(writer.wait_closed())
        try:
            await asyncio.wait({closing}, timeout=_CLOSES_WITHIN_S)
        finally:
            writer.transport.abort()  # also where we are not to wait any longer
        with contextlib.suppress(OSError):
            await closing


async def _first_of(*works: Coroutine[None, None, None]) -> None:
    """Do these until one has ended: then the other has nobody to speak to any more."""
    tasks = {asyncio.ensure_future(work) for work in works}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, ssl.SSLError):
        while data := await reader.read(_PIECE_BYTES):
            writer.write(data)
            await writer.drain()
