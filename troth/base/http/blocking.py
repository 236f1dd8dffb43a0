"""The same client for threads that have no event loop: one loop in one background thread per process."""

import asyncio
import atexit
import os
import threading
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from troth.base.http.answers import Response
from troth.base.http.client import RESPONSE_BYTES_MAX, Body, Client
from troth.base.http.errors import Ambiguous
from troth.base.http.guard import PUBLIC_PORTS

# How long after its own time-out a call is given up on: only a stuck loop gets here.
PATIENCE_S = 5.0
CLOSING_S = 2.0


class _Rules(NamedTuple):
    """What one client may reach beyond declared hosts."""

    trusted: frozenset[tuple[str, int]]
    networks: frozenset[str]
    ports: frozenset[int]


class _Background:
    """An event loop in a thread, and the clients that live in it, one per set of trusted hosts, networks and ports."""

    def __init__(self) -> None:
        self._clients: dict[_Rules, Client] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="outbound-http", daemon=True)
        self._thread.start()

    def run(self, rules: "_Rules", *, timeout_s: float, **call: Any) -> Response:
        done = asyncio.run_coroutine_threadsafe(self._call(rules, timeout_s=timeout_s, **call), self._loop)
        try:
            return done.result(timeout_s + PATIENCE_S)
        except TimeoutError:
            done.cancel()
            raise Ambiguous("timeout") from None

    async def _call(self, rules: "_Rules", **call: Any) -> Response:
        client = self._clients.get(rules)
        if client is None:
            client = self._clients[rules] = Client(
                trusted=rules.trusted, allowed_networks=rules.networks, ports=rules.ports
            )
        return await client.request(**call)

    def close(self) -> None:
        closing = asyncio.run_coroutine_threadsafe(self._close_clients(), self._loop)
        try:
            closing.result(CLOSING_S)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CLOSING_S)
            if not self._thread.is_alive():
                self._loop.close()

    def abandon(self) -> None:
        for client in self._clients.values():
            client.abandon()

    async def _close_clients(self) -> None:
        for client in self._clients.values():
            await client.close()


_lock = threading.Lock()
_background: _Background | None = None
# A loop inherited by fork shares its poll set with the parent's: it must be neither used nor cleaned up here.
_left_behind: list[_Background] = []


def request_sync(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    json: Any = None,
    data: Body | None = None,
    timeout_s: float = 10.0,
    max_bytes: int = RESPONSE_BYTES_MAX,
    allow: Collection[str] | None = None,
    trusted: Collection[tuple[str, int]] = (),
    allowed_networks: Collection[str] = (),
    ports: Collection[int] = PUBLIC_PORTS,
) -> Response:
    """Return the complete answer, as `Client.request` does, from a thread without an event loop.

    Raises: Refused, NotSent, Ambiguous, TooLarge
    """
    _refuse_inside_a_loop()
    return _opened().run(
        _Rules(frozenset(trusted), frozenset(allowed_networks), frozenset(ports)),
        method=method,
        url=url,
        headers=headers,
        json=json,
        data=data,
        timeout_s=timeout_s,
        max_bytes=max_bytes,
        allow=allow,
    )


def close_sync() -> None:
    """Close the background thread and its connections; a later call opens them anew."""
    global _background
    with _lock:
        background, _background = _background, None
    if background is not None:
        background.close()


def _refuse_inside_a_loop() -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError("request_sync would block this event loop: use Client")


def _opened() -> _Background:
    global _background
    with _lock:
        if _background is None:
            _background = _Background()
        return _background


def _forget_after_fork() -> None:
    # Threads do not survive a fork, and a lock may have been held by one of them.
    global _background, _lock
    _lock = threading.Lock()
    if _background is not None:
        _background.abandon()
        _left_behind.append(_background)
        _background = None


os.register_at_fork(after_in_child=_forget_after_fork)
atexit.register(close_sync)
