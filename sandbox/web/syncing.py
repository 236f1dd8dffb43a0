"""What a device is told after linking: people, conversations, then the history piece by piece, with LIDs in its midst."""

from typing import TYPE_CHECKING

from sandbox.web import living, told
from sandbox.web.chats import Bubble, Chat
from sandbox.web.device import READY, SYNCING, Device
from sandbox.web.phone import WebPhone

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

Piece = list[tuple[Chat, Bubble]]


def begin(edge: "Edge", phone: WebPhone, device: Device) -> None:
    """Begin to tell a device what is on the phone."""
    device.state = SYNCING
    device.late = {who for who in phone.people if who.lid_late}
    device.tell({"type": "people", "people": [told.person(device, who) for who in phone.people]})
    device.tell({"type": "chats", "chats": [told.chat(device, chat) for chat in phone.chats]})
    _go_on(edge, phone, device, _pieces(edge, phone), 0)


def _pieces(edge: "Edge", phone: WebPhone) -> list[Piece]:
    """Cut the history into pieces, the latest conversations first. What has disappeared on the phone is not in it."""
    now, size = edge.now_ms(), phone.behaviour.chunk
    held = [
        (chat, bubble)
        for chat in sorted(phone.chats, key=lambda one: -one.at)
        for bubble in chat.bubbles[-chat.comes :]
        if not 0 < bubble.expires <= now
    ]
    return [held[start : start + size] for start in range(0, len(held), size)]


def _go_on(edge: "Edge", phone: WebPhone, device: Device, pieces: list[Piece], at: int) -> None:
    if device.state != SYNCING:
        return
    if at == len(pieces) // 2:
        _tell_lids(phone, device)
    if at == len(pieces):
        device.state = READY
        device.tell({"type": "synced"})
        living.greet(edge, phone)
        edge.changed()
        return
    messages = [told.bubble(device, chat, bubble) for chat, bubble in pieces[at]]
    device.tell({"type": "history", "messages": messages, "progress": 100 * (at + 1) // len(pieces)})
    edge.later(phone.behaviour.chunk_ms, _go_on, edge, phone, device, pieces, at + 1)


def _tell_lids(phone: WebPhone, device: Device) -> None:
    """Tell the LIDs that come late, and go on with them."""
    late = [who for who in phone.people if who in device.late]
    device.late.clear()
    for who in late:
        device.tell({"type": "lid", "phone": who.by_phone, "lid": who.by_lid})
    if late:
        device.tell({"type": "people", "people": [told.person(device, who) for who in late]})
        groups = [chat for chat in phone.chats if set(chat.members) & set(late)]
        device.tell({"type": "chats", "chats": [told.chat(device, chat) for chat in groups]})
