"""What people do by themselves: receive, read, write back after a moment, or write first."""

from typing import TYPE_CHECKING

from sandbox.web import happenings
from sandbox.web.cast import SMALL_TALK
from sandbox.web.chats import Bubble, Chat, Somebody
from sandbox.web.phone import WebPhone

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

DELIVERED, READ = 2, 3
WRITING_PART = 0.6  # of the time until an answer
GREET_MS, GREET_APART_MS = 9_000, 16_000


def are_lively(edge: "Edge", phone: WebPhone) -> bool:
    """Return whether the people of a phone write by themselves."""
    wished = phone.behaviour.answers
    return edge.are_lively if wished is None else wished


def follow(edge: "Edge", phone: WebPhone, chat: Chat, sent: Bubble) -> None:
    """Lead a message through its ticks, and to an answer where people answer."""
    behaviour = phone.behaviour
    read_ms = behaviour.delivered_ms + behaviour.read_ms
    edge.later(behaviour.delivered_ms, happenings.tick, edge, phone, chat, sent, DELIVERED)
    if not behaviour.reads:
        return
    edge.later(read_ms, happenings.tick, edge, phone, chat, sent, READ)
    if are_lively(edge, phone) and chat.people and (chat.answers or not chat.group):
        who = chat.people[len(chat.answers) % len(chat.people)]
        begins_ms = behaviour.answer_ms * (1 - WRITING_PART)
        edge.later(read_ms + begins_ms, happenings.typing, edge, phone, chat, who, True)
        edge.later(read_ms + behaviour.answer_ms, _answer, edge, phone, chat, who)


def greet(edge: "Edge", phone: WebPhone) -> None:
    """Let those who have something on their mind write, one after the other, once."""
    if not are_lively(edge, phone):
        return
    minded = [chat for chat in phone.chats if chat.later]
    for index, chat in enumerate(minded):
        edge.later(GREET_MS + index * GREET_APART_MS, _speak_up, edge, phone, chat)


def _answer(edge: "Edge", phone: WebPhone, chat: Chat, who: Somebody) -> None:
    happenings.typing(edge, phone, chat, who, False)
    text = chat.answers.pop(0) if chat.answers else edge.mint.chance.choice(SMALL_TALK)
    happenings.say(edge, phone, chat, {"text": text}, by=who)


def _speak_up(edge: "Edge", phone: WebPhone, chat: Chat) -> None:
    if chat.later and phone.devices:
        happenings.say(edge, phone, chat, {"text": chat.later.pop(0)}, by=chat.people[0])
