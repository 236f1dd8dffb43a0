"""The outbound HTTP client: guarded, capped, and honest about what may have been sent."""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from ssl import SSLContext
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlencode

import msgspec

from troth.base.http.answers import Response
from troth.base.http.errors import Refused
from troth.base.http.guard import PUBLIC_PORTS, Guard, Target
from troth.base.http.headers import checked_headers, checked_method
from troth.base.http.hosts import may_call

if TYPE_CHECKING:
    from troth.base.http.connect import Lookup
    from troth.base.http.wire import StreamedResponse, Wire

CONNECTIONS_MAX = 400
RESPONSE_BYTES_MAX = 64 * 1024


class Streamed(msgspec.Struct, frozen=True, kw_only=True):
    """A body that is not held in memory: `size_bytes` in all, given out piece by piece."""

    size_bytes: int
    pieces: AsyncIterable[bytes]


Body = bytes | Mapping[str, str] | Streamed


class Client:
    """Calls the outside world from one event loop. Opened by the first call; close it, or use `async with`.

    trusted: host and port pairs that the operator vouches for (the sandbox on loopback); plain http is fine there.
    allowed_networks: private networks, as CIDR texts, that the operator lets us reach, over https only.
    ports: ports that may be called at hosts that are not trusted.
    connections: at most so many at once to one host (1 to 400); further calls wait for their turn.
    may_call: which hosts are called at all; only tests of what lies behind it give another answer than `hosts.py`.
    tls, lookup: for tests: another trust store, another way from a name to addresses.
    """

    def __init__(
        self,
        *,
        trusted: Collection[tuple[str, int]] = (),
        allowed_networks: Iterable[str] = (),
        ports: Collection[int] = PUBLIC_PORTS,
        connections: int = 100,
        may_call: Callable[[str], bool] = may_call,
        tls: SSLContext | None = None,
        lookup: "Lookup | None" = None,
    ) -> None:
        if not 1 <= connections <= CONNECTIONS_MAX:
            raise ValueError(f"connections must lie between 1 and {CONNECTIONS_MAX}")
        self._guard = Guard(trusted=trusted, allowed_networks=allowed_networks, ports=ports, may_call=may_call)
        self._connections = connections
        self._tls = tls
        self._lookup = lookup
        self._wire: Wire | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection. A later call would open the client anew."""
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close()

    def abandon(self) -> None:
        """Forget every connection without touching it: after a fork they belong to the parent process."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.abandon()

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
        target = self._target(url, allow=allow)
        sent = checked_headers(headers)
        body = _encoded(json=json, data=data, headers=sent)
        wire = self._wire or self._opened()
        return await wire.call(
            checked_method(method), target.url, headers=sent, body=body, timeout_s=timeout_s, max_bytes=max_bytes
        )

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
    ) -> AsyncIterator["StreamedResponse"]:
        """Give the answer as soon as its headers are here; its body comes in pieces, up to `max_bytes` in all.

        timeout_s bounds the whole download, idle_s each silence in it.

        Raises: Refused, NotSent, Ambiguous, TooLarge
        """
        target = self._target(url, allow=allow)
        sent = checked_headers(headers)
        body = _encoded(json=None, data=data, headers=sent)
        wire = self._wire or self._opened()
        async with wire.stream(
            checked_method(method),
            target.url,
            headers=sent,
            body=body,
            timeout_s=timeout_s,
            idle_s=idle_s,
            max_bytes=max_bytes,
        ) as answer:
            yield answer

    def _target(self, url: str, *, allow: Collection[str] | None) -> Target:
        target = self._guard.target(url)
        if allow is not None and target.host not in allow:
            raise Refused
        return target

    def _opened(self) -> "Wire":
        # aiohttp costs 18 MB and a fifth of a second; a web process may never call anybody.
        from troth.base.http.wire import Wire  # noqa: PLC0415

        self._wire = Wire(self._guard, tls=self._tls, lookup=self._lookup, connections=self._connections)
        return self._wire


def _encoded(*, json: Any, data: Body | None, headers: dict[str, str]) -> bytes | AsyncIterable[bytes] | None:
    if json is not None:
        if data is not None:
            raise ValueError("json and data exclude each other")
        headers.setdefault("Content-Type", "application/json")
        return msgspec.json.encode(json)
    if isinstance(data, Mapping):
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return urlencode(data).encode("ascii")
    if isinstance(data, Streamed):
        headers["Content-Length"] = str(data.size_bytes)
        return data.pieces
    return data
