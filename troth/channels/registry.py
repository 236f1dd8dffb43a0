"""The one place that knows which adapters there are."""

from collections.abc import Mapping, Sequence

from troth.channels.cloud.signature import verify
from troth.channels.cloud.wire import parse
from troth.channels.contract import Event
from troth.channels.models.channel import ChannelKind


def verify_delivery(kind: str, headers: Mapping[str, str], body: bytes, *, secrets: Sequence[bytes]) -> int:
    """Return which of the secrets signed this body. Raises: Forged."""
    assert kind == ChannelKind.CLOUD
    return verify(headers, body, secrets=secrets)


def parse_delivery(kind: str, body: bytes) -> list[Event]:
    """Return all events of a body. Never raises."""
    assert kind == ChannelKind.CLOUD
    return parse(body)
