"""The front: two doors as raw ASGI, everything else Django as WSGI in threads. It composes and decides nothing."""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from a2wsgi import WSGIMiddleware  # Django reads its settings first
from django.conf import settings

from config.headers import nameless, of_door
from config.https import came_by_https, refuse_plain
from config.wsgi import application as django
from troth.base.logs import install_hooks, watch_loop
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

THREADS = int(os.environ.get("TROTH_WEB_THREADS", "8"))


# While a page is rendered, the loop with the doors waits for its turn. Shorter turns were measured to cost nothing and to
# bring webhooks and pages alike a third sooner (docs/benchmarks.md).
TURN_S = 0.0005


class Front:
    """One process's web application."""

    def __init__(self) -> None:
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
        await self.pages(scope, _coroutine(receive), nameless(send))  # type: ignore[arg-type]  # the library's names for the same

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                sys.setswitchinterval(TURN_S)
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


def _coroutine(receive: Receive) -> Receive:
    """Return the same as a coroutine function: the server's own awaitable does not pass from thread to loop."""

    async def received() -> MutableMapping[str, Any]:
        return await receive()

    return received


application = Front()
