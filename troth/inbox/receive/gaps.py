"""The gap ledger: what came and could not be read or applied. Seen, never dropped."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.channels.contract import StatusChanged, Who
from troth.contacts.models import Identity
from troth.contacts.recognise import identity_hash
from troth.inbox.heads import poke_shown
from troth.inbox.index import external_hash
from troth.inbox.models import Conversation, Gap, Message
from troth.inbox.receive import tallies
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
        told = f"|{arrival.event.field}|{reason}{arrival.told_at}"
        once = keys.index(raw + told.encode(), place="inbox_gap")
        place = conversation or place_of(arrival)
        if place is not None:
            poke_shown(place, channel_id=arrival.channel_id)
        rows.append(
            Gap(
                channel_id=arrival.channel_id,
                conversation_id=place,
                reason=reason[:40],
                field=arrival.event.field[:64],
                raw=arrival.event.raw,
                at=arrival.at,
                once_hash=once,
            )
        )
    Gap.objects.bulk_create(rows, ignore_conflicts=True)


def place_of(arrival: Arrival) -> UUID | None:
    """Return the thread in which a gap has its place: its message's, or else that of the person it names."""
    event = arrival.event
    target = getattr(event, "target_id", None) or (event.external_id if isinstance(event, StatusChanged) else None)
    if target:
        named = Message.objects.filter(channel_id=arrival.channel_id, external_hash=external_hash(ring(), target))
        found: UUID | None = named.values_list("conversation_id", flat=True).first()
        if found is not None:
            return found
    who = getattr(event, "who", None)
    return _place_of(arrival.channel_id, _ways(who)) if isinstance(who, Who) else None


def place_of_ways(channel_id: UUID, ways: Iterable[str]) -> UUID | None:
    """Return the thread of whoever is known by one of these: digits without a plus, or ids, as a body has them."""
    kinds = ("bsuid", "parent_bsuid")
    named = [(kind, way) for way in ways for kind in kinds]
    return _place_of(channel_id, named + [("phone", f"+{way}") for way in ways if way.isdigit()])


def _place_of(channel_id: UUID, ways: Iterable[tuple[str, str]]) -> UUID | None:
    hashes = [identity_hash(ring(), kind, value) for kind, value in ways]
    if not hashes:
        return None
    known = Identity.objects.filter(value_hash__in=hashes, valid_to=None).values("contact_id")
    theirs = Conversation.objects.filter(channel_id=channel_id, contact_id__in=known)
    return theirs.values_list("id", flat=True).first()


def _ways(who: Who) -> list[tuple[str, str]]:
    ways = (("bsuid", who.bsuid), ("parent_bsuid", who.parent_bsuid), ("phone", f"+{who.phone}" if who.phone else None))
    return [(kind, value) for kind, value in ways if value]


def keep_unapplied(arrival: Arrival) -> None:
    """Put an event that broke what applied it into the gap ledger."""
    keep_gap(arrival, "could-not-be-applied")
    tallies.keep([arrival])


def take_back_lost_delivery(id: UUID) -> None:
    """Take a delivery out of the gap ledger of the workspace in scope, since it is about to be read again."""
    found = Gap.objects.select_for_update().filter(once_hash=ring().index(id.bytes, place="inbox_gap")).first()
    if found is not None:
        tallies.drop_lost(found.channel_id, found.created_at.date())
        found.delete()


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
    tallies.keep_lost(channel)
