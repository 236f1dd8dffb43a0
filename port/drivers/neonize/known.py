"""What the engine keeps beside the session, which forgets on its own: who is who, conversations by name, who said which
message. No words.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import msgspec

from port.contract import Alias, Chat, Chats, Event, People, Person
from port.drivers.neonize.ids import Ids, is_group

TRACES_MAX = 20_000
CHATS_MAX = 5_000
PEOPLE_MAX = 20_000
# A receipt that comes late takes nothing back.
_RANKS = ("", "failed", "sent", "delivered", "read")


@dataclass
class Trace:
    """Who said a message, and how far it got if we did. `sender` is empty where it is ours."""

    chat: str
    sender: str
    status: str = ""


class Known:
    """What is known of the phone. Told from one thread at a time, as the library tells."""

    def __init__(self) -> None:
        self.ids = Ids()
        self.chats: OrderedDict[str, Chat] = OrderedDict()
        self._people: OrderedDict[str, Person] = OrderedDict()
        self._traces: OrderedDict[str, Trace] = OrderedDict()

    def same(self, one: Any, other: Any) -> list[Event]:
        """Take that two ids are one person's."""
        old = self.ids.learn(one, other)
        if old is None:
            return []
        id = self.ids.id_of(old)
        told: list[Event] = [Alias(old=old, id=id)]
        person = self._people.pop(old, Person(id=old))
        if (chat := self.chats.pop(old, None)) is not None and id not in self.chats:
            self.chats[id] = msgspec.structs.replace(chat, id=id)
        return told + self.person(id, name=person.name, called=person.called)

    def person(self, id: str, *, name: str = "", called: str = "") -> list[Event]:
        """Take what somebody is called, and tell it where it is news."""
        if not id or is_group(id):
            return []
        known = self._people.get(id)
        now = Person(
            id=id,
            name=name or (known.name if known else ""),
            called=called or (known.called if known else ""),
            phone=self.ids.phone_of(id),
        )
        if now == known or not (now.name or now.called or now.phone):
            return []
        self._people[id] = now
        self._people.move_to_end(id)
        if len(self._people) > PEOPLE_MAX:
            self._people.popitem(last=False)
        return [People(people=[now])]

    def chat(self, id: str, **news: Any) -> list[Event]:
        """Take what a conversation is like, and tell it where it is news."""
        known = self.chats.get(id)
        now = msgspec.structs.replace(known or Chat(id=id, group=is_group(id)), **news)
        if now == known:
            return []
        self.keep(now)
        return [Chats(chats=[copy_of(now)])]

    def keep(self, chat: Chat) -> None:
        """Note a conversation, which is told by whoever notes it."""
        self.chats[chat.id] = chat
        self.chats.move_to_end(chat.id)
        if len(self.chats) > CHATS_MAX:
            self.chats.popitem(last=False)

    def timer_s(self, chat: str) -> int:
        """Return after how long messages of a conversation disappear, 0 where they stay."""
        known = self.chats.get(chat)
        return known.timer_s if known else 0

    def count(self, chat: str, *, at: int, unread: bool) -> None:
        """Note that something was said, so that the conversation is told right the next time."""
        if (known := self.chats.get(chat)) is not None:
            known.at = max(known.at, at)
            known.unread += unread

    def seen(self, chat: str) -> None:
        """Note that a conversation was read."""
        if (known := self.chats.get(chat)) is not None:
            known.unread = 0

    def said(self, id: str, chat: str, sender: str, *, status: str = "") -> None:
        """Note who said a message."""
        self._traces[id] = Trace(chat, sender, status)
        if len(self._traces) > TRACES_MAX:
            self._traces.popitem(last=False)

    def trace(self, id: str) -> Trace | None:
        """Return who said a message, while that is known."""
        return self._traces.get(id)

    def goes_further(self, id: str, status: str) -> bool:
        """Note how far a message of ours got. False where it was there already, or is not ours."""
        trace = self._traces.get(id)
        if trace is None or trace.sender or _RANKS.index(status) <= _RANKS.index(trace.status):
            return False
        trace.status = status
        return True


def together(told: list[Event]) -> list[Event]:
    """Return the same with all people told at once, after who turned out to be whom: a screen takes so many events only."""
    people = {person.id: person for one in told if isinstance(one, People) for person in one.people}
    others = [one for one in told if not isinstance(one, People)]
    aliases = [one for one in others if isinstance(one, Alias)]
    rest = [one for one in others if not isinstance(one, Alias)]
    return [*aliases, *([People(people=list(people.values()))] if people else []), *rest]


def copy_of(chat: Chat) -> Chat:
    """Return a copy for the session, which changes what it is given."""
    return msgspec.structs.replace(chat, members=list(chat.members))
