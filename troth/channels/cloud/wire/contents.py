"""What a bubble says, by the wire's type of message."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from troth.channels.cloud.wire.json_body import Unreadable, read_any
from troth.channels.cloud.wire.reading import (
    WORD_CHARS_MAX,
    amount,
    coordinate,
    identifier,
    is_true,
    items,
    name,
    phone,
    piece,
    problems,
    text,
    whole,
    word,
)
from troth.channels.contract import ADDRESS_PARTS, Content, Media, MessageKind, Raw

ADDRESS_CHARS_MAX = 1_000
URL_CHARS_MAX = 4_000
LABEL_CHARS_MAX = 1_024
# In the order in which a message without a type is tried.
NESTED_TYPES = ("text", "image", "video", "audio", "document", "sticker", "location", "contacts", "interactive")


def content(message: dict[str, Any]) -> Content:
    """Return what a message says. What we cannot show becomes a bubble that says so, of kind "unsupported"."""
    kind = type_of(message)
    read = _READERS.get(kind) if kind else None
    found = read(message) if read else None
    return found or _unsupported(message, kind)


def type_of(message: dict[str, Any]) -> str | None:
    """Return the wire's type of a message; where it is missing, the one whose object the message holds."""
    kind = message.get("type")
    if isinstance(kind, str) and kind:
        return kind[:WORD_CHARS_MAX]
    return next((nested for nested in NESTED_TYPES if nested in message), None)


def _text(message: dict[str, Any]) -> Content | None:
    part = message.get("text")
    body = text(part.get("body")) if isinstance(part, dict) else text(part)
    return Content(kind="text", text=body) if body is not None else None


def _media(kind: MessageKind) -> Callable[[dict[str, Any]], Content]:
    def read(message: dict[str, Any]) -> Content:
        part = message.get(kind)
        errors = problems(message.get("errors"))
        if not isinstance(part, dict):
            return Content(kind=kind, problems=errors)
        shown: MessageKind = "voice" if kind == "audio" and is_true(part.get("voice")) else kind
        return Content(kind=shown, text=text(part.get("caption")) or None, media=_file(part), problems=errors)

    return read


def _file(part: dict[str, Any]) -> Media:
    return Media(
        id=identifier(part.get("id")),
        mime=word(part.get("mime_type")),
        sha256=word(part.get("sha256")),
        name=name(part.get("filename")),
        url=word(part.get("url"), chars_max=URL_CHARS_MAX),
        size_bytes=whole(part.get("file_size")),
        animated=is_true(part.get("animated")),
    )


def _location(message: dict[str, Any]) -> Content | None:
    part = piece(message.get("location"))
    latitude = coordinate(part.get("latitude"), degrees_max=90)
    longitude = coordinate(part.get("longitude"), degrees_max=180)
    if latitude is None or longitude is None:
        return None
    labels = {
        "name": word(part.get("name"), chars_max=ADDRESS_CHARS_MAX),
        "address": word(part.get("address"), chars_max=ADDRESS_CHARS_MAX),
        "url": word(part.get("url"), chars_max=URL_CHARS_MAX),
    }
    return Content(kind="location", data={"latitude": latitude, "longitude": longitude, **_present(labels)})


def _contacts(message: dict[str, Any]) -> Content | None:
    cards = [_card(card) for card in items(message.get("contacts")) if isinstance(card, dict)]
    return Content(kind="contacts", data={"cards": cards}) if cards else None


def _card(card: dict[str, Any]) -> Raw:
    names = piece(card.get("name"))
    org = piece(card.get("org"))
    spelled = [name(names.get(part)) for part in ("first_name", "middle_name", "last_name")]
    return {
        "name": name(names.get("formatted_name")) or " ".join(part for part in spelled if part) or None,
        "phones": [_card_phone(entry) for entry in items(card.get("phones")) if isinstance(entry, dict)],
        "emails": [
            address
            for entry in items(card.get("emails"))
            if (address := word(piece(entry).get("email"), chars_max=320))
        ],
        **_present(
            {
                "org": name(org.get("company")),
                "department": name(org.get("department")),
                "title": name(org.get("title")),
                "urls": _some(
                    word(piece(entry).get("url"), chars_max=ADDRESS_CHARS_MAX) for entry in items(card.get("urls"))
                ),
                "addresses": _some(_address(piece(entry)) for entry in items(card.get("addresses"))),
                "birthday": _day(card.get("birthday")),
                "origin": word(card.get("origin")),
            }
        ),
    }


