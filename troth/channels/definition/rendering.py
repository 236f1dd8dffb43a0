"""What a template looks like with its values: the same for the preview and for the bubble of what was really sent."""

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from troth.channels.definition.reading import (
    MEDIA,
    PLACE,
    VARIABLE,
    Part,
    asks_to_call,
    buttons_of,
    cards_of,
    format_of,
    has_suffix,
    key_of,
    part_of,
    text_of,
    type_of,
)
from troth.channels.definition.sending import UPLOADED

Values = Mapping[str, str]
# Meta writes these texts by itself, in the template's language; here they stand in English until Meta has told its own.
CODE_TEXT = "*{{1}}* is your verification code."
SECURITY_TEXT = "For your security, do not share this code."
EXPIRY_TEXT = "This code expires in {minutes} minutes."


def shown(definition: Any, values: Values, *, category: str = "") -> dict[str, Any]:
    """Return header, body, footer, offer, buttons and cards as they read with these values.

    Where a value is missing its variable stands in braces, as in the definition.
    """
    if category == "AUTHENTICATION":
        return _code(definition, values)
    look = _look(definition, values, card=None)
    offer = part_of(definition, "LIMITED_TIME_OFFER").get("limited_time_offer")
    if isinstance(offer, dict):
        look["offer"] = {"text": str(offer.get("text") or ""), "expires": values.get("offer:expires", "")}
    cards = [_look(card, values, card=at) for at, card in enumerate(cards_of(definition))]
    if cards:
        look["cards"] = cards
    return look


def edition(definition: Any, *, category: str = "") -> str:
    """Return a digest that differs wherever the words differ; empty for codes, whose words are Meta's and told late."""
    if category == "AUTHENTICATION":
        return ""
    words = msgspec.json.encode(shown(definition, {}), order="deterministic")
    return hashlib.blake2b(words, digest_size=8).hexdigest()


def filled(text: str, values: Values, *, place: str, card: int | None = None) -> str:
    """Return a text with its variables filled."""
    return VARIABLE.sub(lambda found: values.get(key_of(place, found[1], card=card)) or found[0], text)


def _look(definition: Any, values: Values, *, card: int | None) -> dict[str, Any]:
    look: dict[str, Any] = {"body": filled(text_of(part_of(definition, "BODY")), values, place="body", card=card)}
    header = _header(part_of(definition, "HEADER"), values, card=card)
    if header:
        look["header"] = header
    footer = text_of(part_of(definition, "FOOTER"))
    if footer:
        look["footer"] = footer
    buttons = [_button(button, at, values, card=card) for at, button in enumerate(buttons_of(definition))]
    if asks_to_call(definition):
        buttons.append({"kind": "call_permission", "text": ""})
    if buttons:
        look["buttons"] = buttons
    return look


def _header(header: Part, values: Values, *, card: int | None) -> dict[str, Any] | None:
    kind = format_of(header)
    if kind == "TEXT":
        return {"kind": "text", "text": filled(text_of(header), values, place="header", card=card)}
    if kind in MEDIA:
        value = values.get(key_of("header", "file", card=card), "")
        name = value.removeprefix(UPLOADED) if value.startswith(UPLOADED) else ""
        return {"kind": kind.lower(), "name": name} if name else {"kind": kind.lower()}
    if kind == "LOCATION":
        return {"kind": "location", **{word: values.get(key_of("header", word, card=card), "") for word in PLACE[2:]}}
    return {"kind": kind.lower()} if kind else None


def _button(button: Part, index: int, values: Values, *, card: int | None) -> dict[str, str]:
    kind, given = type_of(button), values.get(key_of("button", str(index), card=card), "")
    look = {"kind": kind.lower(), "text": text_of(button)}
    if kind == "URL":
        url = str(button.get("url") or "")
        look["value"] = VARIABLE.sub(lambda found: given or found[0], url) if has_suffix(button) else url
    elif kind == "PHONE_NUMBER":
        look["value"] = str(button.get("phone_number") or "")
    elif kind == "COPY_CODE":
        look["value"] = given
    return look


def _code(definition: Any, values: Values) -> dict[str, Any]:
    """The text of an authentication template is Meta's: what it has not told us yet is written here as it will read."""
    body, footer = part_of(definition, "BODY"), part_of(definition, "FOOTER")
    text = text_of(body) or CODE_TEXT
    if not text_of(body) and body.get("add_security_recommendation"):
        text = f"{text} {SECURITY_TEXT}"
    code = values.get("code", "")
    look: dict[str, Any] = {"body": VARIABLE.sub(lambda found: code or found[0], text)}
    minutes = footer.get("code_expiration_minutes")
    if text_of(footer) or minutes:
        look["footer"] = text_of(footer) or EXPIRY_TEXT.format(minutes=minutes)
    buttons = buttons_of(definition)
    if buttons and str(buttons[0].get("otp_type") or "").upper() != "ZERO_TAP":
        look["buttons"] = [{"kind": "copy_code", "text": text_of(buttons[0]) or "Copy code"}]
    return look
