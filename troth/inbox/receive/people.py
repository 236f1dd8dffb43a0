"""People in a batch: who they are, what they are called now, what they allow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from troth.base.sealing import ring
from troth.channels.contract import (
    CallChanged,
    Event,
    HistoryChunk,
    IdentityChanged,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    PreferenceChanged,
    ReactionChanged,
    StatusChanged,
    Who,
)
from troth.contacts.consents import Fact, keep_facts
from troth.contacts.identities import Move, move_identities
from troth.contacts.models import Source
from troth.contacts.recognise import recognise
from troth.contacts.sighting import Sighting
from troth.inbox.receive import lines
from troth.inbox.receive.arrival import Arrival, Contacts, Named
from troth.inbox.receive.touched import Touched

MOVES = ("number", "user_id")
LINES = {"number": "number_changed", "user_id": "id_changed", "security_code": "security_code_changed"}


def move_all(arrivals: Sequence[Arrival]) -> Contacts:
    """Move identities as people change numbers, one change after the other; return the contacts of these events.

    Comes before anybody else of the batch is recognised: people write at once from their new number.
    """
    contacts: Contacts = {}
    for arrival in sorted(arrivals, key=lambda a: (a.at, a.event.external_id or "")):
        event = arrival.event
        assert isinstance(event, IdentityChanged)
        if event.kind not in MOVES:
            continue
        contact = _mover(event, arrival.at)
        contacts[id(event)] = Named(contact)
        if contact is None:
            arrival.ignored("nobody-named")
            continue
        ways = {"before": _pairs(event.before), "after": _pairs(event.after)}
        move = Move(contact=contact, **ways, at=arrival.at, account=event.account_id or "")
        arrival.applied() if move_identities(move) else arrival.ignored("repeated")
    return contacts


def _mover(event: IdentityChanged, at: datetime) -> UUID | None:
    """Return whose identities change: whom we know by the old ones, else by the new ones, else somebody new."""
    named = [_sighting(who, at, create=False, event=event) for who in (event.before, event.after) if _any(who)]
    found = [contact for contact in recognise(named) if contact is not None]
    if found or not named:
        return found[0] if found else None
    who = event.before if _any(event.before) else event.after
    return recognise([_sighting(who, at, create=True, event=event)])[0]


def recognise_all(arrivals: Sequence[Arrival]) -> Contacts:
    """Return the contacts of every event that names somebody, but for those that tell of a move."""
    sightings: list[Sighting] = []
    places: list[tuple[int, int, int | None]] = []
    for event, at in [(event, arrival.instant_of(event)) for arrival in arrivals for event in _flat(arrival.event)]:
        who = _who(event)
        if who is None:
            continue
        person, group = _sightings(event, who, at)
        sender = None
        if group is not None:
            sightings.append(group)
            if _names(person):
                sightings.append(person)
                sender = len(sightings) - 1
            places.append((id(event), len(sightings) - (2 if sender is not None else 1), sender))
        else:
            sightings.append(person)
            places.append((id(event), len(sightings) - 1, None))
    found = recognise(sightings) if sightings else []
    return {
        event: Named(found[contact], found[sender] if sender is not None else None) for event, contact, sender in places
    }


def _flat(event: Event) -> list[Event]:
    return [*event.received, *event.echoed] if isinstance(event, HistoryChunk) else [event]


def _who(event: Event) -> Who | None:
    if isinstance(event, IdentityChanged):
        return None if event.kind in MOVES else event.after
    if isinstance(
        event, MessageReceived | MessageEchoed | ReactionChanged | PreferenceChanged | CallChanged | StatusChanged
    ):
        return event.who
    return None


def named_by(event: Event, at: datetime) -> list[Sighting]:
    """Return how an event names people, as a sighting of each; none of them makes anybody known."""
    if isinstance(event, IdentityChanged):
        return [_sighting(who, at, create=False, event=event) for who in (event.before, event.after) if _any(who)]
    who = _who(event)
    if who is None and isinstance(event, MessageEdited | MessageRevoked):
        who = event.who
    if who is None:
        return []
    person, group = _sightings(event, who, at)
    return [replace(one, create=False) for one in (person, group) if one is not None and (one.group or _names(one))]


def _any(who: Who) -> bool:
    return bool(who.phone or who.bsuid or who.parent_bsuid)


def _names(sighting: Sighting) -> bool:
    return bool(sighting.phone or sighting.bsuid or sighting.parent_bsuid)


def _sightings(event: Event, who: Who, at: datetime) -> tuple[Sighting, Sighting | None]:
    # A status, new keys or a deletion in a phone's address book tell more of people we know; they make nobody known.
    create = not isinstance(event, StatusChanged)
    if isinstance(event, IdentityChanged):
        create = event.kind == "address_book" and not event.removed
    person = _sighting(who, at, create=create, event=event)
    group_id = getattr(event, "group_id", None)
    if group_id and isinstance(event, MessageReceived | MessageEchoed | ReactionChanged):
        return person, Sighting(at=at, group=group_id)
    return person, None


def _sighting(who: Who, at: datetime, *, create: bool, event: Event) -> Sighting:
    return Sighting(
        at=at,
        phone=who.phone,
        bsuid=who.bsuid,
        parent_bsuid=who.parent_bsuid,
        name=who.name,
        username=who.username,
        create=create,
        account=event.account_id or "",
        source=Source.PHONE_APP if _is_of_the_phone(event) else Source.MESSAGE,
    )


def _is_of_the_phone(event: Event) -> bool:
    return isinstance(event, IdentityChanged) and event.kind == "address_book"


def tell_identities(arrivals: Sequence[Arrival], contacts: Contacts, touched: Touched) -> None:
    """Say in people's threads that they are known in another way now."""
    for arrival in sorted(arrivals, key=lambda a: (a.at, a.event.external_id or "")):
        event = arrival.event
        assert isinstance(event, IdentityChanged)
        contact = contacts.get(id(event), Named(None)).contact
        if contact is None:
            arrival.ignored("nobody-named")
        elif event.kind == "address_book":
            arrival.applied("removed-there-kept-here" if event.removed else "")
        else:
            new = lines.tell_contact(contact, arrival, LINES[event.kind], touched)
            if event.kind == "security_code":
                arrival.applied() if new else arrival.ignored("nothing-new")


def _pairs(who: Who) -> dict[str, str]:
    named = {
        "phone": f"+{who.phone}" if who.phone else None,
        "bsuid": who.bsuid,
        "parent_bsuid": who.parent_bsuid,
    }
    return {kind: value for kind, value in named.items() if value}


def apply_preferences(arrivals: Sequence[Arrival], contacts: Contacts, touched: Touched) -> None:
    """Keep what people allowed or stopped."""
    facts: list[Fact] = []
    kept: list[Arrival] = []
    for arrival in arrivals:
        event = arrival.event
        assert isinstance(event, PreferenceChanged)
        contact = contacts.get(id(event), Named(None)).contact
        if contact is None:
            arrival.ignored("nobody-named")
            continue
        once = ring().index(f"{contact}|{event.category}|{event.value}|{arrival.told_at}", place="consent")
        facts.append(Fact(contact, event.category[:32], event.value[:16], "whatsapp", arrival.at, once))
        kept.append(arrival)
    for arrival, new in zip(kept, keep_facts(facts), strict=True):
        arrival.applied() if new else arrival.ignored("repeated")
