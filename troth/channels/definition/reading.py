"""Reads a definition: its parts, its variables, and what has to be given for it to be sent."""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

Part = dict[str, Any]

VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
MEDIA = ("IMAGE", "VIDEO", "DOCUMENT")
PLACE = ("latitude", "longitude", "name", "address")
APPS_MAX = 5  # apps that may take a one-time code
# What takes more than a form to send: payments, and what only another of Meta's programs offers.
_HEADERS_BEYOND = {"GIF": "gif"}
_BUTTONS_BEYOND = {"ORDER_DETAILS": "order"}


class Need(Struct, frozen=True, kw_only=True):
    """One value that a send has to bring.

    `key` names it within the template. `kind` is text, image, video, document, latitude, longitude, name, address, suffix
    (the end of a link), coupon, code (a one-time code), expires, product (its id in the catalogue) or products (ids with
    commas between). `card` and `button` count from 0.
    """

    key: str
    kind: str
    name: str = ""
    example: str = ""
    card: int | None = None
    button: int | None = None


def part_of(definition: Any, kind: str) -> Part:
    """Return the component of a kind, empty where there is none."""
    return next((part for part in parts_of(definition) if type_of(part) == kind), {})


def parts_of(definition: Any) -> list[Part]:
    """Return the components that can be read."""
    return [part for part in definition if isinstance(part, dict)] if isinstance(definition, list) else []


def type_of(part: Part) -> str:
    """Return a component's or a button's type in capitals."""
    return str(part.get("type") or "").upper()


def format_of(header: Part) -> str:
    """Return what a header is: TEXT, IMAGE, ..., empty where there is none."""
    return str(header.get("format") or "TEXT").upper() if header else ""


def sample_of(header: Part) -> str:
    """Return the handle of a header's sample, empty where there is none that Meta would take again: what Meta tells of a
    sample is an address of its own, and it takes back only what was uploaded."""
    example = header.get("example")
    handle = _first(example.get("header_handle")) if isinstance(example, dict) else ""
    return "" if handle.startswith(("http://", "https://")) else handle


def buttons_of(definition: Any) -> list[Part]:
    """Return the buttons in their order."""
    return parts_of(part_of(definition, "BUTTONS").get("buttons"))


def cards_of(definition: Any) -> list[list[Part]]:
    """Return the definitions of a carousel's cards."""
    return [parts_of(card.get("components")) for card in parts_of(part_of(definition, "CAROUSEL").get("cards"))]


def text_of(part: Part) -> str:
    """Return a component's text."""
    return str(part.get("text") or "")


def variables_in(text: str) -> list[str]:
    """Return the names of the variables in a text, each once, in their order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


def examples_in(part: Part, key: str) -> dict[str, str]:
    """Return the examples of a header's or a body's variables, by name."""
    example = part.get("example")
    if not isinstance(example, dict):
        return {}
    named = example.get(f"{key}_named_params")
    if isinstance(named, list):
        return {str(one.get("param_name")): str(one.get("example")) for one in named if isinstance(one, dict)}
    given = example.get(key)
    row = given[0] if isinstance(given, list) and given and isinstance(given[0], list) else given
    return dict(zip(variables_in(text_of(part)), map(str, row), strict=False)) if isinstance(row, list) else {}


def needs_of(definition: Any, *, category: str = "") -> list[Need]:
    """Return what has to be given, in the order in which it is read."""
    if category == "AUTHENTICATION":
        return [Need(key="code", kind="code", example="123456")]
    return list(_needs(definition, card=None))


def obstacle_of(definition: Any) -> str:
    """Return what keeps a template from being sent by a form ("order", "gif"), empty where nothing does."""
    for inner in (parts_of(definition), *cards_of(definition)):
        found = _HEADERS_BEYOND.get(format_of(part_of(inner, "HEADER")))
        found = found or next(
            (_BUTTONS_BEYOND[type_of(b)] for b in buttons_of(inner) if type_of(b) in _BUTTONS_BEYOND), ""
        )
        if found:
            return found
    return ""


def shows_products(definition: Any) -> bool:
    """Return whether a template shows products that are chosen when it is sent, out of the number's catalogue."""
    return any(need.kind in ("product", "products") for need in needs_of(definition))


def asks_to_call(definition: Any) -> bool:
    """Return whether a template asks whether the person may be called."""
    return bool(part_of(definition, "CALL_PERMISSION_REQUEST"))


def key_of(place: str, name: str, *, card: int | None = None) -> str:
    """Return the key of a value: `body:1`, `button:0`, `card0.body:1`."""
    return f"{'' if card is None else f'card{card}.'}{place}:{name}"


def has_suffix(button: Part) -> bool:
    """Return whether a link ends in a variable."""
    return type_of(button) == "URL" and bool(VARIABLE.search(str(button.get("url") or "")))


def _needs(definition: Any, *, card: int | None) -> Iterator[Need]:
    header, body = part_of(definition, "HEADER"), part_of(definition, "BODY")
    yield from _of_header(header, card=card)
    examples = examples_in(body, "body_text")
    for name in variables_in(text_of(body)):
        key = key_of("body", name, card=card)
        yield Need(key=key, kind="text", name=name, example=examples.get(name, ""), card=card)
    if part_of(definition, "LIMITED_TIME_OFFER").get("limited_time_offer", {}).get("has_expiration"):
        yield Need(key="offer:expires", kind="expires")
    for index, button in enumerate(buttons_of(definition)):
        yield from _of_button(button, index, card=card)
    for at, inner in enumerate(cards_of(definition) if card is None else []):
        yield from _needs(inner, card=at)


def _of_header(header: Part, *, card: int | None) -> Iterator[Need]:
    kind = format_of(header)
    if kind in MEDIA:
        yield Need(key=key_of("header", "file", card=card), kind=kind.lower(), card=card)
    elif kind == "PRODUCT":
        yield Need(key=key_of("header", "product", card=card), kind="product", card=card)
    elif kind == "LOCATION":
        for word in PLACE:
            yield Need(key=key_of("header", word, card=card), kind=word, card=card)
    elif kind == "TEXT":
        examples = examples_in(header, "header_text")
        for name in variables_in(text_of(header)):
            key = key_of("header", name, card=card)
            yield Need(key=key, kind="text", name=name, example=examples.get(name, ""), card=card)


def _of_button(button: Part, index: int, *, card: int | None) -> Iterator[Need]:
    key = key_of("button", str(index), card=card)
    if has_suffix(button):
        yield Need(key=key, kind="suffix", example=_suffix_example(button), card=card, button=index)
    elif type_of(button) == "COPY_CODE":
        yield Need(key=key, kind="coupon", example=_first(button.get("example")), card=card, button=index)
    elif type_of(button) == "MPM":
        yield Need(key=key, kind="products", card=card, button=index)


def _suffix_example(button: Part) -> str:
    whole, base = _first(button.get("example")), VARIABLE.split(str(button.get("url") or ""))[0]
    return whole.removeprefix(base)


def _first(value: Any) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, str) else ""
