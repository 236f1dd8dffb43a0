"""What is asked of a provider about people: whom to block, whose codes to tell of, who was read."""

import asyncio
from collections.abc import Sequence

from django.utils.translation import gettext

from troth.channels.cloud import blocks
from troth.channels.cloud.blocks import Blocked, BlockList
from troth.channels.cloud.checks import CallFailed, Graph
from troth.channels.cloud.receipts import mark_read
from troth.channels.cloud.sent import SETTINGS
from troth.channels.cloud.words import BLOCKS, CHECKS
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling, graph_of, managing


def explain_block(kind: str, code: str) -> str:
    """Return what became of blocking somebody and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    return gettext(BLOCKS.get(code) or CHECKS.get(code) or CHECKS["graph_error"])


def change_blocks(link: Link, people: Sequence[str], *, block: bool) -> Blocked:
    """Block these people (numbers with a plus, or ids) for a number at the provider, or end that. Waits as `ask` does."""
    wanted = list(people)
    asked = managing(link, lambda graph: blocks.change(graph, number_id=link.number_id, people=wanted, block=block))
    return asyncio.run(asked) or Blocked(code="no_answer")


def list_blocks(link: Link) -> BlockList:
    """Return whom a number has blocked, as the provider says now. Waits as `ask` does."""
    asked = managing(link, lambda graph: blocks.listed(graph, number_id=link.number_id))
    return asyncio.run(asked) or BlockList(code="no_answer")


def tell_of_codes(link: Link, *, on: bool) -> str:
    """Let the provider tell of changed security codes, or not; return "ok", or why not. Waits as `ask` does."""

    async def told(graph: Graph) -> str:
        body = {"user_identity_change": {"enable_identity_key_check": on}}
        try:
            await graph.call("POST", link.number_id, "settings", body=body, declared=SETTINGS)
        except CallFailed as failed:
            return failed.code
        return "ok"

    return asyncio.run(managing(link, told)) or "no_answer"


def tell_read(link: Link, external_id: str, *, typing: bool) -> str:
    """Tell a customer that what they wrote up to this message was read, and where `typing` that an answer is being written.

    Returns a short word for why it did not work, empty where it did. Waits for the provider, so never in a transaction.
    """
    assert link.kind == ChannelKind.CLOUD
    return asyncio.run(_told_read(link, external_id, typing=typing))


async def _told_read(link: Link, external_id: str, *, typing: bool) -> str:
    async with calling() as client:
        graph = graph_of(client, link)
        return await mark_read(graph, number_id=link.number_id, external_id=external_id, typing=typing)
