"""One fact about a message that came after it: a status, an edit, a deletion."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.channels.contract import MessageEdited, MessageRevoked, StatusChanged, Who
from troth.channels.markets import country_of
from troth.inbox.index import external_hash
from troth.inbox.models import MessageStatus
from troth.inbox.receive.arrival import Arrival, Outcome
from troth.inbox.receive.gaps import keep_gap

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "failed": MessageStatus.FAILED,
}
# What is kept of the provider's object about the price. Whether it is "billable" is not: Meta gives that word up.
PRICED_BY = ("type", "category", "subtype", "pricing_model")
PRICE_CHARS_MAX = 64
Target = tuple[UUID, bytes]  # channel and the keyed hash of the message's id


@dataclass(slots=True)
class Change:
    """One fact about one message. `order` breaks ties between facts of one instant, the same way every time."""

    kind: str  # a status's word, "edit" or "revoke"
    at: datetime
    order: bytes
    our_id: UUID | None = None
    external_id: str | None = None
    code: int | None = None
    pricing: dict[str, Any] | None = None
    country: str | None = None  # of the recipient, where the price is told: Meta's prices are those of countries
    content: dict[str, Any] | None = None
    who: tuple[str, ...] = ()  # how the event names the person: kept while it waits, so that they can be forgotten
    arrival: Arrival | None = None
    came_on: date | None = None  # UTC, of one that waited for its message
    outcome: Outcome | None = None

    def became(self, outcome: Outcome) -> None:
        """Keep what became of this, also with the event that told it."""
        self.outcome = outcome
        if self.arrival is not None:
            self.arrival.outcome = outcome

    def packed(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "at": self.at.timestamp(),
            "our_id": str(self.our_id) if self.our_id else None,
            "external_id": self.external_id,
            "code": self.code,
            "pricing": self.pricing,
            "country": self.country,
            "content": self.content,
            "who": self.who,
        }

    @classmethod
    def unpacked(cls, packed: dict[str, Any], *, order: bytes, came_on: date | None = None) -> "Change":
        return cls(
            kind=packed["kind"],
            at=datetime.fromtimestamp(packed["at"], UTC),
            order=order,
            came_on=came_on,
            our_id=UUID(packed["our_id"]) if packed["our_id"] else None,
            external_id=packed["external_id"],
            code=packed["code"],
            pricing=packed["pricing"],
            country=packed.get("country"),
            content=packed["content"],
        )


def change_of(arrival: Arrival) -> tuple[Target, Change | None]:
    """Return which message an event is about, and what it says of it; nothing where a gap was kept instead."""
    event = arrival.event
    assert isinstance(event, StatusChanged | MessageEdited | MessageRevoked)
    nothing: Target = (arrival.channel_id, b"")
    target_id = event.external_id if isinstance(event, StatusChanged) else event.target_id
    if not target_id:
        keep_gap(arrival, "no-message-named")
        return nothing, None
    target = (arrival.channel_id, external_hash(ring(), target_id))
    if not isinstance(event, StatusChanged):
        kind = "edit" if isinstance(event, MessageEdited) else "revoke"
        content = msgspec.to_builtins(event.content) if isinstance(event, MessageEdited) else None
        order = _order(kind, target_id, event.external_id, arrival.told_at, content)
        return target, Change(
            kind=kind, at=arrival.at, order=order, content=content, who=_ways(event.who), arrival=arrival
        )
    if event.status not in STATUSES:
        keep_gap(arrival, "unknown-status")
        return nothing, None
    code = event.problems[0].code if event.problems else None
    pricing = _priced_by(event.pricing)
    return target, Change(
        kind=event.status,
        at=arrival.at,
        order=_order(event.status, target_id, event.our_id, arrival.told_at, code, event.pricing),
        our_id=_our_id(event.our_id),
        external_id=target_id,
        code=code,
        pricing=pricing,
        country=country_of(event.who.phone, event.who.bsuid) if pricing else None,
        who=_ways(event.who),
        arrival=arrival,
    )


def _priced_by(told: dict[str, Any] | None) -> dict[str, str] | None:
    words = {key: told[key][:PRICE_CHARS_MAX] for key in PRICED_BY if isinstance(told.get(key), str)} if told else {}
    return words or None


def _ways(who: Who) -> tuple[str, ...]:
    return tuple(way for way in (who.phone, who.bsuid, who.parent_bsuid) if way)


def _order(*facts: Any) -> bytes:
    """Return the keyed hash of all that a change says: the same for the same fact, however often it comes."""
    return ring().index(msgspec.json.encode(facts, order="deterministic"), place="inbox_change")


def _our_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
