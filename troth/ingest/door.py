"""The webhook door: verify, store, acknowledge. Nothing is read, nothing is decided, nothing waits for anybody.

A raw ASGI application. Many requests share one insert (group commit): a delivery is acknowledged only after the
transaction that holds it is on the disk. The connection logs in as a role that may insert deliveries and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from troth.channels.app_secrets import OWN_DOOR, OWN_DOOR_ID
from troth.channels.contract import Forged
from troth.channels.registry import verify_delivery
from troth.ingest.keys import DoorKeys, UnknownChannel
from troth.ingest.writer import Full, Unavailable, Writer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PREFIX = "/hooks/cloud/"
BODY_BYTES_MAX = 4 * 1024 * 1024  # Meta sends 3 MB at most (cloud API reference on webhooks, read 2026-11-22)
READING_BYTES_MAX = 64 * 1024 * 1024  # of all bodies that are on their way in: nobody has proven anything yet
READ_WITHIN_S = 20.0
RETRY_AFTER_S = b"5"


class TooLarge(Exception):
    """The body is larger than anything Meta sends."""


class Gone(Exception):
    """The caller hung up before the body was whole."""


class Door:
    """Answers `/hooks/cloud/<channel id>`, and `/hooks/cloud/app` for what Meta tells of the installation's own app: GET proves
    to Meta that the address is ours, POST takes a delivery."""

    def __init__(self, *, keys: DoorKeys, writer: Writer) -> None:
        self.keys = keys
        self.writer = writer
        self._reading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            place = scope["path"].removeprefix(PREFIX).rstrip("/")
            channel = OWN_DOOR_ID if place == OWN_DOOR else UUID(place)
        except ValueError:
            return await _answer(send, 404)
        method = scope["method"]
        try:
            if method == "POST":
                return await self._take(scope, receive, send, channel)
            if method == "GET":
                return await self._prove(scope, send, channel)
        except UnknownChannel:
            return await _answer(send, 404)
        except (Unavailable, Full):
            return await _answer(send, 503, headers=[(b"retry-after", RETRY_AFTER_S)])
        await _answer(send, 405, headers=[(b"allow", b"GET, POST")])

    async def _take(self, scope: Scope, receive: Receive, send: Send, channel: UUID) -> None:
        keys = await self.keys.of(channel)
        if keys.closing:
            return await _answer(send, 200)  # unread: its number was let go, and whatever is still said is nobody's
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            body = await self._read(headers, receive)
            signer = verify_delivery("cloud", headers, body, secrets=keys.secrets)
        except TooLarge:
            return await _answer(send, 413)
        except TimeoutError:
            return await _answer(send, 408)
        except Gone:
            return None
        except Forged:
            return await _answer(send, 401)
        await self.writer.store(channel, keys.fingerprints[signer], body)
        await _answer(send, 200)

    async def _prove(self, scope: Scope, send: Send, channel: UUID) -> None:
        keys = await self.keys.of(channel)
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        token = asked.get("hub.verify_token", [""])[0]
        challenge = asked.get("hub.challenge", [""])[0]
        if asked.get("hub.mode") != ["subscribe"] or not challenge or not keys.proves(token):
            return await _answer(send, 403)
        await _answer(send, 200, body=challenge.encode())

    async def _read(self, headers: dict[str, str], receive: Receive) -> bytes:
        """Return the body. Raises: TooLarge, Gone, Full where too much is on its way, TimeoutError where it crawls."""
        declared = headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > BODY_BYTES_MAX:
            raise TooLarge
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(READ_WITHIN_S):
                more = True
                while more:
                    part, more = await _part(receive)
                    parts.append(part)
                    size += len(part)
                    self._reading += len(part)
                    if size > BODY_BYTES_MAX:
                        raise TooLarge
                    if self._reading > READING_BYTES_MAX:
                        raise Full
        finally:
            self._reading -= size
        return parts[0] if len(parts) == 1 else b"".join(parts)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    """Return the next piece of a body and whether more will come. Raises: Gone."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), message.get("more_body", False)


async def _answer(
    send: Send, status: int, *, body: bytes = b"", headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    safe = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *safe, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
