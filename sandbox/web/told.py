"""How people, conversations and messages look to a device."""

from typing import Any

from sandbox.web.chats import Bubble, Chat, Somebody
from sandbox.web.device import Device

Told = dict[str, Any]


def person(device: Device, who: Somebody) -> Told:
    return {"id": device.id_of(who), "saved_as": who.name, "push_name": who.called, "phone": who.digits}


def chat(device: Device, one: Chat) -> Told:
    return {
        "id": device.id_of_chat(one),
        "name": one.who.name if one.who else one.subject,
        "is_group": bool(one.group),
        "participants": [device.id_of(member) for member in one.members],
        "unread": one.unread,
        "t": one.at,
        "ephemeral_s": one.timer_s,
        "archived": one.archived,
    }


def bubble(device: Device, chat: Chat, one: Bubble) -> Told:
    """Return a message; what it has not is left out."""
    told: Told = {
        "id": one.id,
        "chat": device.id_of_chat(chat),
        "t": one.at,
        "type": one.kind,
        "from_me": one.by is None,
    }
    if one.by is None:
        told["ack"] = one.ack
    else:
        told["sender"] = device.id_of(one.by)
    optional = {
        "body": one.text,
        "quotes": one.quotes,
        "edited": one.edited,
        "expires": one.expires,
        "location": one.place and dict(zip(("latitude", "longitude", "name"), one.place, strict=True)),
        "contacts": [{"name": name, "phone": phone} for name, phone in one.cards],
        "reactions": [reaction(device, who, emoji) for who, emoji in one.reactions],
        "media": _media(one),
    }
    return told | {name: value for name, value in optional.items() if value}


def reaction(device: Device, who: Somebody | None, emoji: str) -> Told:
    return {"emoji": emoji, "from_me": who is None, "sender": device.id_of(who) if who else ""}


def _media(one: Bubble) -> Told | None:
    if one.file is None:
        return None
    file = one.file
    return {
        "ref": file.ref,
        "mime": file.mime,
        "name": file.name,
        "bytes": len(file.data),
        "ptt": file.voice,
        "seconds": file.seconds,
        "width": file.width,
        "height": file.height,
    }
