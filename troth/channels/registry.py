"""The one place that knows which adapters there are."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from troth.base.http import Client
from troth.base.http.client import CONNECTIONS_MAX
from troth.channels.cloud.adapter import CloudAdapter
from troth.channels.cloud.app_subscription import APP_CHECKS
from troth.channels.cloud.checks import Check
from troth.channels.cloud.connection import Connection
from troth.channels.cloud.hosts import declare
from troth.channels.cloud.signature import verify
from troth.channels.cloud.wire import parse
from troth.channels.cloud.words import CHECKS, text_for_code
from troth.channels.contract import Adapter, Event
from troth.channels.link import Link
from troth.channels.models.channel import ChannelKind

__all__ = [
    "Check",
    "Credentials",
    "Senders",
    "ask",
    "declare_hosts",
    "explain",
    "explain_check",
    "leave",
    "parse_delivery",
    "trusted_hosts",
    "verify_delivery",
]

# A person waits for the answer, and a thread of the web server with them.
ASK_WITHIN_S = 20.0


def verify_delivery(kind: str, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes]) -> int:
    """Return which of the secrets signed this body. Raises: Forged."""
    assert kind == ChannelKind.CLOUD
    return verify(headers, body, secrets=secrets)


def parse_delivery(kind: str, body: bytes) -> list[Event]:
    """Return all events of a body. Never raises."""
    assert kind == ChannelKind.CLOUD
    return parse(body)


class Credentials(Protocol):
    """What it takes to speak for a connected number."""

    @property
    def kind(self) -> str: ...
    @property
    def number_id(self) -> str: ...
    @property
    def token(self) -> str: ...
    @property
    def app_secret(self) -> str: ...


class Senders:
    """Makes the adapters of one event loop; they share one HTTP client."""

    def __init__(self) -> None:
        self.client = Client(trusted=trusted_hosts(), connections=CONNECTIONS_MAX)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.client.close()

    def adapter(self, number: Credentials) -> Adapter:
        """Return the adapter of a number."""
        assert number.kind == ChannelKind.CLOUD
        return CloudAdapter(
            self.client,
            base_url=settings.GRAPH_BASE_URL,
            version=settings.GRAPH_VERSION,
            number_id=number.number_id,
            token=number.token,
            app_secret=number.app_secret,
            timeout_s=settings.SEND_TIMEOUT_S,
        )


def trusted_hosts() -> list[tuple[str, int]]:
    """Return the host and port of the stand-in for the Graph API, where one is set: development only."""
    parts = urlsplit(settings.GRAPH_BASE_URL)
    return [(parts.hostname or "", parts.port or 80)] if settings.DEVELOPMENT and parts.scheme == "http" else []


def declare_hosts() -> None:
    """Allow the outbound client to call the providers of channels. Called once, when the app is ready."""
    declare()


def explain(kind: str, code: int) -> str:
    """Return what a sending error means and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    return gettext(text_for_code(code))


def explain_check(kind: str, code: str) -> str:
    """Return what the outcome of a step of connecting means and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    return gettext(CHECKS.get(code) or APP_CHECKS.get(code) or CHECKS["graph_error"])


def ask(step: str, link: Link, *, replace_other: bool = False) -> Check:
    """Ask the provider about one step of connecting a number; "app" and "account" also set it right there.

    Waits up to `ASK_WITHIN_S`, so never inside a transaction. Raises nothing that the provider or the network does.
    """
    return asyncio.run(_within(link, lambda connection: connection.ask(step, replace_other=replace_other)))


def leave(link: Link, *, heir: Link | None) -> None:
    """Tell the provider to call another number's address from now on, or none of ours. Waits as `ask` does."""
    asyncio.run(_within(link, lambda connection: connection.leave(heir)))


async def _within(link: Link, question: Callable[[Connection], Awaitable[Check]]) -> Check:
    assert link.kind == ChannelKind.CLOUD
    async with Client(trusted=trusted_hosts()) as client:
        connection = Connection(client, link, base_url=settings.GRAPH_BASE_URL, version=settings.GRAPH_VERSION)
        try:
            async with asyncio.timeout(ASK_WITHIN_S):
                return await question(connection)
        except TimeoutError:
            return Check(ok=False, code="no_answer")
