"""How a question goes to a provider: with a client of its own, within a time, outside of any transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings

from troth.base.http import Client
from troth.channels.cloud.checks import Graph
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind

Answer = TypeVar("Answer")

# A person waits for the answer, and a thread of the web server with them.
ASK_WITHIN_S = 20.0
CONNECTIONS = 100


def trusted_hosts() -> list[tuple[str, int]]:
    """Return the host and port of the stand-in for the Graph API, where one is set: development only."""
    parts = urlsplit(settings.GRAPH_BASE_URL)
    return [(parts.hostname or "", parts.port or 80)] if settings.DEVELOPMENT and parts.scheme == "http" else []


def calling(*, connections: int = CONNECTIONS) -> Client:
    """Return a client that may call the providers; whoever asks for it closes it."""
    return Client(trusted=trusted_hosts(), connections=connections)


def graph_of(client: Client, link: Link) -> Graph:
    """Return a number's way to Meta."""
    assert link.kind == ChannelKind.CLOUD
    return graph_with(client, token=link.token, app_secret=link.app_secret or None)


def graph_with(client: Client, *, token: str, app_secret: str | None, version: str = "") -> Graph:
    """Return the way to Meta of whoever has this token, in the version that is set unless another is named."""
    return Graph(
        client,
        base_url=settings.GRAPH_BASE_URL,
        version=version or settings.GRAPH_VERSION,
        token=token,
        app_secret=app_secret,
    )


async def managing(link: Link, question: Callable[[Graph], Awaitable[Answer]]) -> Answer | None:
    """Return what the account's own way to Meta answers, None where nothing came in time."""
    async with calling() as client:
        return await in_time(question(graph_of(client, link)))


async def in_time(answer: Awaitable[Answer]) -> Answer | None:
    """Return an answer, None where it did not come in time."""
    try:
        async with asyncio.timeout(ASK_WITHIN_S):
            return await answer
    except TimeoutError:
        return None
