"""Turns a template and its values into the components of a message."""

import re
from collections.abc import Mapping
from typing import Any

from troth.channels.definition.reading import (
    MEDIA,
    PLACE,
    Part,
    buttons_of,
    cards_of,
    examples_in,
    format_of,
    has_suffix,
    key_of,
    needs_of,
    part_of,
    text_of,
    type_of,
    variables_in,
)

Values = Mapping[str, str]
COUPON_CHARS_MAX = 20
TEXT_CHARS_MAX = 1024
LINK_CHARS_MAX = 2000
PRODUCTS_MAX, SECTION_CHARS_MAX = 30, 24
UPLOADED = "uploaded:"  # begins the value of a header whose file was chosen here, before the name that the person sees
_BREAKS = re.compile(r"[\n\r\t]| {5,}")
_LINK = re.compile(r"https://[^\s/]+\.[^\s]+")
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")


class BadValue(Exception):
    """A value cannot be sent. `key` says which, `why` is missing, breaks, long, link, number, products or instant."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}")
        self.key = key
        self.why = why


def components_for(
    definition: Any, values: Values, *, category: str = "", named: bool = False, catalog_id: str = ""
) -> list[dict[str, Any]]:
    """Return the components of a message that sends this template. Those without values are left out. Products are of the
    catalogue.

    A media header's value is a link, or the id of an uploaded file, or UPLOADED and its name: then its place stays empty
    until the file is with Meta. `offer:expires` is in milliseconds since 1970.
    Raises: BadValue.
    """
    for need in needs_of(definition, category=category):
        _check(need.key, need.kind, values.get(need.key, ""))
    if category == "AUTHENTICATION":
        return _code(definition, values["code"])
    made = _components(definition, values, named=named, catalog_id=catalog_id, card=None)
    if (expires := values.get("offer:expires")) and part_of(definition, "LIMITED_TIME_OFFER"):
        offer = {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": int(expires)}}
        made.append({"type": "limited_time_offer", "parameters": [offer]})
    cards = cards_of(definition)
    if cards:
        inner = [
            _components(card, values, named=named, catalog_id=catalog_id, card=at) for at, card in enumerate(cards)
        ]
        made.append(
            {"type": "carousel", "cards": [{"card_index": at, "components": one} for at, one in enumerate(inner)]}
        )
    return made


def _check(key: str, kind: str, value: str) -> None:
    if not value.strip():
        raise BadValue(key, "missing")
    if _BREAKS.search(value):
        raise BadValue(key, "breaks")
    most = {"coupon": COUPON_CHARS_MAX, "code": 15, "suffix": LINK_CHARS_MAX}.get(kind, TEXT_CHARS_MAX)
    if len(value) > most:
        raise BadValue(key, "long")
    uploaded = value.isdecimal() or value.startswith(UPLOADED)
    if kind.upper() in MEDIA and not (uploaded or (_LINK.fullmatch(value) and len(value) <= LINK_CHARS_MAX)):
        raise BadValue(key, "link")
    if kind in ("latitude", "longitude") and not _is_degree(value, most=90 if kind == "latitude" else 180):
        raise BadValue(key, "number")
    if kind == "products" and not 1 <= len(_products(value)) <= PRODUCTS_MAX:
        raise BadValue(key, "products")
    if kind == "expires" and not value.isdecimal():
        raise BadValue(key, "instant")


def _products(written: str) -> list[str]:
    return [one.strip() for one in written.split(",") if one.strip()]


def _is_degree(value: str, *, most: int) -> bool:
    return bool(_NUMBER.fullmatch(value)) and abs(float(value)) <= most


def _components(
    definition: Any, values: Values, *, named: bool, catalog_id: str, card: int | None
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    header, body = part_of(definition, "HEADER"), part_of(definition, "BODY")
    if format_of(header) == "PRODUCT":
        product = {"product_retailer_id": values[key_of("header", "product", card=card)], "catalog_id": catalog_id}
        made.append({"type": "header", "parameters": [{"type": "product", "product": product}]})
    elif (parameters := _of_header(header, values, named=named, card=card)) is not None:
        made.append({"type": "header", "parameters": parameters})
    texts = _texts(body, values, place="body", named=named, card=card)
    if texts:
        made.append({"type": "body", "parameters": texts})
    for index, button in enumerate(buttons_of(definition)):
        given = values.get(key_of("button", str(index), card=card), "")
        if (one := _of_button(button, given, in_card=card is not None)) is not None:
            sub_type, parameter = one
            made.append({"type": "button", "sub_type": sub_type, "index": str(index), "parameters": [parameter]})
    return made


def _of_header(header: Part, values: Values, *, named: bool, card: int | None) -> list[dict[str, Any]] | None:
    kind = format_of(header)
    if kind in MEDIA:
        value = values[key_of("header", "file", card=card)]
        return [{"type": kind.lower(), kind.lower(): _file(kind, value)}]
    if kind == "LOCATION":
        place: dict[str, Any] = {word: values[key_of("header", word, card=card)] for word in PLACE}
        place |= {word: float(place[word]) for word in ("latitude", "longitude")}
        return [{"type": "location", "location": place}]
    return _texts(header, values, place="header", named=named, card=card) or None


def _file(kind: str, value: str) -> dict[str, str]:
    if not value.startswith(UPLOADED):
        return {"id" if value.isdecimal() else "link": value}
    name = value.removeprefix(UPLOADED)
    return {"filename": name} if kind == "DOCUMENT" and name else {}


def _texts(part: Part, values: Values, *, place: str, named: bool, card: int | None) -> list[dict[str, Any]]:
    names = variables_in(text_of(part))
    if not named:
        # Meta fills positional variables by their order of number, wherever they stand.
        names = sorted(names, key=lambda name: (not name.isdecimal(), int(name) if name.isdecimal() else 0))
    made = []
    for name in names:
        text = values[key_of(place, name, card=card)]
        made.append({"type": "text", "parameter_name": name, "text": text} if named else {"type": "text", "text": text})
    return made


def _of_button(button: Part, given: str, *, in_card: bool) -> tuple[str, dict[str, Any]] | None:
    kind = type_of(button)
    if has_suffix(button):
        return "url", {"type": "text", "text": given}
    if kind == "COPY_CODE":
        return "copy_code", {"type": "coupon_code", "coupon_code": given}
    if kind == "MPM":
        items = [{"product_retailer_id": one} for one in _products(given)]
        section = {"title": text_of(button)[:SECTION_CHARS_MAX], "product_items": items}
        action = {"thumbnail_product_retailer_id": items[0]["product_retailer_id"], "sections": [section]}
        return "mpm", {"type": "action", "action": action}
    if kind == "FLOW":
        return "flow", {"type": "action", "action": {"flow_token": "unused"}}
    if kind == "QUICK_REPLY" and in_card:
        return "quick_reply", {"type": "payload", "payload": text_of(button)}
    return None


def _code(definition: Any, code: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [{"type": "body", "parameters": [{"type": "text", "text": code}]}]
    if buttons_of(definition):
        text = {"type": "text", "text": code}
        made.append({"type": "button", "sub_type": "url", "index": "0", "parameters": [text]})
    return made


def is_named(definition: Any, parameter_format: str) -> bool:
    """Return whether variables go by their names: as Meta says, else as the definition's own examples do."""
    if parameter_format:
        return parameter_format.upper() == "NAMED"
    body = part_of(definition, "BODY")
    names = variables_in(text_of(body)) or list(examples_in(body, "body_text"))
    return any(not name.isdecimal() for name in names)