def _address(entry: dict[str, Any]) -> Raw | None:
    return _present({part: word(entry.get(part), chars_max=ADDRESS_CHARS_MAX) for part in ADDRESS_PARTS}) or None


def _day(value: Any) -> str | None:
    try:
        return date.fromisoformat(word(value) or "").isoformat()
    except ValueError:
        return None


def _some(found: Iterable[Any]) -> list[Any] | None:
    return [one for one in found if one] or None


def _card_phone(entry: dict[str, Any]) -> Raw:
    optional = {
        "wa_id": phone(entry.get("wa_id")),
        "user_id": identifier(entry.get("user_id")),
        "type": word(entry.get("type")),
    }
    return {"phone": word(entry.get("phone")), **_present(optional)}


def _button(message: dict[str, Any]) -> Content | None:
    part = message.get("button")
    if not isinstance(part, dict):
        return None
    label = word(part.get("text"), chars_max=LABEL_CHARS_MAX)
    return Content(kind="button", text=label, data={"payload": word(part.get("payload"), chars_max=LABEL_CHARS_MAX)})


def _interactive(message: dict[str, Any]) -> Content | None:
    part = message.get("interactive")
    if not isinstance(part, dict) or not part:
        return None
    kind = word(part.get("type")) or next((key for key in part if isinstance(part[key], dict)), None)
    if kind is None:
        return None
    reply = piece(part.get(kind))
    label = word(reply.get("title"), chars_max=LABEL_CHARS_MAX)
    data: Raw = {
        "type": kind,
        **_present(
            {
                "id": word(reply.get("id"), chars_max=LABEL_CHARS_MAX),
                "title": label,
                "description": word(reply.get("description"), chars_max=LABEL_CHARS_MAX),
            }
        ),
    }
    if kind not in ("button_reply", "list_reply"):
        data["answer"] = _answer(reply)
    if kind == "nfm_reply":
        data.update(_present({"title": word(reply.get("name"))}))
    return Content(kind="interactive", text=label or text(reply.get("body")), data=data)


def _answer(reply: dict[str, Any]) -> Any:
    """Return what a form or a newer kind of reply holds. A form's answer is JSON within JSON, and not always that."""
    written = reply.get("response_json")
    if not isinstance(written, str):
        return written if written is not None else reply
    try:
        return read_any(written.encode())
    except Unreadable:
        return written


def _order(message: dict[str, Any]) -> Content | None:
    part = message.get("order")
    if not isinstance(part, dict):
        return None
    lines = [_order_line(item) for item in items(part.get("product_items")) if isinstance(item, dict)]
    data = {"catalog_id": identifier(part.get("catalog_id")), "items": lines}
    return Content(kind="order", text=text(part.get("text")) or None, data=data)


def _order_line(item: dict[str, Any]) -> Raw:
    return {
        "retailer_id": identifier(item.get("product_retailer_id")),
        "quantity": whole(item.get("quantity")),
        "price": amount(item.get("item_price")),
        "currency": word(item.get("currency")),
    }


def _system(message: dict[str, Any]) -> Content:
    part = piece(message.get("system"))
    return Content(kind="system", text=text(part.get("body")), data=_present({"type": word(part.get("type"))}))


def _unsupported(message: dict[str, Any], kind: str | None) -> Content:
    """Return a bubble that says what could not be shown: by the wire's own word for it where it gives one."""
    inner = message.get("unsupported")
    named = word(inner.get("type")) if isinstance(inner, dict) else word(inner)
    shown = named or (kind if kind not in ("unsupported", "unknown") else None)
    body = piece(message.get("text")).get("body")
    return Content(
        kind="unsupported",
        text=text(body) or None,
        data=_present({"type": shown}),
        problems=problems(message.get("errors")),
    )


def _present(facts: dict[str, Any]) -> Raw:
    return {key: value for key, value in facts.items() if value is not None}


_READERS: dict[str, Callable[[dict[str, Any]], Content | None]] = {
    "text": _text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "voice": _media("voice"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": _location,
    "contacts": _contacts,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "system": _system,
}
