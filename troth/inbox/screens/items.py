"""The lines of a thread in order: day lines, bubbles, what happened, gaps, the line of unread."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.contract import Content
from troth.channels.models import Channel
from troth.channels.trouble import held_of
from troth.contacts.masking import OPEN, Veil
from troth.inbox.models import Direction, Message, MessageStatus
from troth.inbox.outbox import WHOLE
from troth.inbox.saying.forwarding import can_forward
from troth.inbox.saying.undoing import held_until
from troth.inbox.screens.cards import cards_of
from troth.inbox.screens.files import MEDIA, media_of
from troth.inbox.screens.frames import Frames
from troth.inbox.screens.happened import gap_text, line_text
from troth.inbox.screens.names import Person, kind_label
from troth.inbox.screens.pieces import Files, acts_of, card_url, map_url, occasion_of, pieces_of, with_files
from troth.inbox.screens.price import PriceTags
from troth.inbox.screens.reactions import reactions_of, refused_of
from troth.inbox.screens.status import Stays, problem_text, status_label, status_word, staying_text
from troth.inbox.screens.surroundings import Around
from troth.inbox.screens.unshown import unshown

GROUP_WITHIN = timedelta(minutes=5)
Item = dict[str, Any]


def items_of(
    messages: Sequence[Message],
    around: Around,
    *,
    people: dict[UUID, Person],
    contact: Person,
    veil: Veil,
    channel: Channel,
    unread: int,
    handle: str = "",
    member_id: UUID | None = None,
    stays: Stays | None = None,
) -> list[Item]:
    """Return all lines in order. `unread` is how many of the last incoming messages are new. With `member_id`, who may
    write, bubbles have what that member can do with them; `handle` is the workspace's in their addresses. `stays` is
    why nothing leaves here just now."""
    known = {bytes(m.external_hash): m for m in messages if m.external_hash}
    first_unread = _first_unread(messages, unread)
    held, tags = held_of(channel), PriceTags(channel)
    entries: list[tuple[datetime, int, Item]] = []
    for message in messages:
        item = _bubble(message, around, known, people=people, contact=contact, veil=veil, channel_kind=channel.kind)
        waits = staying_text(message, stays)
        item["error_text"] = waits or problem_text(message, channel, held)
        item["price"] = tags.of(message)
        item |= _acts(message, item, handle=handle, member_id=member_id, veil=veil, stays=bool(waits))
        entries.append((message.at, 1, item))
    entries += [
        (at, 0, {"type": "gap", "id": id, "at": at, "text": gap_text(reason)}) for id, at, reason in around.gaps
    ]
    for id, at, kind, who, other in around.lines:
        text = line_text(kind, people.get(who) if who else None, people.get(other) if other else None, contact)
        entries.append((at, 0, {"type": "event", "id": id, "at": at, "text": text}))
    entries.sort(key=lambda entry: (entry[0], entry[1]))
    if bubbles := [item for _, _, item in entries if item["type"] == "message" and item["direction"] != "system"]:
        bubbles[-1]["is_last"] = True
    return _with_lines([item for _, _, item in entries], first_unread)


def _first_unread(messages: Sequence[Message], unread: int) -> UUID | None:
    incoming = [m for m in messages if m.direction == Direction.IN and m.kind != "system"]
    return incoming[max(0, len(incoming) - unread)].id if unread and incoming else None


def _with_lines(items: list[Item], first_unread: UUID | None) -> list[Item]:
    """Add day lines and the unread line, and mark the ends of groups."""
    lines: list[Item] = []
    day = None
    before: Item | None = None
    for item in items:
        on = timezone.localtime(item["at"]).date()
        if on != day:
            lines.append({"type": "day", "on": on})
            day, before = on, None
        if item["type"] == "message" and item["id"] == first_unread:
            lines.append({"type": "unread"})
            before = None
        if before is not None and _together(before, item):
            before["last_of_group"], item["first_of_group"] = False, False
        lines.append(item)
        before = item if item["type"] == "message" else None
    frames = Frames()
    for item in lines:
        if item["type"] == "message":
            frames.frame(item)
    return lines


def _together(before: Item, item: Item) -> bool:
    return bool(
        item["type"] == "message"
        and item["direction"] == before["direction"]
        and item["author"] == before["author"]
        and item["at"] - before["at"] < GROUP_WITHIN
    )


def _bubble(
    message: Message,
    around: Around,
    known: dict[bytes, Message],
    *,
    people: dict[UUID, Person],
    contact: Person,
    veil: Veil,
    channel_kind: str,
) -> Item:
    content: dict[str, Any] = message.content or {}
    data: dict[str, Any] = content.get("data") or {}
    files = around.files.get(message.id, {})
    digest = bytes(message.external_hash) if message.external_hash else b""
    text = _veiled(
        str(content.get("text") or "") or ("" if message.kind in MEDIA else _said(message.kind, data)), message, veil
    )
    return {
        "type": "message",
        "id": message.id,
        "client_id": message.client_id or "",
        "direction": _direction(message),
        "kind": "interactive_reply"
        if message.kind == "interactive" and message.direction == Direction.IN
        else message.kind,
        "text": "" if message.kind in MEDIA or _was_shown(message.kind, data) else text,
        "caption": text if message.kind in MEDIA else "",
        "author": _author(message, people),
        "at": message.at,
        "status": status_word(message),
        "status_label": status_label(message),
        "quote": _quote(message, around, known, people, contact, veil),
        "reactions": reactions_of(around.reactions.get(digest, []), around.reacting.get(digest)),
        "reaction_refused": refused_of(around.refused.get(digest), around.reacting.get(digest), channel_kind),
        "edited": message.edited_at is not None,
        "deleted": message.revoked_at is not None,
        "can_offer": message.direction == Direction.OUT
        and message.status in (MessageStatus.FAILED, MessageStatus.UNCERTAIN),
        "media": media_of(message.kind, content, veil, files.get(WHOLE)),
        "location": _place(data, veil) if message.kind == "location" else None,
        "contacts": cards_of(data, veil) if message.kind == "contacts" else None,
        "unshown": unshown(content) if message.kind == "unsupported" else None,
        "occasion": occasion_of(content, veil),
        "pieces": pieces_of(message.kind, message.direction, data, veil, files),
        "template": with_files(_template(data, veil), files) if message.kind == "template" else None,
        "forwarded": message.forwarded,
        "first_of_group": True,
        "last_of_group": True,
        "is_last": False,
        "undo_url": "",
    }


def drawn(content: Content, files: Files | None = None, *, veil: Veil = OPEN) -> Item:
    """Return a bubble of something that is not said yet, with the files that are chosen for it by their places."""
    data, files, text = content.data or {}, files or {}, veil.said(content.text or "")
    is_media, is_shown = content.kind in MEDIA, _was_shown(content.kind, data)
    return {
        "type": "message",
        "direction": "out",
        "kind": content.kind,
        "text": "" if is_media or is_shown else text,
        "caption": text if is_media else "",
        "media": media_of(content.kind, msgspec.to_builtins(content), veil, files.get(WHOLE)),
        "location": _place(data, veil) if content.kind == "location" else None,
        "contacts": cards_of(data, veil) if content.kind == "contacts" else None,
        "pieces": pieces_of(content.kind, Direction.OUT, data, veil, files),
        "template": with_files(_template(data, veil), files) if is_shown else None,
        "at": now(),
    }


def _veiled(text: str, message: Message, veil: Veil) -> str:
    """Return words as the reader may see them: what WhatsApp itself says tells of numbers, and not of this contact's only."""
    return veil.any(text) if message.kind == "system" else veil.said(text)


