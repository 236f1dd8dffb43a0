"""The product's own door with a writer that stores nothing: what verifying alone costs."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

import django

django.setup()

from django.conf import settings  # noqa: E402  # after setup()
from granian.constants import Interfaces  # noqa: E402
from granian.server import Server  # noqa: E402

from config.serve import BACKLOG, BACKPRESSURE  # noqa: E402
from troth.ingest.door import Door  # noqa: E402
from troth.ingest.keys import DoorKeys  # noqa: E402
from troth.ingest.writer import Writer  # noqa: E402

Scope = MutableMapping[str, Any]


class Forgetful(Writer):
    """Says yes to everything and keeps nothing."""

    async def store(self, channel: UUID, fingerprint: bytes, body: bytes) -> None:
        return None


class Front:
    """The door alone."""

    def __init__(self) -> None:
        self.door = Door(keys=DoorKeys(settings.DOOR_DATABASE_URL), writer=Forgetful(settings.DOOR_DATABASE_URL))

    async def __call__(
        self, scope: Scope, receive: Callable[[], Awaitable[Scope]], send: Callable[[Scope], Awaitable[None]]
    ) -> None:
        if scope["type"] == "http":
            await self.door(scope, receive, send)
        elif scope["type"] == "lifespan":
            while (await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})


application = Front()

if __name__ == "__main__":
    Server(
        "bench.against.no_store:application",
        address="127.0.0.1",
        port=int(os.environ["TROTH_PORT"]),
        interface=Interfaces.ASGI,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_access=False,
    ).serve()
