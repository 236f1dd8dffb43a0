"""Trying another version of a provider's API on a connected number before it is set."""

import asyncio

from django.conf import settings

from troth.channels.cloud.checks import Graph
from troth.channels.cloud.versions import Call, Difference, calls_of, compare
from troth.channels.link import Link
from troth.channels.registry.asking import calling, graph_with


def try_version(link: Link, version: str, *, against: str = "", send_to: str = "") -> list[Difference]:
    """Return what differs between two versions in the answers to all that we ask about a number. Takes a minute or more."""
    return asyncio.run(_tried(link, version, against or settings.GRAPH_VERSION, send_to))


async def _tried(link: Link, version: str, against: str, send_to: str) -> list[Difference]:
    async with calling() as client:

        def speaking(which: str, call: Call) -> Graph:
            if call.as_app:
                return graph_with(client, token=f"{link.app_id}|{link.app_secret}", app_secret=None, version=which)
            return graph_with(client, token=link.token, app_secret=link.app_secret or None, version=which)

        calls = calls_of(number_id=link.number_id, account_id=link.account_id, app_id=link.app_id)
        return await compare(
            calls, old=lambda call: speaking(against, call), new=lambda call: speaking(version, call), send_to=send_to
        )
