"""Files that a provider holds for us, and those that it is given."""

import asyncio
from collections.abc import Iterable

from troth.channels.cloud.hosts import MEDIA
from troth.channels.cloud.media import Fetched, Given, Sink
from troth.channels.cloud.media import fetch as fetch_media
from troth.channels.cloud.media import give as give_media
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling, graph_of, trusted_hosts


def fetch(link: Link, media_id: str, sink: Sink) -> Fetched:
    """Give the bytes of a file that the provider holds to `sink`. Never inside a transaction. Raises only what the sink
    does."""
    assert link.kind == ChannelKind.CLOUD
    return asyncio.run(_fetched(link, media_id, sink))


def give(link: Link, *, mime: str, size_bytes: int, pieces: Iterable[bytes]) -> Given:
    """Give the provider a file that a message is to carry. Never inside a transaction. Raises only what `pieces` does."""
    assert link.kind == ChannelKind.CLOUD
    return asyncio.run(_given(link, mime, size_bytes, pieces))


async def _given(link: Link, mime: str, size_bytes: int, pieces: Iterable[bytes]) -> Given:
    async with calling() as client:
        graph = graph_of(client, link)
        return await give_media(graph, number_id=link.number_id, mime=mime, size_bytes=size_bytes, pieces=pieces)


async def _fetched(link: Link, media_id: str, sink: Sink) -> Fetched:
    async with calling() as client:
        graph = graph_of(client, link)
        hosts = {MEDIA.name, *(host for host, _ in trusted_hosts())}
        return await fetch_media(
            client, graph, token=link.token, number_id=link.number_id, media_id=media_id, hosts=hosts, sink=sink
        )
