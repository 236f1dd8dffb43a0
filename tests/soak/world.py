"""A made-up world of customers, and letters of what happens in it: bodies as Meta writes them, and what each must add to
the books. Pure, and the same for the same seed."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests import bodies
from tests.bodies import Body

OURS = "60312345678"
NOBODY = "Zwetschgenröster"  # a word that stands in every text, so that a line of a log that holds any shows it
SENT, FAILED, DELIVERED, READ = 40, 50, 60, 70  # as the database has them
COURSES = (  # what becomes of messages of ours, in the order in which it happens
    ((), SENT),
    (("sent",), SENT),
    (("sent", "delivered"), DELIVERED),
    (("sent", "delivered", "read"), READ),
    (("read",), READ),
    (("sent", "failed"), FAILED),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One body. `events` are what it adds to the books of its number, `gaps` how many of these cannot be read.

    `forged` is signed with another secret, so that the door must refuse it.
    """

    body: bytes
    events: int = 0
    gaps: int = 0
    forged: bool = False


@dataclass(slots=True)
class Expected:
    """What the number must know in the end, whichever way the letters come."""

    said: set[str] = field(default_factory=set)
    echoed: dict[str, int] = field(default_factory=dict)  # by id, the status in the end
    edited: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    reactions: set[tuple[str, str]] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)  # facts of messages that never come


@dataclass(frozen=True, slots=True)
class Person:
    """A customer whom the wire always names in the same way."""

    number: int

    @property
    def phone(self) -> str | None:
        return None if self.number % 10 == 0 else f"6011{self.number:07d}"

    @property
    def bsuid(self) -> str | None:
        return None if self.number % 10 == 1 else f"MY.{self.number:020d}"

    @property
    def name(self) -> str:
        return f"{NOBODY} {self.number}"

    def sender(self) -> Body:
        return _present({"from": self.phone, "from_user_id": self.bsuid})

    def addressee(self) -> Body:
        return {"from": OURS, **_present({"to": self.phone, "to_user_id": self.bsuid})}

    def recipient(self) -> Body:
        return _present({"recipient_id": self.phone, "recipient_user_id": self.bsuid})

    def contact(self) -> Body:
        return bodies.contact(name=self.name, phone=self.phone, bsuid=self.bsuid)


Fact = tuple[str, Body, int, int]  # field, value, events, gaps


