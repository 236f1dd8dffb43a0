"""What a session remembers of conversations, bounded, in this process and nowhere else.

Until somebody has chosen which conversations may be shown, words are held unseen, and for so long only; what was not chosen
is dropped then. A message that disappears on the phone goes here at the same second.
"""

from collections import OrderedDict
from collections.abc import Iterable

import msgspec

from port.contract import Alias, Changed, Chat, Chats, Event, Gone, Message, People, Person, Reaction, Said, Seen

CHATS_MAX = 2_000
MESSAGES_MAX = 1_000  # of one conversation
BYTES_MAX = 48 * 1024 * 1024  # of all words together
TEXT_MAX = 65_536
MESSAGE_BYTES = 400  # what one costs beside its words, about
UNCHOSEN_S = 600
PAGE = 50


class Memory:
    """Conversations, their latest messages, and people."""

    def __init__(self, *, started_at: int) -> None:
        self.chats: OrderedDict[str, Chat] = OrderedDict()
        self.people: dict[str, Person] = {}
        self.dropped: set[str] = set()  # conversations of which older messages were dropped
        self.bytes = 0
        self._said: dict[str, OrderedDict[str, Message]] = {}
        self._alias: dict[str, str] = {}
        self._allowed: set[str] | None = None  # None: nobody has chosen yet
        self._all = False
        self._unchosen_until = started_at + UNCHOSEN_S * 1000

    # Which conversations may be shown.

    @property
    def has_chosen(self) -> bool:
        """Whether somebody has chosen."""
        return self._all or self._allowed is not None

    @property
    def shows_all(self) -> bool:
        return self._all

    def choose(self, chats: Iterable[str], *, all_of_them: bool = False) -> None:
        """Show these from now on, and forget what the others said."""
        self._all = all_of_them
        self._allowed = {self.canonical(one) for one in chats}
        self._forget_what_is_not_shown()

    def is_shown(self, chat: str) -> bool:
        """Return whether somebody has chosen this conversation."""
        return self._all or (self._allowed is not None and self.canonical(chat) in self._allowed)

    def _forget_what_is_not_shown(self) -> None:
        for chat in [one for one in self._said if not self.is_shown(one)]:
            self._forget(chat)

    # What comes in.

    def take(self, event: Event, *, at: int) -> Event | None:
        """Remember what an engine tells, and return what of it may be shown; None where nothing may."""
        match event:
            case Chats():
                return self._take_chats(event)
            case People(people=people):
                self.people |= {self.canonical(one.id): one for one in people}
                return event
            case Alias(old=old, id=id):
                self._rename(old, id)
                return event
            case Said():
                return self._take_said(event, at=at)
            case Changed():
                return self._change(event)
            case Seen(chat=chat):
                if known := self.chats.get(self.canonical(chat)):
                    known.unread = 0
                return event if self.is_shown(chat) else None
            case Gone(chat=chat):
                self._forget(self.canonical(chat))
                self.chats.pop(self.canonical(chat), None)
                return event
            case _:
                return event

    def canonical(self, id: str) -> str:
        """Return the id under which a person or conversation is known now."""
        while id in self._alias:
            id = self._alias[id]
        return id

    def _take_chats(self, event: Chats) -> Chats:
        for chat in event.chats:
            chat.id = self.canonical(chat.id)
            self.chats[chat.id] = chat
        while len(self.chats) > CHATS_MAX:
            oldest = min(self.chats, key=lambda id: self.chats[id].at)
            self._forget(oldest)
            del self.chats[oldest]
        return event

    def _take_said(self, event: Said, *, at: int) -> Said | None:
        if not self.has_chosen and at > self._unchosen_until:
            self._forget_what_is_not_shown()
        kept = [one for one in event.messages if self._keep(one, at=at, live=not event.history)]
        shown = [one for one in kept if self.is_shown(one.chat)]
        return Said(messages=shown, history=event.history) if shown else None

    def _keep(self, message: Message, *, at: int, live: bool) -> bool:
        message.chat = self.canonical(message.chat)
        message.sender = self.canonical(message.sender)
        chat = self.chats.setdefault(message.chat, Chat(id=message.chat))
        chat.at = max(chat.at, message.at)
        if live and message.sender:
            chat.unread += 1
        may_hold = self.is_shown(message.chat) or (not self.has_chosen and at <= self._unchosen_until)
        if not may_hold or (message.expires_at and message.expires_at <= at):
            return False
        message.text = message.text[:TEXT_MAX]
        ring = self._said.setdefault(message.chat, OrderedDict())
        if message.id in ring:
            return False
        ring[message.id] = message
        self.bytes += _cost(message)
        if not live:
            self._said[message.chat] = OrderedDict(sorted(ring.items(), key=lambda one: one[1].at))
        while len(self._said[message.chat]) > MESSAGES_MAX:
            self._drop_oldest(message.chat)
        while self.bytes > BYTES_MAX:
            self._drop_oldest(min(self._said, key=lambda id: self.chats[id].at))
        return message.id in self._said.get(message.chat, {})

    def _change(self, event: Changed) -> Changed | None:
        chat = self.canonical(event.chat)
        message = self._ring(chat).get(event.id)
        if message is None:
            return None
        self.bytes -= _cost(message)
        if event.deleted:
            message.kind, message.text, message.file, message.place = "deleted", "", None, None
            message.cards, message.reactions = [], []
        if event.text is not None:
            message.text, message.edited = event.text[:TEXT_MAX], True
        if event.status is not None:
            message.status = event.status
        if event.reaction is not None:
            others = [one for one in message.reactions if one.by != event.reaction.by]
            message.reactions = [*others, event.reaction] if event.reaction.emoji else others
        self.bytes += _cost(message)
        return event if self.is_shown(chat) else None

    def _rename(self, old: str, id: str) -> None:
        old, id = self.canonical(old), self.canonical(id)
        if old == id:
            return
        self._alias[old] = id
        if person := self.people.pop(old, None):
            known = self.people.get(id, Person(id=id))
            self.people[id] = msgspec.structs.replace(
                known,
                name=known.name or person.name,
                called=known.called or person.called,
                phone=known.phone or person.phone,
            )
        if chat := self.chats.pop(old, None):
            known_chat = self.chats.setdefault(id, Chat(id=id))
            known_chat.name = known_chat.name or chat.name
            known_chat.unread += chat.unread
            known_chat.at = max(known_chat.at, chat.at)
            known_chat.timer_s = known_chat.timer_s or chat.timer_s
        if said := self._said.pop(old, None):
            both = {**said, **self._said.get(id, {})}
            for message in both.values():
                message.chat = id
                message.sender = self.canonical(message.sender)
            self._said[id] = OrderedDict(sorted(both.items(), key=lambda one: one[1].at))
            while len(self._said[id]) > MESSAGES_MAX:
                self._drop_oldest(id)
        for one in self.chats.values():
            one.members = [self.canonical(member) for member in one.members]
        for ring in self._said.values():
            for message in ring.values():
                message.reactions = [Reaction(emoji=one.emoji, by=self.canonical(one.by)) for one in message.reactions]
        if self._allowed is not None and old in self._allowed:
            self._allowed.add(id)

    # What goes out.

    def listed(self) -> list[Chat]:
        """Return the conversations that may be shown, the latest first."""
        return sorted((one for one in self.chats.values() if self.is_shown(one.id)), key=lambda one: -one.at)

    def offered(self) -> list[Chat]:
        """Return all conversations by name, to choose from: nothing of what was said in them."""
        return sorted(self.chats.values(), key=lambda one: -one.at)

    def latest(self, chat: str) -> Message | None:
        """Return what was said last in a conversation."""
        ring = self._said.get(self.canonical(chat))
        return next(reversed(ring.values()), None) if ring and self.is_shown(chat) else None

    def page(self, chat: str, *, before: str = "") -> tuple[list[Message], bool]:
        """Return messages before that one, the oldest first, and whether there are older ones here."""
        if not self.is_shown(chat):
            return [], False
        said = list(self._said.get(self.canonical(chat), {}).values())
        end = next((at for at, one in enumerate(said) if one.id == before), len(said)) if before else len(said)
        return said[max(0, end - PAGE) : end], end > PAGE

    def holds(self, ref: str) -> bool:
        """Return whether a message that may be shown still carries this file."""
        shown = (ring for chat, ring in self._said.items() if self.is_shown(chat))
        return any(one.file is not None and one.file.ref == ref for ring in shown for one in ring.values())

    def message(self, chat: str, id: str) -> Message | None:
        """Return one message that may be shown."""
        return self._ring(self.canonical(chat)).get(id) if self.is_shown(chat) else None

    def expire(self, *, at: int) -> list[tuple[str, str]]:
        """Forget what has disappeared by now, and return its conversations and ids."""
        due = [
            (chat, one.id)
            for chat, ring in self._said.items()
            for one in ring.values()
            if one.expires_at and one.expires_at <= at
        ]
        for chat, id in due:
            self._drop(chat, id)
        if not self.has_chosen and at > self._unchosen_until:
            self._forget_what_is_not_shown()
        return due

    def next_expiry(self) -> int:
        """Return when the next message disappears, 0 where none does."""
        return min(
            (one.expires_at for ring in self._said.values() for one in ring.values() if one.expires_at), default=0
        )

    @property
    def count(self) -> int:
        """How many messages are held."""
        return sum(len(ring) for ring in self._said.values())

    def _ring(self, chat: str) -> "OrderedDict[str, Message]":
        return self._said.get(chat) or OrderedDict()

    def _drop(self, chat: str, id: str) -> None:
        ring = self._said[chat]
        self.bytes -= _cost(ring.pop(id))
        if not ring:
            del self._said[chat]

    def _drop_oldest(self, chat: str) -> None:
        self.dropped.add(chat)
        self._drop(chat, next(iter(self._said[chat])))

    def _forget(self, chat: str) -> None:
        for message in self._said.pop(chat, {}).values():
            self.bytes -= _cost(message)


def _cost(message: Message) -> int:
    cards = sum(len(name) + len(phone) for name, phone in message.cards)
    return MESSAGE_BYTES + 4 * len(message.text) + cards
