"""What passes between us and a provider all day: deliveries in, messages out."""

from collections.abc import Mapping, Sequence
from typing import Protocol, Self
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext

from troth.base.http.client import CONNECTIONS_MAX
from troth.channels.cloud.adapter import CloudAdapter
from troth.channels.cloud.build import body_for
from troth.channels.cloud.hosts import declare
from troth.channels.cloud.refusal import Refusal
from troth.channels.cloud.signature import verify
from troth.channels.cloud.wire import parse
from troth.channels.contract import Adapter, Content, Event, Outbound
from troth.channels.models.channel import ChannelKind
from troth.channels.registry.asking import calling

_ANYBODY = "+10000000000"  # whom a message goes to does not matter for whether it can be said


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
        self.client = calling(connections=CONNECTIONS_MAX)

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


def declare_hosts() -> None:
    """Allow the outbound client to call the providers of channels. Called once, when the app is ready."""
    declare()


def refusal_of(kind: str, content: Content) -> str:
    """Return why a channel of this kind cannot say this, in words for a person; empty where it can."""
    assert kind == ChannelKind.CLOUD
    try:
        body_for(Outbound(our_id=UUID(int=0), content=content, phone=_ANYBODY))
    except Refusal as refusal:
        return gettext(refusal.user_text) % {"limit": refusal.limit}
    return ""
