"""The one place that knows which adapters there are."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

from troth.base.http import Client
from troth.base.http.client import CONNECTIONS_MAX
from troth.channels.cloud.adapter import CloudAdapter
from troth.channels.cloud.errors import rule_for
from troth.channels.cloud.signature import verify
from troth.channels.cloud.wire import parse
from troth.channels.cloud.words import SENDING
from troth.channels.contract import Adapter, Event
from troth.channels.models.channel import ChannelKind


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
        )


def trusted_hosts() -> list[tuple[str, int]]:
    """Return the host and port of the stand-in for the Graph API, where one is set: development only."""
    parts = urlsplit(settings.GRAPH_BASE_URL)
    return [(parts.hostname or "", parts.port or 80)] if settings.DEVELOPMENT and parts.scheme == "http" else []


def explain(kind: str, code: int) -> str:
    """Return what a sending error means and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    rule = rule_for(code)
    return gettext(SENDING[rule.words if rule else "refused"])
