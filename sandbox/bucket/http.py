"""The little of HTTP/1.1 that a store is asked in, over plain sockets: so that an answer can also be cut off."""

import asyncio
import hashlib
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import unquote

HEAD_BYTES_MAX = 64 * 1024
PIECE_BYTES = 256 * 1024
IN_MEMORY_BYTES_MAX = 1024 * 1024
_REASONS = {200: "OK", 204: "No Content", 206: "Partial Content"}


@dataclass
class Request:
    """One request. Its body lies in a file without a name; `sha256` and `md5` are of the body."""

    method: str
    target: str
    headers: dict[str, str]
    body: IO[bytes]
    sha256: str
    md5: bytes

    @cached_property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @cached_property
    def query(self) -> dict[str, str]:
        pairs = [pair.partition("=") for pair in self.target.partition("?")[2].split("&") if pair]
        return {unquote(name): unquote(value) for name, _, value in pairs}


@dataclass
class Response:
    """What goes back: bytes, or a stretch of a file. `cut_after` ends the connection after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    first: int = 0
    size: int = 0
    cut_after: int | None = None

    @property
    def length(self) -> int:
        return self.size if self.file else len(self.body)


Answerer = Callable[[Request], Awaitable[Response | None]]


async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answerer: Answerer) -> None:
    """Answer what comes over one connection until it ends; an answer that is None ends it in silence."""
    try:
        while request := await _read(reader):
            response = await answerer(request)
            request.body.close()
            if response is None or not await _write(writer, request, response):
                return
    except (OSError, asyncio.IncompleteReadError):
        return
    finally:
        writer.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    left = int(headers.get("content-length", "0"))
    body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES_MAX)  # noqa: SIM115 - closed by `converse`
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    while left:
        piece = await reader.read(min(left, PIECE_BYTES))
        if not piece:
            raise asyncio.IncompleteReadError(b"", left)
        body.write(piece)
        sha256.update(piece)
        if "delete" in target:  # nobody else is asked for it
            md5.update(piece)
        left -= len(piece)
    body.seek(0)
    return Request(method, target, headers, body, sha256.hexdigest(), md5.digest())


async def _write(writer: asyncio.StreamWriter, request: Request, response: Response) -> bool:
    """Write an answer; return whether the connection may go on."""
    headers = {"Content-Length": str(response.length), "Server": "stand-in", **response.headers}
    if response.status == 204:
        headers.pop("Content-Length")
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Said')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    if request.method != "HEAD":
        await _write_body(writer, response)
    await writer.drain()
    return response.cut_after is None


async def _write_body(writer: asyncio.StreamWriter, response: Response) -> None:
    if response.file is None:
        writer.write(response.body[: response.cut_after])
        return
    left = response.size if response.cut_after is None else min(response.size, response.cut_after)
    with response.file.open("rb") as file:
        file.seek(response.first)
        while left and (piece := file.read(min(left, PIECE_BYTES))):
            writer.write(piece)
            await writer.drain()
            left -= len(piece)
