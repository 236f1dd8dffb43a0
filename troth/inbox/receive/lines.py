"""System lines in threads (number changed, calls), and things that we could not read."""

from collections.abc import Sequence
from uuid import UUID

from troth.base.sealing import ring
from troth.channels.contract import CallChanged, ChannelChanged, Unrecognised
from troth.inbox.models import Activity, Conversation
from troth.inbox.receive import gaps
from troth.inbox.receive.arrival import Arrival, Contacts, Named
from troth.inbox.receive.threads import conversations_of, open_conversations
from troth.inbox.receive.touched import Touched


def tell_contact(contact: UUID, arrival: Arrival, kind: str, touched: Touched) -> bool:
    """Put a line into all threads of a contact, once for each event, and return whether any is new."""
    news = False
    for conversation, channel in Conversation.objects.filter(contact_id=contact).values_list("id", "channel_id"):
        if _line(conversation, arrival, kind):
            touched.look_at(conversation, channel)
            news = True
    return news


def apply_calls(arrivals: Sequence[Arrival], contacts: Contacts, touched: Touched) -> None:
    """Put calls into their threads. A call by the customer opens the window as a message does."""
    for arrival in arrivals:
        event = arrival.event
        assert isinstance(event, CallChanged)
        contact = contacts.get(id(event), Named(None)).contact
        if contact is None:
            gaps.keep_gap(arrival, "nobody-named")
            continue
        key = (arrival.channel_id, contact)
        found = conversations_of([key]) or open_conversations({key: arrival.at})
        conversation = found[key]
        if not _line(conversation, arrival, "call_from_us" if event.from_us else "call_from_customer"):
            arrival.ignored("repeated")
            continue
        touched.spoke(conversation, at=arrival.at)
        if not event.from_us:
            touched.rang(conversation, at=arrival.at, unread=0)
        touched.look_at(conversation, arrival.channel_id)
        arrival.applied()


ROLES = frozenset({"ai_agent", "ctwa", "customer_service", "escalation", "marketing", "utility"})


def tell_handovers(arrivals: Sequence[Arrival], touched: Touched) -> None:
    """Say in the threads of whom it concerns that another responder was put in charge, or taken off."""
    for arrival in arrivals:
        event = arrival.event
        if not isinstance(event, ChannelChanged) or event.aspect != "handover" or event.who is None:
            continue
        conversation = gaps.place_of(arrival)
        role = (event.detail or "").lower()
        if conversation is not None and _line(conversation, arrival, f"hands_{role if role in ROLES else 'other'}"):
            touched.look_at(conversation, arrival.channel_id)


def keep_gaps(arrivals: Sequence[Arrival]) -> None:
    """Put what could not be read into the gap ledger."""
    for arrival in arrivals:
        assert isinstance(arrival.event, Unrecognised)
        arrival.gap(arrival.event.why)
    gaps.keep_gaps([(arrival, arrival.event.why, None) for arrival in arrivals])  # type: ignore[union-attr]


def _line(conversation: UUID, arrival: Arrival, kind: str) -> bool:
    event = arrival.event
    once = ring().index(
        f"{conversation}|{kind}|{event.external_id}|{arrival.told_at}|{getattr(event, 'event', '')}",
        place="inbox_activity",
    )
    made = Activity.objects.bulk_create(
        [Activity(conversation_id=conversation, kind=kind, at=arrival.at, once_hash=once)], ignore_conflicts=True
    )
    return Activity.objects.filter(once_hash=once, id=made[0].id).exists()
