"""The outbound HTTP client: guarded, capped, and honest about what may have been sent."""

import io
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from ssl import SSLContext
from time import perf_counter
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
import msgspec

from troth.base.http.attempt import FAILURES, Attempt, ObservedRequest, why_broken
from troth.base.http.connect import Lookup, default_tls, guarded_connector
from troth.base.http.errors import Ambiguous, Refused, TooLarge
from troth.base.http.guard import PUBLIC_PORTS, Guard
from troth.base.http.headers import checked_headers, checked_method

CONNECT_TIMEOUT_S = 5.0
KEEP_ALIVE_S = 15.0
CONNECTIONS_MAX = 400
RESPONSE_BYTES_MAX = 64 * 1024
# aiohttp warns about blocking the loop when it is given more than this in one piece.
ONE_PIECE_BYTES_MAX = 1024 * 1024

Body = bytes | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """A complete answer, whatever its status: only the caller knows what a 404 means."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_s: float

    def __repr__(self) -> str:
        """Return the facts that may be logged: never a header or a byte of the body."""
        return f"Response(status={self.status}, {len(self.body)} bytes, {self.elapsed_s:.3f} s)"


class StreamedResponse:
    """An answer whose body arrives in pieces."""

    def __init__(self, answer: aiohttp.ClientResponse, *, max_bytes: int) -> None:
        self.status: int = answer.status
        self.headers: Mapping[str, str] = answer.headers
        self._answer = answer
        self._max_bytes = max_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces of at most about 64 kB.

        Raises: TooLarge, Ambiguous
        """
        _refuse_announced_size(self._answer, max_bytes=self._max_bytes)
        taken_bytes = 0
        while chunk := await self._next_chunk():
            taken_bytes += len(chunk)
            if taken_bytes > self._max_bytes:
                raise TooLarge(status=self.status)
            yield chunk

    async def _next_chunk(self) -> bytes:
        try:
            return await self._answer.content.readany()
        except FAILURES as error:
            raise Ambiguous(why_broken(error), status=self.status) from error


class Client:
    """Calls the outside world from one event loop. Opened by the first call; close it, or use `async with`.

    trusted: host and port pairs that the operator vouches for (the sandbox on loopback); plain http is fine there.
    allowed_networks: private networks, as CIDR texts, that the operator lets us reach, over https only.
    ports: ports that may be called at hosts that are not trusted.
    connections: at most so many at once to one host (1 to 400); further calls wait for their turn.
    tls, lookup: for tests: another trust store, another way from a name to addresses.
    """

    def __init__(
        self,
        *,
        trusted: Collection[tuple[str, int]] = (),
        allowed_networks: Iterable[str] = (),
        ports: Collection[int] = PUBLIC_PORTS,
        connections: int = 100,
        tls: SSLContext | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        if not 1 <= connections <= CONNECTIONS_MAX:
            raise ValueError(f"connections must lie between 1 and {CONNECTIONS_MAX}")
        self._guard = Guard(trusted=trusted, allowed_networks=allowed_networks, ports=ports)
        self._connections = connections
        self._tls = tls
        self._lookup = lookup
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection. A later call would open the client anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def abandon(self) -> None:
        """Forget every connection without touching it: after a fork they belong to the parent process."""
        session, self._session = self._session, None
        if session is not None:
            connector = session.connector
            session.detach()
            if connector is not None:
                # There is no public way to let go of connections without speaking on them.
                connector._closed = True

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Body | None = None,
        timeout_s: float = 10.0,
        max_bytes: int = RESPONSE_BYTES_MAX,
        allow: Collection[str] | None = None,
    ) -> Response:
        """Return the complete answer, of any status. Redirects are answers too.

        url: already percent-encoded ASCII. allow: if given, the only hosts that this one call may go to.
        A call that is cancelled must be taken as `Ambiguous`. A POST or PATCH is written at most once; a method that
        means the same done twice is repeated once if a kept connection turns out to be dead.

        Raises: Refused, NotSent, Ambiguous, TooLarge
        """
        started = perf_counter()
        with Attempt() as attempt:
            answer = await self._open(
                method, url, headers=headers, json=json, data=data, limits=_limits(timeout_s), allow=allow
            )
            attempt.status = answer.status
            try:
                body = await _whole_body(answer, max_bytes=max_bytes)
            except BaseException:
                answer.close()
                raise
        return Response(answer.status, answer.headers, body, perf_counter() - started)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        data: Body | None = None,
        timeout_s: float = 60.0,
        idle_s: float = 15.0,
        max_bytes: int,
        allow: Collection[str] | None = None,
    ) -> AsyncIterator[StreamedResponse]:
        """Give the answer as soon as its headers are here; its body comes in pieces, up to `max_bytes` in all.

        timeout_s bounds the whole download, idle_s each silence in it.

        Raises: Refused, NotSent, Ambiguous, TooLarge
        """
        with Attempt():
            answer = await self._open(
                method, url, headers=headers, json=None, data=data, limits=_limits(timeout_s, idle_s), allow=allow
            )
        # Outside the attempt: what fails in the caller's own block is none of our business.
        try:
            yield StreamedResponse(answer, max_bytes=max_bytes)
        finally:
            answer.close()

    async def _open(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None,
        json: Any,
        data: Body | None,
        limits: aiohttp.ClientTimeout,
        allow: Collection[str] | None,
    ) -> aiohttp.ClientResponse:
        target = self._guard.target(url)
        if allow is not None and target.host not in allow:
            raise Refused
        checked = checked_headers(headers)
        body = _encoded(json=json, data=data, headers=checked)
        session = self._session or self._opened()
        return await session.request(
            checked_method(method), target.url, headers=checked, data=body, timeout=limits, allow_redirects=False
        )

    def _opened(self) -> aiohttp.ClientSession:
        connector = guarded_connector(
            self._guard,
            tls=self._tls or default_tls(),
            lookup=self._lookup,
            connections=self._connections,
            keep_alive_s=KEEP_ALIVE_S,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            request_class=ObservedRequest,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Troth", "Accept-Encoding": "identity"},
            auto_decompress=False,
            trust_env=False,
        )
        return self._session


@lru_cache(maxsize=64)
def _limits(total_s: float, idle_s: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total_s, connect=min(CONNECT_TIMEOUT_S, total_s), sock_read=idle_s)


def _encoded(*, json: Any, data: Body | None, headers: dict[str, str]) -> bytes | io.BytesIO | None:
    if json is not None:
        if data is not None:
            raise ValueError("json and data exclude each other")
        headers.setdefault("Content-Type", "application/json")
        return msgspec.json.encode(json)
    if isinstance(data, Mapping):
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return urlencode(data).encode("ascii")
    if data is not None and len(data) > ONE_PIECE_BYTES_MAX:
        return io.BytesIO(data)
    return data


async def _whole_body(answer: aiohttp.ClientResponse, *, max_bytes: int) -> bytes:
    _refuse_announced_size(answer, max_bytes=max_bytes)
    content = answer.content
    body = await content.readany()
    while not content.at_eof():
        if len(body) > max_bytes:
            break
        body += await content.readany()
    if len(body) > max_bytes:
        raise TooLarge(status=answer.status)
    return body


def _refuse_announced_size(answer: aiohttp.ClientResponse, *, max_bytes: int) -> None:
    if answer.method != "HEAD" and (answer.content_length or 0) > max_bytes:
        raise TooLarge(status=answer.status)
