"""What we say, as the JSON that Meta takes: the body of `POST /<number>/messages`.

Pure. Lengths and counts are checked here, so that what Meta would refuse never leaves; whether the person may be
written to is not this file's business.
Source: Meta, "Cloud API: send messages" (read 2026-11-22).
"""

import re
from collections.abc import Callable
from typing import Any

from troth.channels.cloud.build_interactive import interactive
from troth.channels.cloud.build_template import template
from troth.channels.cloud.refusal import Refusal, link, optional_text, required_text, some
from troth.channels.cloud.sent import MESSAGE, checked
from troth.channels.contract import ADDRESS_PARTS, Content, Outbound

TEXT_CHARS_MAX = 4_096
CAPTION_CHARS_MAX = 1_024
LABEL_CHARS_MAX = 1_000
CARDS_MAX = 257
ID_CHARS_MAX = 512
PIN_DAYS = 7

_PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def body_for(message: Outbound) -> dict[str, Any]:
    """Return the exact body for one message.

    Raises: Refusal (an Unsupported) and its TooLong; NotDeclared.
    """
    content = message.content
    build = _BUILDERS.get(content.kind)
    if build is None:
        raise Refusal("unsupported_kind")
    if content.kind == "pin" and message.group_id is None:
        raise Refusal("groups_only")
    wire_type, part = build(content, message)
    body = {
        "messaging_product": "whatsapp",
        **_recipient(message),
        "type": wire_type,
        wire_type: part,
        "biz_opaque_callback_data": str(message.our_id),
    }
    if message.identity_hash and message.group_id is None:
        body["recipient_identity_key_hash"] = message.identity_hash
    if message.quoted_id and content.kind not in ("reaction", "pin"):
        body["context"] = {"message_id": message.quoted_id}
    return checked(body, MESSAGE)


def _recipient(message: Outbound) -> dict[str, str]:
    """Return whom the message goes to. A number goes with its plus, or Meta may put our own country before it."""
    if sum(way is not None for way in (message.phone, message.bsuid, message.group_id)) != 1:
        raise Refusal("recipient")
    if message.phone is not None:
        if not _PHONE.fullmatch(message.phone):
            raise Refusal("recipient")
        return {"recipient_type": "individual", "to": message.phone}
    if message.bsuid is not None:
        return {"recipient_type": "individual", "recipient": _id(message.bsuid, "recipient")}
    return {"recipient_type": "group", "to": _id(message.group_id, "recipient")}


def _id(value: Any, words: str) -> str:
    if not isinstance(value, str) or not value or len(value) > ID_CHARS_MAX or any(char.isspace() for char in value):
        raise Refusal(words)
    return value


def _text(content: Content, message: Outbound) -> tuple[str, Any]:
    body = required_text(content.text, chars_max=TEXT_CHARS_MAX)
    part: dict[str, Any] = {"body": body}
    if message.preview_links and _ADDRESS.search(body):
        part["preview_url"] = True
    return "text", part


def _media(content: Content, _message: Outbound) -> tuple[str, Any]:
    kind = "audio" if content.kind == "voice" else content.kind
    media = content.media
    if media is None or not (media.id or media.url):
        raise Refusal("no_file")
    part: dict[str, Any] = {"id": media.id} if media.id else {"link": link(media.url)}
    if content.kind == "voice":
        part["voice"] = True
    if content.text:
        if kind in ("audio", "sticker"):
            raise Refusal("no_caption")
        part["caption"] = optional_text(content.text, chars_max=CAPTION_CHARS_MAX)
    if kind == "document" and media.name:
        part["filename"] = optional_text(media.name, chars_max=LABEL_CHARS_MAX)
    return kind, part


def _location(content: Content, _message: Outbound) -> tuple[str, Any]:
    data = content.data or {}
    part: dict[str, Any] = {
        "latitude": _degrees(data.get("latitude"), 90),
        "longitude": _degrees(data.get("longitude"), 180),
    }
    for label in ("name", "address"):
        if (written := optional_text(data.get(label), chars_max=LABEL_CHARS_MAX)) is not None:
            part[label] = written
    return "location", part


def _degrees(value: Any, degrees_max: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= degrees_max:
        raise Refusal("place")
    return float(value)


def _contacts(content: Content, _message: Outbound) -> tuple[str, Any]:
    cards = some((content.data or {}).get("cards"), at_most=CARDS_MAX)
    return "contacts", [_card(card) for card in cards]


def _card(card: Any) -> dict[str, Any]:
    if not isinstance(card, dict):
        raise Refusal("incomplete")
    written = required_text(card.get("name"), chars_max=LABEL_CHARS_MAX)
    # Meta wants a part of the name beside the whole.
    part: dict[str, Any] = {"name": {"formatted_name": written, "first_name": written}}
    if phones := card.get("phones"):
        part["phones"] = [_card_phone(entry) for entry in some(phones, at_most=CARDS_MAX)]
    if emails := card.get("emails"):
        part["emails"] = [
            {"email": required_text(address, chars_max=LABEL_CHARS_MAX)} for address in some(emails, at_most=CARDS_MAX)
        ]
    if org := _labels(card, {"org": "company", "department": "department", "title": "title"}):
        part["org"] = org
    if urls := card.get("urls"):
        part["urls"] = [{"url": required_text(url, chars_max=LABEL_CHARS_MAX)} for url in some(urls, at_most=CARDS_MAX)]
    if addresses := card.get("addresses"):
        part["addresses"] = [_card_address(entry) for entry in some(addresses, at_most=CARDS_MAX)]
    if birthday := card.get("birthday"):
        part["birthday"] = required_text(birthday, chars_max=10)
    return part


def _card_address(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise Refusal("incomplete")
    return _labels(entry, {part: part for part in ADDRESS_PARTS})


def _labels(said: dict[str, Any], names: dict[str, str]) -> dict[str, str]:
    found = {theirs: optional_text(said.get(ours), chars_max=LABEL_CHARS_MAX) for ours, theirs in names.items()}
    return {name: label for name, label in found.items() if label}


def _card_phone(entry: Any) -> dict[str, str]:
    if not isinstance(entry, dict):
        raise Refusal("incomplete")
    number = required_text(entry.get("phone"), chars_max=LABEL_CHARS_MAX)
    return {"phone": number, **{key: entry[key] for key in ("type", "wa_id") if entry.get(key)}}


def _reaction(content: Content, _message: Outbound) -> tuple[str, Any]:
    data = content.data or {}
    emoji = optional_text(data.get("emoji"), chars_max=64)
    return "reaction", {"message_id": _id(data.get("target_id"), "incomplete"), "emoji": emoji or ""}


def _pin(content: Content, _message: Outbound) -> tuple[str, Any]:
    data = content.data or {}
    part: dict[str, Any] = {
        "type": "unpin" if data.get("unpin") else "pin",
        "message_id": _id(data.get("target_id"), "incomplete"),
    }
    if not data.get("unpin"):
        part["expiration_days"] = data.get("days") or PIN_DAYS
    return "pin", part


def _interactive(content: Content, _message: Outbound) -> tuple[str, Any]:
    return "interactive", interactive(content)


def _template(content: Content, _message: Outbound) -> tuple[str, Any]:
    return "template", template(content)


_BUILDERS: dict[str, Callable[[Content, Outbound], tuple[str, Any]]] = {
    "text": _text,
    "image": _media,
    "video": _media,
    "audio": _media,
    "voice": _media,
    "document": _media,
    "sticker": _media,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "pin": _pin,
    "interactive": _interactive,
    "template": _template,
}
KINDS = frozenset(_BUILDERS)