def _direction(message: Message) -> str:
    if message.kind == "system":
        return "system"
    return "in" if message.direction == Direction.IN else "out"


def _author(message: Message, people: dict[UUID, Person]) -> Person | None:
    if message.direction == Direction.ECHO:
        return Person("", _("Phone app"), "phone")
    if message.direction == Direction.OUT and message.author_id is None:
        return Person("", _("Automatic answer"), "automatic")
    return people.get(message.author_id) if message.author_id else None


def _said(kind: str, data: dict[str, Any]) -> str:
    if kind in ("interactive", "button"):
        return " — ".join(str(data[key]) for key in ("title", "description") if data.get(key)) or kind_label(kind)
    if kind in ("order", "unsupported"):
        return ""
    return kind_label(kind) if kind not in ("text", "location", "contacts") else ""


def _quote(
    message: Message,
    around: Around,
    known: dict[bytes, Message],
    people: dict[UUID, Person],
    contact: Person,
    veil: Veil,
) -> Item | None:
    if not message.quote_hash:
        return None
    digest = bytes(message.quote_hash)
    here = known.get(digest)
    if here is not None:
        content, direction, author, id = here.content or {}, here.direction, here.author_id, here.id
    elif digest in around.quoted:
        id, direction, content, author = around.quoted[digest]
    else:
        return {"id": "", "author": "", "text": _("A message that is not here")}
    ours = people.get(author) if author else None
    name = contact.name if direction == Direction.IN else ours.name if ours else _("You")
    text = (
        veil.said(str(content.get("text") or "")) or kind_label(str(content.get("kind") or "")) or _("Deleted message")
    )
    return {"id": id, "author": name, "text": text[:200]}


def _acts(message: Message, item: Item, *, handle: str, member_id: UUID | None, veil: Veil, stays: bool) -> Item:
    """Return what can be done with a message, and with its parts."""
    if not handle:
        return {}
    can_write = member_id is not None
    file = (item["media"] or {}).get("file") or {}
    may_go_on = can_forward(message, file_is_here=bool(file.get("is_here"))) and (
        veil.is_open or message.kind != "contacts"
    )
    acts: Item = {"acts": acts_of(message, can_write=can_write, can_forward=may_go_on)}
    if item["contacts"] and veil.is_open:
        for number, card in enumerate(item["contacts"]):
            card["save_url"] = card_url(handle, message.conversation_id, message.id, number)
    if member_id == message.author_id and can_write and held_until(message):
        acts["undo_url"] = reverse("undoing", args=[handle, message.conversation_id, message.id])
    if stays and can_write and message.direction == Direction.OUT:
        acts["withdraw_url"] = reverse("undoing", args=[handle, message.conversation_id, message.id])
    if item["reaction_refused"] and can_write:
        acts["again_url"] = reverse("offer", args=[handle, message.conversation_id, item["reaction_refused"]["id"]])
    return acts


def _was_shown(kind: str, data: dict[str, Any]) -> bool:
    return kind == "template" and isinstance(data.get("shown"), dict)


def _template(data: dict[str, Any], veil: Veil) -> Any:
    """Return what a template of ours said, as it was sent, None where that was not kept."""
    return _veiled_within(data.get("shown"), veil)


def _veiled_within(value: Any, veil: Veil) -> Any:
    if isinstance(value, dict):
        return {key: _veiled_within(inner, veil) for key, inner in value.items()}
    if isinstance(value, list):
        return [_veiled_within(inner, veil) for inner in value]
    return veil.said(value) if isinstance(value, str) else value


def _place(data: dict[str, Any], veil: Veil) -> dict[str, Any]:
    shown = {key: veil.said(value) if isinstance(value, str) else value for key, value in data.items()}
    return shown | {"map_url": map_url(data.get("latitude"), data.get("longitude"))}
