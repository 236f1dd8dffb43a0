"""Connecting a number, looking at how it stands, and leaving."""

import asyncio
from collections.abc import Awaitable, Callable

from django.conf import settings
from django.utils.translation import gettext

from troth.channels.cloud.app_subscription import APP_CHECKS
from troth.channels.cloud.checks import Check
from troth.channels.cloud.connection import Connection
from troth.channels.cloud.health import Health
from troth.channels.cloud.health import ask_health as ask_health_of
from troth.channels.cloud.words import CHECKS
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling, in_time, managing


def ask(step: str, link: Link, *, replace_other: bool = False) -> Check:
    """Ask the provider about one step of connecting a number; "app" and "account" also set it right there.

    Waits up to `ASK_WITHIN_S`, so never inside a transaction. Raises nothing that the provider or the network does.
    """
    return asyncio.run(_within(link, lambda connection: connection.ask(step, replace_other=replace_other)))


def leave(link: Link, *, heir: Link | None) -> None:
    """Tell the provider to call another number's address from now on, or none of ours. Waits as `ask` does."""
    asyncio.run(_within(link, lambda connection: connection.leave(heir)))


def ask_health(link: Link) -> Health:
    """Ask the provider how a number, its account and its token stand. Waits as `ask` does; raises nothing."""
    asked = managing(link, lambda graph: ask_health_of(graph, account_id=link.account_id, number_id=link.number_id))
    return asyncio.run(asked) or Health(code="no_answer")


def explain_check(kind: str, code: str) -> str:
    """Return what the outcome of a step of connecting means and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    return gettext(CHECKS.get(code) or APP_CHECKS.get(code) or CHECKS["graph_error"])


async def _within(link: Link, question: Callable[[Connection], Awaitable[Check]]) -> Check:
    assert link.kind == ChannelKind.CLOUD
    async with calling() as client:
        connection = Connection(client, link, base_url=settings.GRAPH_BASE_URL, version=settings.GRAPH_VERSION)
        return await in_time(question(connection)) or Check(ok=False, code="no_answer")
