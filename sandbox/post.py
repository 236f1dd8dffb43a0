"""A small HTTP client that speaks with this machine only, light enough for thousands of webhooks a second."""

import asyncio
import contextlib
import ipaddress
import ssl
from urllib.parse import urlsplit

IDLE_CONNECTIONS_MAX = 16
ANSWER_BYTES_MAX = 1024 * 1024
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class NotLoopback(ValueError):
    """The address is not on this machine; the sandbox calls nobody else."""


class Unreachable(Exception):
    """No HTTP answer came: refused, broken off or too slow."""


def check_loopback(url: str) -> None:
    """Refuse every address that is not plain HTTP(S) on this machine.

    Raises: NotLoopback.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotLoopback("That is not an address.") from error
    if parts.scheme not in {"http", "https"} or not _is_loopback(host):
        raise NotLoopback("The sandbox only calls addresses on this machine, such as http://127.0.0.1:8000/...")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Client:
    """Keeps a few connections open to each place."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int, bool], list[_Connection]] = {}

    async def call(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes = b"", timeout_s: float = 10.0
    ) -> tuple[int, bytes]:
        """Return status and body of the answer.

        Raises: NotLoopback; Unreachable.
        """
        check_loopback(url)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._call(method, url, headers, body)
        except TimeoutError as error:
            raise Unreachable("no answer in time") from error
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            raise Unreachable(type(error).__name__) from error

    def close(self) -> None:
        for connections in self._idle.values():
            for _reader, writer in connections:
                writer.close()
        self._idle.clear()

    async def _call(self, method: str, url: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        place = (parts.hostname or "", parts.port or (443 if secure else 80), secure)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        packet = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
        idle = self._idle.setdefault(place, [])
        while idle:
            connection = idle.pop()
            if connection[0].at_eof() or connection[1].is_closing():
                connection[1].close()
                continue
            return await self._exchange(connection, packet, idle, method=method)
        return await self._exchange(await _connect(place), packet, idle, method=method)

    async def _exchange(
        self, connection: _Connection, packet: bytes, idle: list[_Connection], *, method: str
    ) -> tuple[int, bytes]:
        reader, writer = connection
        reusable = False
        try:
            writer.write(packet)
            await writer.drain()
            status, answer_body, reusable = await _read_answer(reader, method=method)
            return status, answer_body
        finally:
            if reusable and len(idle) < IDLE_CONNECTIONS_MAX:
                idle.append(connection)
            else:
                writer.close()


async def _connect(place: tuple[str, int, bool]) -> _Connection:
    host, port, secure = place
    return await asyncio.open_connection(host, port, ssl=ssl.create_default_context() if secure else None)


async def _read_answer(reader: asyncio.StreamReader, *, method: str) -> tuple[int, bytes, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    version, status_text = head[0].split(" ", 2)[:2]
    status = int(status_text)
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    keep = version == "HTTP/1.1" and fields.get("connection", "").lower() != "close"
    if method == "HEAD" or status in {204, 304}:
        return status, b"", keep
    if fields.get("transfer-encoding", "").lower() == "chunked":
        return status, await _read_chunks(reader), keep
    if "content-length" in fields:
        return status, await reader.readexactly(min(int(fields["content-length"]), ANSWER_BYTES_MAX)), keep
    with contextlib.suppress(asyncio.IncompleteReadError):
        return status, await reader.read(ANSWER_BYTES_MAX), False
    return status, b"", False


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        if size > ANSWER_BYTES_MAX:
            raise ValueError("chunk too large")
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
