"""One event on its way in, and what became of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from troth.channels.contract import Event

WAITS = "waits-for-its-message"  # applied later, or given up: it is counted only then
FORGOTTEN = "person-was-forgotten"  # the rule by which what is about somebody who was forgotten is dropped
AHEAD_MAX = timedelta(minutes=1)  # how far the provider's clock may be ahead of ours


@dataclass(slots=True)
class Outcome:
    """What became of an event: applied, ignored by a named rule, or put into the gap ledger for a named reason."""

    result: Literal["applied", "ignored", "gap"]
    rule: str = ""


@dataclass(slots=True)
class Arrival:
    """An event that was routed to a channel. `received_at` stands in where the provider gave no instant (UTC)."""

    channel_id: UUID
    event: Event
    received_at: datetime
    outcome: Outcome | None = None

    @property
    def at(self) -> datetime:
        """The instant of the event."""
        return self.instant_of(self.event)

    def instant_of(self, event: Event) -> datetime:
        """Return the instant of this event, or of one inside it. What says it is still to come came when it came,
        or one wrong clock would keep a window open for years."""
        if event.at is None or event.at > self.received_at + AHEAD_MAX:
            return self.received_at
        return event.at

    @property
    def told_at(self) -> str:
        """The instant as the provider told it, empty where it told none: the same however often the event comes."""
        return self.event.at.isoformat() if self.event.at else ""

    def applied(self, rule: str = "") -> None:
        self.outcome = Outcome("applied", rule)

    def ignored(self, rule: str) -> None:
        self.outcome = Outcome("ignored", rule)

    def gap(self, reason: str) -> None:
        self.outcome = Outcome("gap", reason)


@dataclass(frozen=True, slots=True)
class Named:
    """The contacts of one event: the thread's (`contact`), and in a group the person who spoke (`sender`)."""

    contact: UUID | None
    sender: UUID | None = None


Contacts = dict[int, Named]  # by id() of the event, since a history holds events inside one
