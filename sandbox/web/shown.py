"""How phones, waiting devices and conversations look to whoever plays them."""

from typing import TYPE_CHECKING, Any

from sandbox.web.chats import Bubble, Chat
from sandbox.web.device import Device
from sandbox.web.phone import WebPhone

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

Shown = dict[str, Any]
CHATS_MAX = 100
LINES_MAX = 30


def waiting(device: Device) -> Shown:
    """Return a device that waits for a phone; its `pair_code` where it asked for one."""
    return {
        "device": device.id,
        "name": device.name,
        "code": device.code,
        "until": device.until,
        "pair_code": device.pair_code,
        "pair_number": device.pair_digits,
    }


def phone(edge: "Edge", one: WebPhone) -> Shown:
    """Return a phone with its devices and its latest conversations."""
    chats = sorted(one.chats, key=lambda chat: -chat.at)
    return {
        "id": one.id,
        "owner": one.owner,
        "number": one.digits,
        "behaviour": one.behaviour,
        "locked_until": one.locked_until if one.locked_until > edge.now_ms() else 0,
        "devices": [
            {"id": device.id, "name": device.name, "state": device.state, "connected": device.connected}
            for device in one.devices
        ],
        "chats": [_chat(chat) for chat in chats[:CHATS_MAX]],
        "messages": sum(len(chat.bubbles) for chat in one.chats),
    }


def _chat(one: Chat) -> Shown:
    return {
        "id": id_of(one),
        "name": one.shown,
        "group": bool(one.group),
        "members": [member.shown for member in one.members],
        "unread": one.unread,
        "timer_s": one.timer_s,
        "lids": [who.by_lid for who in one.people],
        "last": _words(one.bubbles[-1]) if one.bubbles else "",
    }


def id_of(one: Chat) -> str:
    """Return an id that finds the conversation again, whether or not a LID came meanwhile."""
    return (one.who.by_phone or one.who.by_lid) if one.who else one.group


def lines(one: Chat) -> list[Shown]:
    """Return the last lines of a conversation, as its phone shows them."""
    return [
        {
            "id": bubble.id,
            "at": bubble.at,
            "mine": bubble.by is None,
            "by": bubble.by.shown if bubble.by else "",
            "kind": bubble.kind,
            "text": _words(bubble),
            "ack": bubble.ack,
            "edited": bubble.edited,
            "reactions": [emoji for _who, emoji in bubble.reactions],
        }
        for bubble in one.bubbles[-LINES_MAX:]
    ]


def _words(one: Bubble) -> str:
    if one.text:
        return one.text
    if one.file is not None:
        return one.file.name or ("voice note" if one.file.voice else one.kind)
    if one.place is not None:
        return one.place[2] or "a place"
    return ", ".join(name for name, _number in one.cards) or one.kind.replace("_", " ")