class World:
    """Makes letters for one number. `begins_at` is when its story begins, in seconds since 1970."""

    def __init__(self, *, number: str, account: str, seed: int, begins_at: int, people: int = 2_000) -> None:
        self.expected = Expected()
        self._number, self._account = number, account
        self._chance = random.Random(seed)
        self._seed = seed
        self._at = begins_at
        self._count = 0
        self._people = [Person(number) for number in range(people)]
        self._old: list[tuple[str, Person]] = []  # what people said and nothing was done with yet
        self._kinds = list(_KINDS)
        self._weights = [weight for weight, _ in _KINDS.values()]

    def letters(self) -> Iterator[Letter]:
        """Return letters in the order in which things happen, without end."""
        while True:
            drawn = self._chance.random()
            if drawn < 0.01:
                yield self._torn()
            elif drawn < 0.02:
                yield Letter(self._body([self._said(kept=False)]), forged=True)
            elif drawn < 0.025:
                yield self._for_others()
            else:
                yield self._whole()

    def _whole(self) -> Letter:
        facts: list[Fact] = []
        for _ in range(self._chance.choice((1, 1, 1, 2, 4))):
            kind = self._chance.choices(self._kinds, self._weights)[0]
            facts += _KINDS[kind][1](self)
        return Letter(self._body(facts), sum(fact[2] for fact in facts), sum(fact[3] for fact in facts))

    def _body(self, facts: list[Fact]) -> bytes:
        """Return one body; neighbours that are both about messages share a value now and then."""
        changes: list[Body] = []
        for name, value, _, _ in facts:
            last = changes[-1] if changes else None
            if last and name == "messages" == last["field"] and self._chance.random() < 0.5:
                for part, some in value.items():
                    if isinstance(some, list):
                        held = last["value"].setdefault(part, [])
                        held += [one for one in some if part != "contacts" or one not in held]
            else:
                changes.append({"field": name, "value": value})
        entry = {"id": self._account, "time": self._at, "changes": changes}
        return bodies.encode({"object": "whatsapp_business_account", "entry": [entry]})

    def _torn(self) -> Letter:
        """Return half of a body, signed all the same."""
        whole = self._body([self._said(kept=False)])
        return Letter(whole[: len(whole) // 2], 1, 1)

    def _for_others(self) -> Letter:
        """Return a body of a number that nobody here knows."""
        body = self._body([self._said(kept=False)])
        return Letter(body.replace(self._number.encode(), b"999000999000999"))

    # What can happen

    def _next(self) -> tuple[str, Body, Person]:
        self._count += 1
        self._at += self._chance.randrange(2)
        id = f"wamid.{self._seed}.{self._count}"
        return id, {"id": id, "timestamp": str(self._at)}, self._chance.choice(self._people)

    def _about(self, person: Person | None, **parts: object) -> Body:
        contacts = {"contacts": [person.contact()]} if person else {}
        return bodies.value(self._number, **contacts, **parts)

    def _said(self, *, kept: bool = True, **content: object) -> Fact:
        id, message, person = self._next()
        content = content or {"type": "text", "text": {"body": f"{NOBODY} {id}"}}
        if kept:
            self.expected.said.add(id)
            self.expected.people.add(person.name)
            self._old.append((id, person))
        return "messages", self._about(person, messages=[{**message, **person.sender(), **content}]), 1, 0

    def said(self) -> list[Fact]:
        return [self._said()]

    def tapped(self) -> list[Fact]:
        reply = {"type": "button_reply", "button_reply": {"id": "yes", "title": NOBODY}}
        return [self._said(type="interactive", interactive=reply)]

    def showed(self) -> list[Fact]:
        place = {"latitude": 3.14, "longitude": "101.69", "name": NOBODY}
        return [self._said(type="location", location=place)]

    def sent_something_new(self) -> list[Fact]:
        return [self._said(type="unsupported", errors=[{"code": 131051}], unsupported={"type": "poll_creation"})]

    def in_group(self) -> list[Fact]:
        text = {"body": f"{NOBODY} to all"}
        fact = self._said(type="text", text=text, group_id=f"GROUP{self._chance.randrange(9)}")
        self._old.pop()
        group = fact[1]["messages"][0]["group_id"]
        self.expected.people.add(group)
        return [fact]

    def echoed(self) -> list[Fact]:
        id, message, person = self._next()
        course, end = self._chance.choice(COURSES)
        self.expected.echoed[id] = end
        self.expected.people.add(person.name)
        echo = {**message, **person.addressee(), "type": "text", "text": {"body": f"{NOBODY} ours"}}
        facts: list[Fact] = [("smb_message_echoes", self._about(None, message_echoes=[echo]), 1, 0)]
        for word in course:
            self._at += 1
            errors = {"errors": [{"code": 131026, "title": "Undeliverable"}]} if word == "failed" else {}
            price = {"pricing": {"billable": True, "category": "service", "type": "regular"}} if word == "sent" else {}
            status = {"id": id, "status": word, "timestamp": str(self._at), **person.recipient(), **errors, **price}
            facts.append(("messages", self._about(None, statuses=[status]), 1, 0))
        return facts

    def status_of_nothing(self) -> list[Fact]:
        id, message, person = self._next()
        self.expected.waiting.add(id)
        return [("messages", self._about(None, statuses=[{**message, "status": "read", **person.recipient()}]), 1, 0)]

    def status_of_next_year(self) -> list[Fact]:
        _, message, person = self._next()
        status = {**message, "status": "teleported", **person.recipient()}
        return [("messages", self._about(None, statuses=[status]), 1, 1)]

    def reacted(self) -> list[Fact]:
        _, message, person = self._next()
        target = self._chance.choice(self._old)[0] if self._old else "wamid.nothing"
        self.expected.reactions.add((target, person.name))
        self.expected.people.add(person.name)
        reaction = {"message_id": target, "emoji": self._chance.choice("👍❤😮")}
        body = {**message, **person.sender(), "type": "reaction", "reaction": reaction}
        return [("messages", self._about(person, messages=[body]), 1, 0)]

    def _afterwards(self, kind: str, done: set[str]) -> list[Fact]:
        if not self._old:
            return self.said()
        target, person = self._old.pop(self._chance.randrange(len(self._old)))
        done.add(target)
        _, message, _ = self._next()
        part: Body = {"original_message_id": target}
        part |= {"message": {"type": "text", "text": {"body": f"{NOBODY} better"}}} if kind == "edit" else {}
        return [
            ("messages", self._about(person, messages=[{**message, **person.sender(), "type": kind, kind: part}]), 1, 0)
        ]

    def edited(self) -> list[Fact]:
        return self._afterwards("edit", self.expected.edited)

    def revoked(self) -> list[Fact]:
        return self._afterwards("revoke", self.expected.revoked)

    def called(self) -> list[Fact]:
        id, message, person = self._next()
        self.expected.people.add(person.name)
        call = {**message, "id": f"wacid.{id}", **person.sender(), "to": OURS, "event": "connect"}
        return [("calls", self._about(person, calls=[{**call, "direction": "USER_INITIATED"}]), 1, 0)]

    def chose(self) -> list[Fact]:
        _, _, person = self._next()
        self.expected.people.add(person.name)
        named = _present({"wa_id": person.phone, "user_id": person.bsuid})
        value = self._chance.choice(("stop", "resume"))
        choice = {**named, "category": "marketing_messages", "value": value, "timestamp": self._at, "detail": NOBODY}
        return [("user_preferences", self._about(person, user_preferences=[choice]), 1, 0)]

    def remembered(self) -> list[Fact]:
        """An old thread of the phone's app comes in."""
        person = self._chance.choice([one for one in self._people[:50] if one.phone])
        old = []
        for _ in range(3):
            id, message, _ = self._next()
            self.expected.said.add(id)
            text = {"type": "text", "text": {"body": f"{NOBODY} old"}, "history_context": {"status": "READ"}}
            old.append({**message, **person.sender(), **text})
        self.expected.people.add(person.name)
        thread = {"id": person.phone, "context": _present({"wa_id": person.phone, "user_id": person.bsuid})}
        chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 50}, "threads": [{**thread, "messages": old}]}
        return [("history", self._about(None, history=[chunk]), 1, 0)]

    def warned(self) -> list[Fact]:
        return [("account_update", {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SPAM"}}, 1, 0)]

    def unheard_of(self) -> list[Fact]:
        self._count += 1
        return [("field_of_next_year", {"anything": f"{NOBODY} {self._count}"}, 1, 1)]

    def by_nobody(self) -> list[Fact]:
        _, message, _ = self._next()
        said = {**message, "type": "text", "text": {"body": f"{NOBODY} by nobody"}}
        return [("messages", self._about(None, messages=[said]), 1, 1)]


_KINDS: dict[str, tuple[float, Callable[[World], list[Fact]]]] = {
    "said": (50, World.said),
    "tapped": (3, World.tapped),
    "showed": (2, World.showed),
    "sent something new": (0.5, World.sent_something_new),
    "in a group": (0.5, World.in_group),
    "echoed": (25, World.echoed),
    "reacted": (5, World.reacted),
    "edited": (3, World.edited),
    "revoked": (1.5, World.revoked),
    "called": (1, World.called),
    "chose": (1, World.chose),
    "remembered": (0.3, World.remembered),
    "warned": (0.2, World.warned),
    "status of nothing": (0.5, World.status_of_nothing),
    "status of next year": (0.3, World.status_of_next_year),
    "unheard of": (0.3, World.unheard_of),
    "by nobody": (0.3, World.by_nobody),
}


def _present(body: Body) -> Body:
    return {key: value for key, value in body.items() if value is not None}
