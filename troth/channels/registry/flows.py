"""Forms (Flows) at a provider."""

import asyncio

from troth.channels.cloud.checks import Check
from troth.channels.cloud.flows import Flows, Screen, first_screen, published
from troth.channels.cloud.hosts import FORMS
from troth.channels.link import Link
from troth.channels.registry.asking import calling, graph_of, in_time, managing, trusted_hosts


def flows(link: Link) -> Flows:
    """Return the published forms of a number's account. Waits as `ask` does."""
    asked = managing(link, lambda graph: published(graph, account_id=link.account_id))
    return asyncio.run(asked) or Flows(check=Check(ok=False, code="no_answer"))


def flow_screen(link: Link, flow_id: str) -> Screen:
    """Return the screen with which a form begins. Waits as `ask` does."""
    return asyncio.run(_screen(link, flow_id)) or Screen(check=Check(ok=False, code="no_answer"))


async def _screen(link: Link, flow_id: str) -> Screen | None:
    hosts = {*(host.name for host in FORMS), *(host for host, _ in trusted_hosts())}
    async with calling() as client:
        graph = graph_of(client, link)
        asked = first_screen(client, graph, account_id=link.account_id, flow_id=flow_id, hosts=hosts)
        return await in_time(asked)
