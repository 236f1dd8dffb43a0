"""The lines of a thread in order: day lines, bubbles, what happened, gaps, the line of unread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from troth.channels.registry import explain
from troth.contacts.masking import Veil
from troth.inbox.models import Direction, Message, MessageStatus
from troth.inbox.screens.names import Person, kind_label

GROUP_WITHIN = timedelta(minutes=5)
MEDIA = ("image", "video", "audio", "voice", "document", "sticker")
WORDS = {
    MessageStatus.RECEIVED: "received",
    MessageStatus.QUEUED: "queued",
    MessageStatus.SENDING: "sending",
    MessageStatus.UNCERTAIN: "uncertain",
    MessageStatus.SENT: "sent",
    MessageStatus.FAILED: "failed",
    MessageStatus.DELIVERED: "delivered",
    MessageStatus.READ: "read",
    MessageStatus.PLAYED: "played",
}
Item = dict[str, Any]


@dataclass(slots=True)
class Around:
    """What belongs to a page of messages: by keyed id reactions (emoji, ours) and quoted messages; gaps; lines."""

    reactions: dict[bytes, list[tuple[str, bool]]] = field(default_factory=dict)
    quoted: dict[bytes, tuple[UUID, str, dict[str, Any], UUID | None]] = field(default_factory=dict)
    gaps: list[tuple[UUID, datetime, str]] = field(default_factory=list)
    lines: list[tuple[UUID, datetime, str, UUID | None, UUID | None]] = field(default_factory=list)


def items_of(
    messages: Sequence[Message],
    around: Around,
    *,
    people: dict[UUID, Person],
    contact: Person,
    veil: Veil,
    channel_kind: str,
    unread: int,
) -> list[Item]:
    """Return all lines in order. `unread` is how many of the last incoming messages are new."""
    known = {bytes(m.external_hash): m for m in messages if m.external_hash}
    first_unread = _first_unread(messages, unread)
    entries: list[tuple[datetime, int, Item]] = []
    for message in messages:
        item = _bubble(message, around, known, people=people, contact=contact, veil=veil, channel_kind=channel_kind)
        entries.append((message.at, 1, item))
    entries += [
        (at, 0, {"type": "gap", "id": id, "at": at, "text": gap_text(reason)}) for id, at, reason in around.gaps
    ]
    for id, at, kind, who, other in around.lines:
        text = line_text(kind, people.get(who) if who else None, people.get(other) if other else None, contact)
        entries.append((at, 0, {"type": "event", "id": id, "at": at, "text": text}))
    entries.sort(key=lambda entry: (entry[0], entry[1]))
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
    digest = bytes(message.external_hash) if message.external_hash else b""
    text = _veiled(
        str(content.get("text") or "") or ("" if message.kind in MEDIA else _said(message.kind, data)), message, veil
    )
    return {
        "type": "message",
        "id": message.id,
        "client_id": message.client_id or "",
        "direction": _direction(message),
        "kind": "interactive_reply" if message.kind == "interactive" else message.kind,
        "text": "" if message.kind in MEDIA else text,
        "caption": text if message.kind in MEDIA else "",
        "author": _author(message, people),
        "at": message.at,
        "status": WORDS[MessageStatus(message.status)],
        "status_label": _status_label(message),
        "error_text": _error(message, channel_kind),
        "quote": _quote(message, around, known, people, contact, veil),
        "reactions": _reactions(around.reactions.get(digest, [])),
        "edited": message.edited_at is not None,
        "deleted": message.revoked_at is not None,
        "can_offer": message.direction == Direction.OUT
        and message.status in (MessageStatus.FAILED, MessageStatus.UNCERTAIN),
        "media": _media(message.kind, content, veil),
        "location": _place(data, veil) if message.kind == "location" else None,
        "contacts": _cards(data, veil) if message.kind == "contacts" else None,
        "choices": None,
        "forwarded": message.forwarded,
        "first_of_group": True,
        "last_of_group": True,
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
    if kind == "order":
        items = data.get("items") or []
        return "\n".join(f"{i.get('quantity', 1)} × {i.get('retailer_id', '')}" for i in items if isinstance(i, dict))
    if kind == "unsupported":
        return ""
    return kind_label(kind) if kind not in ("text", "location", "contacts") else ""


def _status_label(message: Message) -> str:
    times = {
        MessageStatus.SENT: message.sent_at,
        MessageStatus.DELIVERED: message.delivered_at,
        MessageStatus.READ: message.read_at,
        MessageStatus.FAILED: message.failed_at,
    }
    label = str(MessageStatus(message.status).label)
    if message.held and message.status == MessageStatus.SENT:
        label = _("Held by WhatsApp for a quality check")
    at = times.get(MessageStatus(message.status))
    return f"{label}, {timezone.localtime(at):%H:%M}" if at else label


def _error(message: Message, channel_kind: str) -> str:
    if message.status == MessageStatus.UNCERTAIN:
        return _(
            "WhatsApp did not answer in time, so we do not know whether this was sent. It is not sent again by itself."
        )
    if message.status == MessageStatus.FAILED:
        return explain(channel_kind, message.error_code or 0)
    if message.status == MessageStatus.QUEUED and message.error_code is not None:
        return explain(channel_kind, message.error_code)
    return ""


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


def _reactions(found: list[tuple[str, bool]]) -> list[Item]:
    shown: dict[str, Item] = {}
    for emoji, ours in found:
        entry = shown.setdefault(emoji, {"emoji": emoji, "count": 0, "mine": False})
        entry["count"] += 1
        entry["mine"] |= ours
    return list(shown.values())


def _place(data: dict[str, Any], veil: Veil) -> dict[str, Any]:
    return {key: veil.said(value) if isinstance(value, str) else value for key, value in data.items()}


def _media(kind: str, content: dict[str, Any], veil: Veil) -> Item | None:
    media = content.get("media")
    if kind not in MEDIA or not isinstance(media, dict):
        return None
    problems = content.get("problems") or []
    state = _("WhatsApp could not deliver this file") if problems else ""
    return {
        "kind": kind,
        "name": veil.said(str(media.get("name") or "")),
        "size": media.get("size_bytes"),
        "mime": media.get("mime"),
        "state": state,
    }


def _cards(data: dict[str, Any], veil: Veil) -> list[Item]:
    cards = data.get("cards")
    return [
        {
            "name": veil.any(str(card.get("name") or _("Contact"))),
            "phones": [veil.any(str(p.get("phone") or "")) for p in card.get("phones") or [] if isinstance(p, dict)],
        }
        for card in (cards if isinstance(cards, list) else [])
        if isinstance(card, dict)
    ]


def line_text(kind: str, who: Person | None, other: Person | None, contact: Person) -> str:
    """Return a system line's words."""
    member = who.name if who else _("Somebody")
    texts = {
        "assigned": _("%(member)s assigned this to %(other)s"),
        "unassigned": _("%(member)s took the assignment away"),
        "took": _("%(member)s took this on"),
        "closed": _("%(member)s closed this"),
        "reopened": _("%(member)s reopened this"),
        "number_changed": _("%(contact)s changed the phone number"),
        "id_changed": _("%(contact)s is known by a new WhatsApp id"),
        "security_code_changed": _("The security code of %(contact)s changed"),
        "call_from_customer": _("%(contact)s called"),
        "call_from_us": _("%(contact)s was called from WhatsApp"),
    }
    names = {"member": member, "other": other.name if other else _("somebody"), "contact": contact.name}
    return texts.get(kind, "") % names


def gap_text(reason: str) -> str:
    """Return what a gap says: what happened, and that nothing was lost."""
    kept = _("It is kept, sealed, for a later version that can read it.")
    texts = {
        "unknown-status": _("WhatsApp told something about a message here that we do not know yet."),
        "could-not-be-applied": _("Something arrived here that we could read but not apply."),
        "delivery-parked": _("A whole delivery of WhatsApp's could not be read."),
        "its-message-never-came": _("News came about a message that itself never came."),
        "no-message-named": _("News came about a message, without saying which."),
        "nobody-named": _("A message came without saying from whom."),
        "no_person": _("A message came without saying from whom."),
        "no_id": _("A message came without its id."),
        "unknown_field": _("WhatsApp sent a kind of news that we do not know yet."),
        "not_json": _("WhatsApp sent something that is not in its own form."),
        "empty": _("WhatsApp sent an empty piece of news."),
    }
    return f"{texts.get(reason) or _('Something arrived here that we could not read.')} {kept}"
