"""Leaves out what would bring somebody back who was forgotten, before anybody is recognised.

What a person did before the erasure is dropped, whoever brings it now: a late delivery, a history, a phone's address
book. What the person does afterwards comes in, as somebody new's. What is about a message is left to `changes.py`: it
is dropped where the message is not here any more.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from troth.base.sealing import ring
from troth.channels.contract import (
    Event,
    HistoryChunk,
    IdentityChanged,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    ReactionChanged,
    StatusChanged,
    Unrecognised,
)
from troth.contacts.models import IdentityKind
from troth.contacts.recognise import Key, identity_hash, recognise
from troth.contacts.sighting import Sighting
from troth.contacts.suppressions import Erased, erased_among, erased_among_ways, forgotten_since
from troth.inbox.index import external_hash
from troth.inbox.models import Message
from troth.inbox.receive.arrival import FORGOTTEN, Arrival
from troth.inbox.receive.people import named_by

ABOUT_MESSAGES = (StatusChanged, MessageEdited, MessageRevoked)
PHONE_DIGITS = range(6, 16)


def leave_out(arrivals: Sequence[Arrival]) -> tuple[list[Arrival], set[int]]:
    """Return the arrivals that may come in, and the events (by id()) among them that name somebody who was forgotten.

    Those that may not have their outcome. A history is left without the messages of people who were forgotten.
    """
    named = [one for arrival in arrivals for one in _sightings(arrival)]
    erased = dict(erased_among(named)) | dict(erased_among_ways(_ways_in_raw(arrivals)))
    if not erased:
        return list(arrivals), set()
    kept: list[Arrival] = []
    about: set[int] = set()
    for arrival in arrivals:
        since = _since(arrival, erased)
        if isinstance(arrival.event, HistoryChunk):
            _thin_out(arrival, erased)
        if since is not None and isinstance(arrival.event, ABOUT_MESSAGES):
            about.add(id(arrival.event))
        elif since is not None and _is_of_before(arrival, since):
            arrival.ignored(FORGOTTEN)
            continue
        kept.append(arrival)
    return kept, about


def _sightings(arrival: Arrival) -> list[Sighting]:
    inside: list[Event] = []
    if isinstance(arrival.event, HistoryChunk):
        inside = [*arrival.event.received, *arrival.event.echoed]
    return [sighting for event in [arrival.event, *inside] for sighting in named_by(event, arrival.instant_of(event))]


def _since(arrival: Arrival, erased: Erased) -> datetime | None:
    """Return since when anybody whom the event names is forgotten; of a history, nobody is."""
    event = arrival.event
    if isinstance(event, Unrecognised):
        return max((erased[key] for key, _ in _ways_in(event.raw) if key in erased), default=None)
    return _forgotten(event, arrival.at, erased)


def _forgotten(event: Event, at: datetime, erased: Erased) -> datetime | None:
    found = [since for one in named_by(event, at) if (since := forgotten_since(one, erased)) is not None]
    return max(found, default=None)


def _is_of_before(arrival: Arrival, since: datetime) -> bool:
    """Return whether what happened belongs to the person who was forgotten and not to who came after."""
    event = arrival.event
    if isinstance(event, IdentityChanged) and not _is_known(event, arrival.at):
        return True  # an address book or a change of number is not the person's writing to us
    if isinstance(event, ReactionChanged) and not _is_here(arrival.channel_id, event.target_id):
        return True
    return arrival.at <= since


def _is_known(event: IdentityChanged, at: datetime) -> bool:
    """Return whether the person is here again, having written since."""
    return any(contact is not None for contact in recognise(named_by(event, at)))


def _is_here(channel: UUID, target_id: str) -> bool:
    """Return whether a message stands in a thread that is not being forgotten."""
    found = Message.objects.filter(channel_id=channel, external_hash=external_hash(ring(), target_id))
    return bool(found.filter(conversation__contact__erasing_at=None).exists())


def _thin_out(arrival: Arrival, erased: Erased) -> None:
    """Take out of a history the messages of people who were forgotten."""
    chunk = arrival.event
    assert isinstance(chunk, HistoryChunk)

    def keeps(event: MessageReceived | MessageEchoed) -> bool:
        at = arrival.instant_of(event)
        since = _forgotten(event, at, erased)
        return since is None or at > since

    received = tuple(one for one in chunk.received if keeps(one))
    echoed = tuple(one for one in chunk.echoed if keeps(one))
    dropped = len(chunk.received) + len(chunk.echoed) - len(received) - len(echoed)
    if dropped:
        arrival.event = msgspec.structs.replace(chunk, received=received, echoed=echoed)
        if not received and not echoed and not chunk.problems:
            arrival.ignored(FORGOTTEN)


def _ways_in_raw(arrivals: Iterable[Arrival]) -> set[tuple[Key, str]]:
    return {
        way for arrival in arrivals if isinstance(arrival.event, Unrecognised) for way in _ways_in(arrival.event.raw)
    }


def _ways_in(raw: Any) -> set[tuple[Key, str]]:
    """Return everything in a piece of a body that could name a person, with its keyed hash."""
    keys = ring()
    found = set()
    for word in _words(raw):
        digits = word.removeprefix("+")
        if digits.isascii() and digits.isdigit() and len(digits) in PHONE_DIGITS:
            digest = identity_hash(keys, IdentityKind.PHONE, f"+{digits}")
            found.add(((IdentityKind.PHONE.value, digest), f"+{digits}"))
        for kind in (IdentityKind.BSUID, IdentityKind.PARENT_BSUID, IdentityKind.GROUP):
            found.add(((kind.value, identity_hash(keys, kind, word)), word))
    return found


def _words(raw: Any) -> Iterable[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        for key, value in raw.items():
            yield from (key, *_words(value))
    elif isinstance(raw, list):
        for value in raw:
            yield from _words(value)
