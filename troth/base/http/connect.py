"""Connections that only ever go to an address the guard has seen."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from troth.base.http.errors import Refused
from troth.base.http.guard import Guard

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

LOOKUP_THREADS = 8


class GuardedResolver(AbstractResolver):
    """Looks a name up once. The addresses that passed are the ones that get connected: no second look-up happens."""

    def __init__(self, guard: Guard, lookup: Lookup | None) -> None:
        self._guard = guard
        # Threads of its own: slow names given to one client must not hold up the names of another.
        self._threads = ThreadPoolExecutor(LOOKUP_THREADS, thread_name_prefix="lookup")
        self._lookup = lookup or self._ask_the_system

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of a name.

        Raises: Refused, OSError
        """
        addresses = await self._lookup(host, port)
        self._guard.admit(host, port, addresses)
        return [_resolved(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Let the threads go without waiting for a slow look-up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask_the_system(self, host: str, port: int) -> list[str]:
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        found = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
        return [str(sockaddr[0]) for _family, _type, _proto, _name, sockaddr in found]


class GuardedConnector(aiohttp.TCPConnector):
    """A connector that owns its resolver."""

    def __init__(self, resolver: GuardedResolver, **settings: Any) -> None:
        super().__init__(resolver=resolver, **settings)
        self._resolver_owner = True


def guarded_connector(
    guard: Guard, *, tls: ssl.SSLContext, lookup: Lookup | None, connections: int, keep_alive_s: float
) -> GuardedConnector:
    """Return a connector whose every socket the guard has approved."""

    def open_socket(info: Any) -> socket.socket:
        family, kind, proto, _name, sockaddr = info
        if not guard.addressable(sockaddr[0], sockaddr[1]):
            raise Refused
        return socket.socket(family=family, type=kind, proto=proto)

    return GuardedConnector(
        GuardedResolver(guard, lookup),
        ssl=tls,
        limit=4 * connections,
        limit_per_host=connections,
        keepalive_timeout=keep_alive_s,
        socket_factory=open_socket,
    )


@lru_cache(maxsize=1)
def default_tls() -> ssl.SSLContext:
    """Return the rules for TLS: the system's trust store, names checked, HTTP/1.1."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


def _resolved(host: str, port: int, address: str) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
