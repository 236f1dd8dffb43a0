"""The gap ledger: what came and could not be read or applied. Seen, never dropped."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.inbox.models import Gap
from troth.inbox.receive.arrival import Arrival


def keep_gap(arrival: Arrival, reason: str, *, conversation: UUID | None = None) -> None:
    """Put an event into the gap ledger, once."""
    arrival.gap(reason)
    keep_gaps([(arrival, reason, conversation)])


def keep_gaps(gaps: Iterable[tuple[Arrival, str, UUID | None]]) -> None:
    """Put events into the gap ledger, each once, with the reason and the piece of the body, sealed."""
    keys = ring()
    rows = []
    for arrival, reason, conversation in gaps:
        raw = msgspec.json.encode(arrival.event.raw, order="deterministic")
        once = keys.index(raw + b"|" + reason.encode() + arrival.told_at.encode(), place="inbox_gap")
        rows.append(
            Gap(
                channel_id=arrival.channel_id,
                conversation_id=conversation,
                reason=reason[:40],
                field=arrival.event.field[:64],
                raw=arrival.event.raw,
                at=arrival.at,
                once_hash=once,
            )
        )
    Gap.objects.bulk_create(rows, ignore_conflicts=True)


def keep_unapplied(arrival: Arrival) -> None:
    """Put an event that broke what applied it into the gap ledger."""
    keep_gap(arrival, "could-not-be-applied")


def keep_lost_delivery(id: UUID, *, channel: UUID, at: datetime) -> None:
    """Put a whole delivery that could not be read into the gap ledger, by its id: its body stays where it is."""
    gap = Gap(
        channel_id=channel,
        reason="delivery-parked",
        raw={"delivery_id": str(id)},
        at=at,
        once_hash=ring().index(id.bytes, place="inbox_gap"),
    )
    Gap.objects.bulk_create([gap], ignore_conflicts=True)
