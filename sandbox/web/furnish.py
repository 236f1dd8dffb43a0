"""Puts people and conversations on a phone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sandbox.phones import wa_id_of
from sandbox.web.bubbles import Wish, bubble_of
from sandbox.web.chats import COMES, Bubble, Chat, Somebody
from sandbox.web.long_histories import made_up, more_of
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

BETWEEN_LINES_MS = 170_000
READ = 3


def furnish(edge: "Edge", phone: WebPhone, chats: Iterable[Wish]) -> None:
    """Put conversations on a phone, and as many made-up messages as its behaviour wants.

    A conversation is a `name` (as saved), `called`, a `number` unless it is hidden, a `lid` ("known", "late": it comes in the
    midst of the history, "none", or its digits), `lines`, `minutes_ago`, `unread`, `timer_s`, `archived`, `answers`, `later`,
    `more` (older messages that are made up), `comes` (how many come after linking). A group has `group` (its name) and
    `members` instead of a person. A line is a wish (see `bubbles.py`), `mine` or `by` somebody, with `quotes` (how many lines
    back), `reactions` ([[emoji, who, or empty for ours]]), `edited`, `deleted`. Raises: No.
    """
    for wish in chats:
        phone.chats.append(_chat(edge, phone, wish))
    made_up(edge, phone, messages=phone.behaviour.history, chats=phone.behaviour.history_chats)


def somebody(edge: "Edge", phone: WebPhone, wish: Wish) -> Somebody:
    """Return a person, who may be on the phone already. Raises: No."""
    digits = ""
    if number := wish.get("number"):
        digits = wa_id_of(str(number)) or ""
        if not digits:
            raise No(
                "not_a_number", f"{number!r} is not a phone number in international form, such as +44 7700 900123."
            )
    for known in phone.people:
        if known.digits == digits if digits else wish.get("name") and known.name == wish["name"]:
            return known
    lid = str(wish.get("lid", "known"))
    made = Somebody(str(wish.get("name", "")), str(wish.get("called", "")), digits, lid_late=lid == "late")
    if not digits or lid != "none":
        made.lid = lid if lid.isdigit() else edge.new_lid()
    phone.people.append(made)
    return made


def _chat(edge: "Edge", phone: WebPhone, wish: Wish) -> Chat:
    chat = Chat(
        timer_s=int(wish.get("timer_s", 0)),
        archived=bool(wish.get("archived")),
        comes=int(wish.get("comes", COMES)),
        answers=[str(one) for one in wish.get("answers", [])],
        later=[str(one) for one in wish.get("later", [])],
    )
    if subject := wish.get("group"):
        chat.group, chat.subject = f"1203{edge.mint.chance.randrange(10**13, 10**14)}@g.us", str(subject)
        chat.members = [somebody(edge, phone, one) for one in wish.get("members", [])]
    else:
        chat.who = somebody(edge, phone, wish)
    _say_lines(edge, phone, chat, wish)
    if more := int(wish.get("more", 0)):
        chat.bubbles[:0] = more_of(edge, chat, more, before=chat.at or edge.now_ms())
    chat.unread = int(wish.get("unread", 0))
    return chat


def _say_lines(edge: "Edge", phone: WebPhone, chat: Chat, wish: Wish) -> None:
    lines: list[Wish] = wish.get("lines", [])
    last_at = edge.now_ms() - int(wish.get("minutes_ago", 10)) * 60_000
    for index, line in enumerate(lines):
        at = line.get("at") or last_at - (len(lines) - 1 - index) * BETWEEN_LINES_MS
        quotes = chat.bubbles[-int(line["quotes"])].id if line.get("quotes") else ""
        by = None if line.get("mine") else who_says(chat, line.get("by"))
        made = bubble_of(edge, phone, chat, {**line, "at": at, "quotes": quotes}, by=by)
        _age(chat, made, line)
        chat.bubbles.append(made)


def _age(chat: Chat, made: Bubble, line: Wish) -> None:
    """Let happen to a message what has happened to it since."""
    made.edited = bool(line.get("edited"))
    made.ack = READ if made.by is None else 0
    for emoji, who in line.get("reactions", []):
        made.react(who_says(chat, who) if who else None, str(emoji))
    if line.get("deleted"):
        made.revoke()


def who_says(chat: Chat, wanted: Any = None) -> Somebody:
    """Return who of a conversation is meant; without any, whoever it is with, or the first of a group. Raises: No."""
    for one in chat.people:
        if not wanted or one.is_meant(str(wanted)):
            return one
    raise No("no_such_person", f"There is no {wanted or 'one'} in {chat.shown}.", status=404)
