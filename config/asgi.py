"""The front: two doors as raw ASGI, everything else Django as WSGI in threads. It composes and decides nothing."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from a2wsgi import WSGIMiddleware  # Django reads its settings first
from django.conf import settings

from config.headers import nameless, of_door
from config.https import came_by_https, refuse_plain
from config.wsgi import application as django
from troth.base.logs import install_hooks, watch_loop
from troth.base.turns import share_well
from troth.base.usage import Writing
from troth.ingest.door import PREFIX, Door
from troth.ingest.keys import DoorKeys
from troth.ingest.writer import Writer
from troth.privacy.browser.usage.storing import add
from troth.realtime.authority import Authority
from troth.realtime.hub import Hub
from troth.realtime.stream import PATH, Stream

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

COME_BYTES = 2 * 1024 * 1024  # of a body are awaited before a thread takes the request: more than a page ever sends
HELD_BYTES = 128 * 1024 * 1024
THREADS = int(os.environ.get("TROTH_WEB_THREADS", "8"))


class Front:
    """One process's web application."""

    def __init__(self) -> None:
        self.arrivals = Arrivals()
        self.pages = WSGIMiddleware(cast(Any, django), workers=THREADS)
        self.keys = DoorKeys(settings.DOOR_DATABASE_URL)
        self.writer = Writer(settings.DOOR_DATABASE_URL)
        self.door = Door(keys=self.keys, writer=self.writer)
        self.counting = Writing(add)
        self.hub = Hub(settings.LISTEN_DATABASE_URL, authority=Authority())
        self.stream = Stream(self.hub, cookie=settings.SESSION_COOKIE_NAME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        if scope["type"] != "http":
            return None
        if settings.SESSION_COOKIE_SECURE:
            if not came_by_https(scope, proxies=settings.ALLAUTH_TRUSTED_PROXY_COUNT):
                return await refuse_plain(scope, of_door(send, secure=False), base_url=settings.BASE_URL)
            scope["scheme"] = "https"  # whatever stands before us speaks http with us
        path = scope["path"]
        try:
            if path.startswith(PREFIX):
                return await self.door(scope, receive, of_door(send))
            if path == PATH:
                return await self.stream(scope, receive, of_door(send))
        except Exception:
            # Logged here, since the server would put the traceback's text into its own message.
            log.exception("front.failed")
            await of_door(send)({"type": "http.response.start", "status": 500, "headers": []})
            return await send({"type": "http.response.body", "body": b""})
        come = receive if refused_unread(scope) else await self.arrivals.come(receive)
        await self.pages(scope, come, nameless(send))  # type: ignore[arg-type]  # the library's names for the same

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                share_well()
                install_hooks()
                watch_loop(asyncio.get_running_loop())
                self.writer.start()
                self.counting.start()
                self.hub.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.counting.stop)
                await self.hub.stop()
                await self.writer.stop()
                await self.keys.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


class Arrivals:
    """Bodies of requests that are on their way. A slow sender is not to hold one of the threads, so what a page sends is
    awaited here; in all no more than `held_max_bytes`, beyond which the threads read it themselves."""

    def __init__(self, *, each_bytes: int = COME_BYTES, held_max_bytes: int = HELD_BYTES) -> None:
        self._each = each_bytes
        self._held_max = held_max_bytes
        self._held = 0

    async def come(self, receive: Receive) -> Receive:
        """Return the same body, whose beginning, for most all of it, is here already."""
        come: deque[MutableMapping[str, Any]] = deque()
        size, more = 0, True
        try:
            while more and size < self._each and self._held < self._held_max:
                come.append(await receive())
                more = bool(come[-1].get("more_body"))
                size += len(come[-1].get("body", b""))
                self._held += len(come[-1].get("body", b""))
        finally:
            self._held -= size

        async def received() -> MutableMapping[str, Any]:
            return come.popleft() if come else await receive()

        return received


def refused_unread(scope: Scope) -> bool:
    """Return whether Django refuses a body for the length that it declares: who waits for it makes its sender wait too.
    Bodies that bring files may be longer, and are read."""
    said: dict[bytes, bytes] = dict(scope["headers"])
    size = said.get(b"content-length", b"")
    brings_files = said.get(b"content-type", b"").lower().startswith(b"multipart/")
    return size.isdigit() and len(size) < 20 and int(size) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and not brings_files


application = Front()
