"""What a device can ask its phone, and WhatsApp behind it, to do."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.phones import wa_id_of
from sandbox.web import happenings, linking, living, told
from sandbox.web.bubbles import bubble_of
from sandbox.web.chats import Bubble, Chat
from sandbox.web.device import PASSKEY, WAITING, Device
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

Asked = dict[str, Any]
EDITABLE_MS = 15 * 60_000
REVOCABLE_MS = 60 * 3_600_000
OLDER_MAX = 50
TIME_LOCK = "463"


def do(edge: "Edge", device: Device, asked: Asked) -> Asked:
    """Do it and return the answer. Raises: No; KeyError and ValueError where it is not understood."""
    what = str(asked["do"])
    if what == "unlink":
        linking.end(edge, device, "logged_out")
        return {}
    if what == "pair_code":
        digits = wa_id_of(str(asked["phone"]))
        if digits is None:
            raise No("not_a_number", "That is not a phone number in international form.")
        return {"code": linking.ask_pair_code(edge, device, digits)}
    if device.phone is None or device.state in (WAITING, PASSKEY):
        raise No("not_linked", "This device is not linked yet.", status=409)
    chat = device.phone.chat(asked["chat"])
    return _CAN[what](edge, device, device.phone, chat, asked)


def _send(edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    request = f"{device.id}/{asked['id']}"
    if (known := phone.sent.get(request)) is None:
        _must_be_let(edge, phone, chat)
        wish = {name: asked[name] for name in ("text", "quotes", "file", "cards") if asked.get(name)}
        if "file" in wish and not wish["file"].get("ref"):
            raise No("no_such_file", "Bring the file first.", status=404)
        if where := asked.get("location"):
            wish["place"] = [where["latitude"], where["longitude"], where.get("name", "")]
        if not wish.keys() - {"quotes"}:
            raise No("empty", "There is nothing in this message.")
        known = phone.sent[request] = bubble_of(edge, phone, chat, wish, by=None, by_device=True)
        happenings.put(edge, phone, chat, known, but=device)
        phone.note("send", device=device.id, chat=chat.shown, at=known.at, message=told.bubble(device, chat, known))
        edge.later(phone.behaviour.sent_ms, living.follow, edge, phone, chat, known)
    return {"message": told.bubble(device, chat, known)}


def _must_be_let(edge: "Edge", phone: WebPhone, chat: Chat) -> None:
    """Raises: No, where WhatsApp takes no first messages from this phone for a while, or not this one."""
    locked = phone.locked_until > edge.now_ms()
    if phone.refuses_next or (locked and chat.is_first):
        phone.refuses_next = max(0, phone.refuses_next - 1)
        until = phone.locked_until if locked else 0
        raise No(TIME_LOCK, "WhatsApp takes no first messages from this number for now.", status=403, until=until)


def _react(edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    one = phone.bubble(chat, asked["id"])
    happenings.react(edge, phone, chat, one, str(asked.get("emoji", "")), by=None, but=device)
    phone.note("react", device=device.id, chat=chat.shown, id=one.id, emoji=str(asked.get("emoji", "")))
    return {}


def _edit(edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    one = _ours(edge, phone, chat, asked, within_ms=EDITABLE_MS)
    if one.kind != "text":
        raise No("not_editable", "Only text can be edited.", status=409)
    happenings.edit(edge, phone, chat, one, str(asked["text"]), but=device)
    phone.note("edit", device=device.id, chat=chat.shown, id=one.id, text=one.text)
    return {}


def _delete(edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    one = _ours(edge, phone, chat, asked, within_ms=REVOCABLE_MS)
    happenings.revoke(edge, phone, chat, one, but=device)
    phone.note("delete", device=device.id, chat=chat.shown, id=one.id)
    return {}


def _ours(edge: "Edge", phone: WebPhone, chat: Chat, asked: Asked, *, within_ms: int) -> Bubble:
    """Return a message of ours that is young enough. Raises: No."""
    one = phone.bubble(chat, asked["id"])
    if one.by is not None:
        raise No("not_ours", "Somebody else said this.", status=403)
    if one.at + within_ms < edge.now_ms():
        raise No("too_late", "This was said too long ago.", status=409)
    return one


def _read(edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    happenings.read(edge, phone, chat, but=device)
    phone.note("read", device=device.id, chat=chat.shown, ids=list(asked.get("ids", [])))
    return {}


def _typing(_edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    phone.note("typing", device=device.id, chat=chat.shown, on=bool(asked["on"]))
    return {}


def _older(_edge: "Edge", device: Device, phone: WebPhone, chat: Chat, asked: Asked) -> Asked:
    """Return messages from before that one, the oldest first; without one, from before those that came after linking."""
    count = min(int(asked["count"]), OLDER_MAX)
    before = str(asked.get("before") or "")
    end = max(0, len(chat.bubbles) - chat.comes)
    if before:
        end = chat.bubbles.index(phone.bubble(chat, before))
    found = chat.bubbles[max(0, end - count) : end] if count > 0 else []
    phone.note("older", device=device.id, chat=chat.shown, came=len(found))
    return {"messages": [told.bubble(device, chat, one) for one in found]}


_CAN: dict[str, Callable[["Edge", Device, WebPhone, Chat, Asked], Asked]] = {
    "send": _send,
    "react": _react,
    "edit": _edit,
    "delete": _delete,
    "read": _read,
    "typing": _typing,
    "older": _older,
}
