"""Telling "nothing left this machine" from "something may have": the difference between a retry and a question."""

from contextvars import ContextVar, Token
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from aiohttp.client_reqrep import ClientRequest, ClientResponse
from aiohttp.connector import Connection

from troth.base.http.departure import tell_departure
from troth.base.http.errors import Ambiguous, NotSent

# All that may go wrong on the wire. (Python's TimeoutError is an OSError.)
FAILURES = (aiohttp.ClientError, OSError)

_current: ContextVar["Attempt"] = ContextVar("attempt")


class Attempt:
    """One call. What goes wrong inside its `with` block leaves it as `NotSent` or `Ambiguous`."""

    __slots__ = ("_token", "bytes_left", "status")

    _token: Token["Attempt"]

    def __init__(self) -> None:
        self.bytes_left = False
        self.status: int | None = None

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _current.reset(self._token)
        if isinstance(error, FAILURES):
            if self.bytes_left:
                raise Ambiguous(why_broken(error), status=self.status) from error
            raise NotSent(_why_not_sent(error)) from error


class ObservedRequest(ClientRequest):
    """A request that notes, at the last instant before its first byte, whether a live connection takes it.

    Nothing can happen between the note and the write, since neither gives way to the event loop: an attempt without
    the note has provably sent nothing. With the note we only know that bytes *may* have left.
    """

    async def send(self, conn: Connection) -> ClientResponse:
        """Write the request; one with a body is written by `write_bytes`, a moment later."""
        if not self._body:
            _note(conn)
        return await super().send(conn)

    async def write_bytes(
        self, writer: AbstractStreamWriter, conn: Connection, content_length: int | None = None
    ) -> None:
        """Write headers and body."""
        _note(conn)
        await super().write_bytes(writer, conn, content_length)
        tell_departure()  # once more: others may have had their turn between the note and the write


def _note(conn: Connection) -> None:
    transport = conn.transport
    if transport is not None and not transport.is_closing():
        _current.get().bytes_left = True
        tell_departure()


def _why_not_sent(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "dns"
    if isinstance(error, aiohttp.ClientSSLError):
        return "tls"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "connect"
    return "closed"


def why_broken(error: BaseException) -> str:
    """Return the reason to give to `Ambiguous`."""
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, aiohttp.ClientResponseError):
        return "garbled"
    return "broken"
