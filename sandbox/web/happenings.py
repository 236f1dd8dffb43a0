"""What happens in a phone's conversations, and is told to its devices. `by` is None where the phone's owner does it."""

from typing import TYPE_CHECKING

from sandbox.web import told
from sandbox.web.bubbles import Wish, bubble_of
from sandbox.web.chats import Bubble, Chat, Somebody
from sandbox.web.device import Device
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

FAILED = -1


def say(edge: "Edge", phone: WebPhone, chat: Chat, wish: Wish, *, by: Somebody | None) -> Bubble:
    """Let somebody say something. Raises: No."""
    made = bubble_of(edge, phone, chat, wish, by=by)
    put(edge, phone, chat, made)
    return made


def put(edge: "Edge", phone: WebPhone, chat: Chat, made: Bubble, *, but: Device | None = None) -> None:
    """Put a message into its conversation and tell it, save to the device that said it."""
    chat.bubbles.append(made)
    if made.by is not None:
        chat.unread += 1
    phone.tell(lambda device: {"type": "message", "message": told.bubble(device, chat, made)}, but=but)
    edge.changed()


def open_chat(edge: "Edge", phone: WebPhone, who: Somebody) -> Chat:
    """Return a new conversation with somebody, made known to all devices."""
    chat = Chat(who)
    phone.chats.append(chat)
    phone.tell(lambda device: {"type": "people", "people": [told.person(device, who)]})
    phone.tell(lambda device: {"type": "chats", "chats": [told.chat(device, chat)]})
    edge.changed()
    return chat


def edit(edge: "Edge", phone: WebPhone, chat: Chat, one: Bubble, text: str, *, but: Device | None = None) -> None:
    one.text, one.edited = text, True
    _changed(edge, phone, chat, one, but, body=text)


def revoke(edge: "Edge", phone: WebPhone, chat: Chat, one: Bubble, *, but: Device | None = None) -> None:
    one.revoke()
    _changed(edge, phone, chat, one, but, revoked=True)


def react(
    edge: "Edge",
    phone: WebPhone,
    chat: Chat,
    one: Bubble,
    emoji: str,
    *,
    by: Somebody | None,
    but: Device | None = None,
) -> None:
    """Put a reaction under a message, or take it away with an empty one."""
    one.react(by, emoji)
    phone.tell(
        lambda device: {
            "type": "change",
            "chat": device.id_of_chat(chat),
            "id": one.id,
            "reaction": told.reaction(device, by, emoji),
        },
        but=but,
    )
    edge.changed()


def tick(edge: "Edge", phone: WebPhone, chat: Chat, one: Bubble, ack: int) -> None:
    """Give a message of ours its next tick; one that was read is not merely delivered any more."""
    if one.ack != FAILED and (ack > one.ack or ack == FAILED):
        one.ack = ack
        _changed(edge, phone, chat, one, None, ack=ack)


def _changed(edge: "Edge", phone: WebPhone, chat: Chat, one: Bubble, but: Device | None, **facts: object) -> None:
    phone.tell(
        lambda device: {"type": "change", "chat": device.id_of_chat(chat), "id": one.id, **facts},
        but=but,
    )
    edge.changed()


def typing(edge: "Edge", phone: WebPhone, chat: Chat, who: Somebody, on: bool) -> None:
    phone.tell(
        lambda device: {"type": "typing", "chat": device.id_of_chat(chat), "who": device.id_of(who), "on": on},
    )


def read(edge: "Edge", phone: WebPhone, chat: Chat, *, but: Device | None = None) -> None:
    """The conversation was read by its owner."""
    chat.unread = 0
    phone.tell(lambda device: {"type": "read", "chat": device.id_of_chat(chat)}, but=but)
    edge.changed()


def clear(edge: "Edge", phone: WebPhone, chat: Chat) -> None:
    """The conversation is deleted on the phone."""
    phone.tell(lambda device: {"type": "chat_deleted", "chat": device.id_of_chat(chat)})
    phone.chats.remove(chat)
    edge.changed()


def rename(edge: "Edge", phone: WebPhone, chat: Chat, name: str) -> None:
    """Save a person under another name, or give a group one."""
    if (who := chat.who) is None:
        chat.subject = name
    else:
        who.name = name
        phone.tell(lambda device: {"type": "people", "people": [told.person(device, who)]})
    phone.tell(lambda device: {"type": "chats", "chats": [told.chat(device, chat)]})
    edge.changed()


def reveal_lid(edge: "Edge", phone: WebPhone, who: Somebody, lid: str) -> None:
    """Tell the LID of somebody who was known by their phone number only. Raises: No."""
    if not who.digits or (who.lid and not any(who in device.late for device in phone.devices)):
        raise No("has_lid", f"{who.shown} is known by a LID already.")
    who.lid = who.lid or lid
    for device in phone.devices:
        device.late.discard(who)
    phone.tell(lambda _device: {"type": "lid", "phone": who.by_phone, "lid": who.by_lid})
    phone.tell(lambda device: {"type": "people", "people": [told.person(device, who)]})
    groups = [chat for chat in phone.chats if who in chat.members]
    phone.tell(lambda device: {"type": "chats", "chats": [told.chat(device, chat) for chat in groups]})
    edge.changed()
