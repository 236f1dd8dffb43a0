"""Facts as Meta could tell them of a made-up world, and the ways in which their deliveries can come."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from tests import bodies
from tests.bodies import Body

BASE = 1_700_000_000  # seconds since 1970: long ago, so that no instant here is in the future
OUR_KNOWN = UUID("01890000-0000-7000-8000-000000000001")  # a message of ours whose id at Meta we know
OUR_UNKNOWN = UUID("01890000-0000-7000-8000-000000000002")  # one whose answer has not come yet
WAMID = {OUR_KNOWN: "wamid.OUR.KNOWN", OUR_UNKNOWN: "wamid.OUR.UNKNOWN"}
RENAMED_AT = BASE + 500  # from here on people call themselves otherwise


@dataclass(frozen=True)
class Person:
    """A customer whom the wire always names in the same way."""

    phone: str | None
    bsuid: str | None
    name: str

    def sender(self) -> Body:
        return _present({"from": self.phone, "from_user_id": self.bsuid})

    def addressee(self) -> Body:
        return _present({"to": self.phone, "to_user_id": self.bsuid})

    def recipient(self) -> Body:
        return _present({"recipient_id": self.phone, "recipient_user_id": self.bsuid})

    def contact(self, at: int) -> Body:
        profile = {"name": self.name if at < RENAMED_AT else f"{self.name} the Second", "username": f"{self.name}.s"}
        return _present({"profile": profile, "wa_id": self.phone, "user_id": self.bsuid})


PEOPLE = (
    Person("60123456789", "MY.1001", "Mei"),
    Person("60123456780", None, "Raj"),
    Person(None, "MY.1003", "Siti"),
)


@dataclass(frozen=True)
class Fact:
    """One change of a body: its field, and the lists that stand in its value."""

    field: str
    parts: dict[str, list[Any]]
    contacts: tuple[tuple[Person, int], ...] = ()
    extra: Body = dataclasses.field(default_factory=dict)
    about_account: bool = False

    def __repr__(self) -> str:
        return f"<{self.field} {self.parts or self.extra}>"


def _present(body: Body) -> Body:
    return {key: value for key, value in body.items() if value is not None}


people = st.sampled_from(PEOPLE)
# Which person, and which of what was said: few and one above all, so that facts meet.
bubbles = st.sampled_from([(0, 0), (0, 0), (0, 0), (0, 2), (1, 3), (2, 2)])
# Few instants, so that facts often fall together; bubbles have instants of their own, since the order of those of one
# second is the order in which they came.
instants = st.integers(0, 9).map(lambda step: BASE + 100 * step + 50)
numbers = st.sampled_from([0, 1])


def bubble_at(number: int, *, lane: int) -> int:
    return BASE + 200 * number + lane


@st.composite
def said(draw: st.DrawFn) -> Fact:
    """A person wrote something."""
    lane, number = draw(bubbles)
    person = PEOPLE[lane]
    at, id = bubble_at(number, lane=lane), f"wamid.IN.{lane}.{number}"
    message: Body = {"id": id, "timestamp": str(at), **person.sender(), "type": "text"}
    if number == 3:
        message |= {"type": "image", "image": {"id": "9", "mime_type": "image/png", "caption": f"picture {number}"}}
    else:
        message["text"] = {"body": f"Hello {number} from {person.name}"}
    if number == 2:
        message["context"] = {"id": WAMID[OUR_KNOWN], "from": "60312345678"}
    return Fact("messages", {"messages": [message]}, ((person, at),))


@st.composite
def said_in_group(draw: st.DrawFn) -> Fact:
    person, number = draw(people), draw(numbers)
    at = bubble_at(number, lane=10 + PEOPLE.index(person))
    id = f"wamid.GROUP.{PEOPLE.index(person)}.{number}"
    message = {"id": id, "timestamp": str(at), **person.sender(), "type": "text", "group_id": "GROUP1"}
    return Fact("messages", {"messages": [{**message, "text": {"body": f"all {number}"}}]}, ((person, at),))


@st.composite
def echoed(draw: st.DrawFn) -> Fact:
    """Somebody of ours wrote in the phone app."""
    lane, number = draw(bubbles)
    person = PEOPLE[lane]
    at, id = bubble_at(number, lane=20 + lane), f"wamid.ECHO.{lane}.{number}"
    message = {"id": id, "from": "60312345678", **person.addressee(), "timestamp": str(at), "type": "text"}
    return Fact("smb_message_echoes", {"message_echoes": [{**message, "text": {"body": f"Answer {number}"}}]})


targets = st.sampled_from(
    ["wamid.IN.0.0", "wamid.IN.0.0", "wamid.ECHO.0.0", "wamid.ECHO.0.0", "wamid.IN.1.3", "wamid.NEVER.COMES"],
)


@st.composite
def status(draw: st.DrawFn) -> Fact:
    """Something became of a message of ours."""
    ours = draw(st.sampled_from([OUR_KNOWN, OUR_UNKNOWN, None]))
    id = WAMID[ours] if ours else draw(targets)
    word, at, person = (
        draw(st.sampled_from(["sent", "delivered", "read", "played", "failed", "failed"])),
        draw(instants),
        PEOPLE[0],
    )
    body: Body = {"id": id, "status": word, "timestamp": str(at), **person.recipient()}
    if ours is OUR_UNKNOWN or (ours and draw(st.booleans())):
        body["biz_opaque_callback_data"] = str(ours)
    if draw(st.booleans()):
        body["pricing"] = {"billable": draw(st.booleans()), "category": draw(st.sampled_from(["service", "utility"]))}
    if word == "failed":
        code = draw(st.sampled_from([131049, 131026, 131047]))
        body["errors"] = [{"code": code, "title": "Not delivered"}]
        return Fact("messages", {"statuses": [body]})
    return Fact("messages", {"statuses": [body]}, ((person, at),))


@st.composite
def afterwards(draw: st.DrawFn) -> Fact:
    """A message was edited or deleted."""
    number, at, target = draw(st.integers(0, 9)), draw(instants), draw(targets)
    kind = draw(st.sampled_from(["edit", "revoke"]))
    lane = int(target.split(".")[2]) if target.count(".") == 3 else 0
    person = PEOPLE[lane]
    part: Body = {"original_message_id": target}
    if kind == "edit":
        part["message"] = {"type": "text", "text": {"body": f"Better {number}"}}
    body: Body = {"id": f"wamid.{kind}.{target}.{number}.{at}", "timestamp": str(at), "type": kind, kind: part}
    if "ECHO" in target:
        return Fact("smb_message_echoes", {"message_echoes": [{"from": "60312345678", **person.addressee(), **body}]})
    return Fact("messages", {"messages": [{**person.sender(), **body}]}, ((person, at),))


@st.composite
def reaction(draw: st.DrawFn) -> Fact:
    person, at, target = draw(people), draw(instants), draw(targets)
    emoji = draw(st.sampled_from(["👍", "❤", None]))
    part = _present({"message_id": target, "emoji": emoji})
    id = f"wamid.R.{PEOPLE.index(person)}.{target}.{at}.{emoji}"
    body: Body = {"id": id, "timestamp": str(at), "type": "reaction", "reaction": part}
    if draw(st.booleans()):
        return Fact("messages", {"messages": [{**person.sender(), **body}]}, ((person, at),))
    return Fact("smb_message_echoes", {"message_echoes": [{"from": "60312345678", **person.addressee(), **body}]})


@st.composite
def preference(draw: st.DrawFn) -> Fact:
    person, at = draw(people), draw(instants)
    value = draw(st.sampled_from(["stop", "resume", "signup"]))
    named = _present({"wa_id": person.phone, "user_id": person.bsuid})
    body = {**named, "detail": "x", "category": "marketing_messages", "value": value, "timestamp": at}
    return Fact("user_preferences", {"user_preferences": [body]}, ((person, at),))


@st.composite
def call(draw: st.DrawFn) -> Fact:
    person, at, number = draw(people), draw(instants), draw(numbers)
    event = draw(st.sampled_from(["connect", "terminate"]))
    body = {"id": f"wacid.{number}", **person.sender(), "to": "60312345678", "event": event, "timestamp": str(at)}
    return Fact("calls", {"calls": [{**body, "direction": "USER_INITIATED"}]}, ((person, at),))


@st.composite
def template(draw: st.DrawFn) -> Fact:
    named: Body = {
        "message_template_id": draw(st.sampled_from([77, 78])),
        "message_template_name": "welcome",
        "message_template_language": draw(st.sampled_from(["en_US", "en-US", "ms"])),
    }
    kind = draw(st.sampled_from(["status", "quality", "category", "announced", "components"]))
    if kind == "status":
        named |= {"event": draw(st.sampled_from(["APPROVED", "PAUSED", "PENDING_DELETION"])), "reason": "NONE"}
        return Fact("message_template_status_update", {}, extra=named | _time(draw(instants)), about_account=True)
    if kind == "quality":
        named |= {"previous_quality_score": "GREEN", "new_quality_score": draw(st.sampled_from(["RED", "YELLOW"]))}
        return Fact("message_template_quality_update", {}, extra=named | _time(draw(instants)), about_account=True)
    if kind == "components":
        named |= {"message_template_element": f"Hi {draw(numbers)}"}
        return Fact("message_template_components_update", {}, extra=named | _time(draw(instants)), about_account=True)
    named |= {"new_category": draw(st.sampled_from(["MARKETING", "UTILITY"]))}
    named |= {"correct_category": "MARKETING"} if kind == "announced" else {"previous_category": "UTILITY"}
    return Fact("template_category_update", {}, extra=named | _time(draw(instants)), about_account=True)


@st.composite
def notice(draw: st.DrawFn) -> Fact:
    if draw(st.booleans()):
        event = draw(st.sampled_from(["ACCOUNT_VIOLATION", "ACCOUNT_RESTRICTION", "VERIFIED_ACCOUNT"]))
        return Fact("account_update", {}, extra={"event": event} | _time(draw(instants)), about_account=True)
    value = {"display_phone_number": "60312345678", "event": draw(st.sampled_from(["FLAGGED", "UNFLAGGED"]))}
    return Fact("phone_number_quality_update", {}, extra=value | _time(draw(instants)), about_account=True)


def _time(at: int) -> Body:
    return {"_entry_time": at}


@st.composite
def unreadable(draw: st.DrawFn) -> Fact:
    return Fact("a_field_of_the_future", {}, extra={"anything": draw(numbers)}, about_account=True)


@st.composite
def history(draw: st.DrawFn) -> Fact:
    """Old messages, some of which also come live, some without their file at first."""
    lane, first = draw(bubbles)
    person, chosen = PEOPLE[lane], sorted({first, draw(st.sampled_from([0, 2, 3]))})
    messages: list[Body] = []
    for number in chosen:
        if draw(st.booleans()):
            at, word = bubble_at(number, lane=20 + lane), draw(st.sampled_from(["SENT", "READ"]))
            echo = {"from": "60312345678", **person.addressee(), "id": f"wamid.ECHO.{lane}.{number}", "type": "text"}
            echo |= {"timestamp": str(at), "text": {"body": f"Answer {number}"}, "history_context": {"status": word}}
            messages.append(echo)
        else:
            at = bubble_at(number, lane=lane)
            old: Body = {**person.sender(), "id": f"wamid.IN.{lane}.{number}", "timestamp": str(at)}
            old |= {"history_context": {"status": "READ"}}
            if number == 3:
                old |= {"type": "media_placeholder"}
            else:
                old |= {"type": "text", "text": {"body": f"Hello {number} from {person.name}"}}
                old |= {"context": {"id": WAMID[OUR_KNOWN], "from": "60312345678"}} if number == 2 else {}
            messages.append(old)
    thread = {"id": person.phone, "context": _present({"wa_id": person.phone, "user_id": person.bsuid})}
    chunk = {"metadata": {"phase": 0, "chunk_order": 1, "progress": 50}, "threads": [{**thread, "messages": messages}]}
    return Fact("history", {"history": [chunk]})


# A world in which a few kinds of things happen often shows more than one in which everything happens once.
WORLDS = {
    "receipts": (status, status, status, echoed),
    "words": (afterwards, afterwards, afterwards, said, echoed, history),
    "people": (said, said_in_group, status, reaction, preference, call),
    "accounts": (template, notice, unreadable),
    "everything": (said, echoed, status, afterwards, reaction, preference, call, template, notice, history),
}


def facts_of(world: str) -> st.SearchStrategy[list[Fact]]:
    """Return what can happen in a world."""
    return st.lists(st.one_of([kind() for kind in WORLDS[world]]), min_size=4, max_size=14)


def deliveries(facts: Sequence[Fact], *, number: str, account: str, together: Callable[[], bool]) -> Body:
    """Return one body that holds these facts; neighbours of one field share a value where `together` says so."""
    changes: list[tuple[int | None, Body]] = []
    last: Fact | None = None
    for fact in facts:
        time = fact.extra.get("_entry_time")
        if last is not None and _can_share(last, fact, changes[-1][1]["value"]) and together():
            value = changes[-1][1]["value"]
            for part, some in fact.parts.items():
                value.setdefault(part, []).extend(some)
            _add_contacts(value, fact)
        else:
            changes.append((time, {"field": fact.field, "value": _value(fact, number)}))
        last = fact
    entries = [{"id": account, **({"time": time} if time else {}), "changes": [change]} for time, change in changes]
    return {"object": "whatsapp_business_account", "entry": entries}


def _value(fact: Fact, number: str) -> Body:
    if fact.about_account:
        return {key: value for key, value in fact.extra.items() if key != "_entry_time"}
    value = bodies.value(number, **{part: list(some) for part, some in fact.parts.items()})
    _add_contacts(value, fact)
    return value


def _can_share(last: Fact, fact: Fact, value: Body) -> bool:
    """A value names each person once, for all that it holds: what tells a name and what tells none, or another, cannot
    share one without saying more than it did alone."""
    if last.field != fact.field or fact.about_account or fact.field == "history":
        return False
    if bool(last.contacts) != bool(fact.contacts):
        return False
    listed = value.get("contacts", [])
    return all(
        person.contact(at) in listed or not any(_same(person, contact) for contact in listed)
        for person, at in fact.contacts
    )


def _same(person: Person, contact: Body) -> bool:
    return (contact.get("wa_id"), contact.get("user_id")) == (person.phone, person.bsuid)


def _add_contacts(value: Body, fact: Fact) -> None:
    for person, at in fact.contacts:
        if person.contact(at) not in value.setdefault("contacts", []):
            value["contacts"].append(person.contact(at))
