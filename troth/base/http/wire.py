"""The part that speaks: aiohttp, with everything switched off that would act on its own."""

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from io import BytesIO
from ssl import SSLContext
from time import perf_counter

import aiohttp
from yarl import URL

from troth.base.http.answers import Response
from troth.base.http.attempt import FAILURES, Attempt, ObservedRequest, why_broken
from troth.base.http.connect import Lookup, default_tls, guarded_connector
from troth.base.http.errors import Ambiguous, TooLarge
from troth.base.http.guard import Guard

CONNECT_TIMEOUT_S = 5.0
KEEP_ALIVE_S = 15.0
# aiohttp warns about blocking the loop when it is given more than this in one piece.
ONE_PIECE_BYTES_MAX = 1024 * 1024

Data = bytes | AsyncIterable[bytes] | None


class StreamedResponse:
    """An answer whose body arrives in pieces."""

    def __init__(self, answer: aiohttp.ClientResponse, *, max_bytes: int) -> None:
        self.status: int = answer.status
        self.headers: Mapping[str, str] = answer.headers
        self._answer = answer
        self._max_bytes = max_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body in the pieces in which it comes.

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


class Wire:
    """One pool of connections in one event loop."""

    def __init__(self, guard: Guard, *, tls: SSLContext | None, lookup: Lookup | None, connections: int) -> None:
        connector = guarded_connector(
            guard, tls=tls or default_tls(), lookup=lookup, connections=connections, keep_alive_s=KEEP_ALIVE_S
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            request_class=ObservedRequest,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Troth", "Accept-Encoding": "identity"},
            auto_decompress=False,
            trust_env=False,
        )

    async def call(
        self, method: str, url: URL, *, headers: dict[str, str], body: Data, timeout_s: float, max_bytes: int
    ) -> Response:
        """Return the complete answer.

        Raises: NotSent, Ambiguous, TooLarge
        """
        started = perf_counter()
        with Attempt() as attempt:
            answer = await self._ask(method, url, headers=headers, body=body, limits=_limits(timeout_s))
            attempt.status = answer.status
            try:
                content = await _whole_body(answer, max_bytes=max_bytes)
            except BaseException:
                answer.close()
                raise
        return Response(answer.status, answer.headers, content, perf_counter() - started)

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: URL,
        *,
        headers: dict[str, str],
        body: Data,
        timeout_s: float,
        idle_s: float,
        max_bytes: int,
    ) -> AsyncIterator[StreamedResponse]:
        """Give the answer as soon as its headers are here.

        Raises: NotSent, Ambiguous, TooLarge
        """
        with Attempt():
            answer = await self._ask(method, url, headers=headers, body=body, limits=_limits(timeout_s, idle_s))
        # Outside the attempt: what fails in the caller's own block is none of our business.
        try:
            yield StreamedResponse(answer, max_bytes=max_bytes)
        finally:
            answer.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._session.close()

    def abandon(self) -> None:
        """Forget every connection without touching it."""
        connector = self._session.connector
        self._session.detach()
        if connector is not None:
            # There is no public way to let go of connections without speaking on them.
            connector._closed = True

    async def _ask(
        self, method: str, url: URL, *, headers: dict[str, str], body: Data, limits: aiohttp.ClientTimeout
    ) -> aiohttp.ClientResponse:
        data = BytesIO(body) if isinstance(body, bytes) and len(body) > ONE_PIECE_BYTES_MAX else body
        return await self._session.request(
            method, url, headers=headers, data=data, timeout=limits, allow_redirects=False
        )


@lru_cache(maxsize=64)
def _limits(total_s: float, idle_s: float | None = None) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=total_s, connect=min(CONNECT_TIMEOUT_S, total_s), sock_read=idle_s)


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
