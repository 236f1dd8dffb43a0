"""What Meta would refuse, found before it is asked.

Each fault is a short code whose sentence stands in `troth/channels/template_words.py`, with where it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from msgspec import Struct

from troth.channels.definition.reading import (
    APPS_MAX,
    MEDIA,
    VARIABLE,
    Part,
    buttons_of,
    cards_of,
    examples_in,
    format_of,
    part_of,
    parts_of,
    text_of,
    type_of,
    variables_in,
)

NAME_CHARS_MAX = 512
HEADER_CHARS_MAX, BODY_CHARS_MAX, FOOTER_CHARS_MAX = 60, 1024, 60
OFFER_BODY_CHARS_MAX, CARD_BODY_CHARS_MAX, OFFER_CHARS_MAX = 600, 160, 16
BUTTONS_MAX, CARD_BUTTONS_MAX, BUTTON_CHARS_MAX = 10, 2, 25
URL_CHARS_MAX, PHONE_CHARS_MAX, COUPON_CHARS_MAX = 2000, 20, 20
CARDS_MIN, CARDS_MAX = 2, 10
MOST_OF = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "CATALOG": 1, "MPM": 1, "SPM": 1, "VOICE_CALL": 1}
MINUTES_MIN, MINUTES_MAX = 1, 90
WORDS_PER_VARIABLE = 2
# What stands without words of its own.
WORDLESS = {"COPY_CODE", "OTP"}

_NAME = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_NAMED = re.compile(r"[a-z][a-z0-9_]*")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
_PHONE = re.compile(r"\+?[0-9]{6,19}")
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)+")
_HASH = re.compile(r"[A-Za-z0-9+/=]{11}")
_MARKS = re.compile(r"[\n\r*~`]|_(?=\w).*(?<=\w)_")
_BRACES = re.compile(r"\{\{|\}\}")
_CARD_MEDIA = {"IMAGE", "VIDEO", "PRODUCT"}


class Fault(Struct, frozen=True, kw_only=True):
    """Something that Meta would refuse. `where` is name, language, category, header, body, footer, offer, buttons, cards or
    apps; `at` counts the button, card or app from 1, `word` is the variable that it is about."""

    code: str
    where: str
    at: int = 0
    word: str = ""


def faults_of(definition: Any, *, name: str, language: str, category: str, named: bool) -> list[Fault]:
    """Return what is wrong with a template that is to be submitted, in the order of the form."""
    return [*_of_names(name, language, category), *_of_parts(definition, category=category, named=named)]


def _of_names(name: str, language: str, category: str) -> Iterator[Fault]:
    if not name:
        yield Fault(code="name_empty", where="name")
    elif not _NAME.fullmatch(name):
        yield Fault(code="name_shape", where="name")
    elif len(name) > NAME_CHARS_MAX:
        yield Fault(code="name_long", where="name")
    if not _LANGUAGE.fullmatch(language):
        yield Fault(code="language", where="language")
    if category not in ("MARKETING", "UTILITY", "AUTHENTICATION"):
        yield Fault(code="category", where="category")


def _of_parts(definition: Any, *, category: str, named: bool) -> Iterator[Fault]:
    if category == "AUTHENTICATION":
        yield from _of_code(definition)
        return
    offer, cards = part_of(definition, "LIMITED_TIME_OFFER"), part_of(definition, "CAROUSEL")
    yield from _of_header(part_of(definition, "HEADER"), named=named)
    most = OFFER_BODY_CHARS_MAX if offer else BODY_CHARS_MAX
    yield from _of_body(part_of(definition, "BODY"), most=most, named=named)
    yield from _of_footer(part_of(definition, "FOOTER"))
    if offer:
        yield from _of_offer(definition, offer, category=category)
    yield from _of_buttons(definition, named=named)
    yield from _of_products(definition, category=category)
    if cards:
        yield from _of_cards(definition, named=named)


def _of_header(header: Part, *, named: bool) -> Iterator[Fault]:
    kind = format_of(header)
    if kind in MEDIA and not _has_sample(header):
        yield Fault(code="sample_missing", where="header")
    if kind != "TEXT":
        return
    text = text_of(header)
    bare = VARIABLE.sub("", text)
    if not text.strip():
        yield Fault(code="header_empty", where="header")
    elif len(text) > HEADER_CHARS_MAX:
        yield Fault(code="header_long", where="header")
    if len(variables_in(text)) > 1:
        yield Fault(code="header_variables", where="header")
    if _MARKS.search(bare) or any(unicodedata.category(sign) in ("So", "Sk", "Cs") for sign in bare):
        yield Fault(code="header_marks", where="header")
    yield from _of_variables(text, examples_in(header, "header_text"), where="header", named=named)


def _of_body(body: Part, *, most: int, named: bool, card: int = 0) -> Iterator[Fault]:
    where, text = ("cards" if card else "body"), text_of(body).strip()
    if not text:
        if not card:
            yield Fault(code="body_empty", where=where)
        return
    if len(text) > most:
        yield Fault(
            code={OFFER_BODY_CHARS_MAX: "body_long_offer", CARD_BODY_CHARS_MAX: "body_long_card"}.get(
                most, "body_long"
            ),
            where=where,
            at=card,
        )
    found = list(VARIABLE.finditer(text))
    if found and (found[0].start() == 0 or found[-1].end() == len(text)):
        yield Fault(code="body_edges", where=where, at=card)
    words = len(VARIABLE.sub(" ", text).split())
    if found and words < WORDS_PER_VARIABLE * len(found) + 1:
        yield Fault(code="body_crowded", where=where, at=card)
    yield from _of_variables(text, examples_in(body, "body_text"), where=where, named=named, at=card)


def _of_variables(text: str, examples: dict[str, str], *, where: str, named: bool, at: int = 0) -> Iterator[Fault]:
    names = variables_in(text)
    if _BRACES.search(VARIABLE.sub("", text)):
        yield Fault(code="braces", where=where, at=at)
    if named:
        for name in names:
            if not _NAMED.fullmatch(name):
                yield Fault(code="variable_named", where=where, at=at, word=name)
    elif any(not name.isdecimal() for name in names):
        yield Fault(code="variable_numbered", where=where, at=at)
    elif sorted(map(int, names)) != list(range(1, len(names) + 1)):
        yield Fault(code="variable_order", where=where, at=at)
    for name in names:
        if not examples.get(name, "").strip():
            yield Fault(code="example_missing", where=where, at=at, word=name)


def _of_footer(footer: Part) -> Iterator[Fault]:
    text = text_of(footer)
    if len(text) > FOOTER_CHARS_MAX:
        yield Fault(code="footer_long", where="footer")
    if VARIABLE.search(text) or _BRACES.search(text):
        yield Fault(code="footer_variables", where="footer")


def _of_offer(definition: Any, offer: Part, *, category: str) -> Iterator[Fault]:
    said = offer.get("limited_time_offer")
    text = str(said.get("text") or "") if isinstance(said, dict) else ""
    if category != "MARKETING":
        yield Fault(code="offer_category", where="category")
    if not text.strip():
        yield Fault(code="offer_empty", where="offer")
    elif len(text) > OFFER_CHARS_MAX:
        yield Fault(code="offer_long", where="offer")
    if part_of(definition, "FOOTER"):
        yield Fault(code="offer_footer", where="footer")
    kinds = [type_of(button) for button in buttons_of(definition)]
    if "URL" not in kinds:
        yield Fault(code="offer_link", where="buttons")


def _of_products(definition: Any, *, category: str) -> Iterator[Fault]:
    """What shows products is marketing; one product stands in the header whose button shows it."""
    inner = [parts_of(definition), *cards_of(definition)]
    headers = [format_of(part_of(one, "HEADER")) == "PRODUCT" for one in inner]
    shows = [any(type_of(button) == "SPM" for button in buttons_of(one)) for one in inner]
    several = any(type_of(button) == "MPM" for button in buttons_of(definition))
    if (any(headers) or several) and category != "MARKETING":
        yield Fault(code="products_category", where="category")
    if any(shown and not header for header, shown in zip(headers, shows, strict=True)):
        yield Fault(code="product_header", where="cards" if part_of(definition, "CAROUSEL") else "header")


def _of_buttons(definition: Any, *, named: bool, card: int = 0) -> Iterator[Fault]:
    buttons = buttons_of(definition)
    kinds = [type_of(button) for button in buttons]
    where = "cards" if card else "buttons"
    if len(buttons) > (CARD_BUTTONS_MAX if card else BUTTONS_MAX):
        yield Fault(code="card_buttons_many" if card else "buttons_many", where=where, at=card)
    for kind, most in MOST_OF.items():
        if kinds.count(kind) > most:
            yield Fault(code=f"too_many_{kind.lower()}", where=where, at=card)
    if sum(left != right for left, right in pairwise(kind == "QUICK_REPLY" for kind in kinds)) > 1:
        yield Fault(code="buttons_mixed", where=where, at=card)
    texts = [text_of(button) for button in buttons if type_of(button) not in WORDLESS]
    if len(set(texts)) != len(texts):
        yield Fault(code="buttons_alike", where=where, at=card)
    for at, button in enumerate(buttons, start=1):
        yield from _of_button(button, where=where, at=card or at)


def _of_button(button: Part, *, where: str, at: int) -> Iterator[Fault]:
    kind, text = type_of(button), text_of(button)
    if kind not in WORDLESS:
        if not text.strip():
            yield Fault(code="button_empty", where=where, at=at)
        elif len(text) > BUTTON_CHARS_MAX:
            yield Fault(code="button_long", where=where, at=at)
        if _BRACES.search(text) or "\n" in text:
            yield Fault(code="button_text", where=where, at=at)
    if kind == "URL":
        yield from _of_link(button, where=where, at=at)
    elif kind == "PHONE_NUMBER" and not _PHONE.fullmatch(str(button.get("phone_number") or "")):
        yield Fault(code="button_phone", where=where, at=at)
    elif kind == "COPY_CODE":
        example = _first(button.get("example"))
        if not 1 <= len(example) <= COUPON_CHARS_MAX:
            yield Fault(code="button_coupon", where=where, at=at)
    elif kind == "FLOW" and not (button.get("flow_id") or button.get("flow_name") or button.get("flow_json")):
        yield Fault(code="button_flow", where=where, at=at)


def _of_link(button: Part, *, where: str, at: int) -> Iterator[Fault]:
    url = str(button.get("url") or "")
    found = list(VARIABLE.finditer(url))
    if not _URL.fullmatch(VARIABLE.sub("x", url)) or len(url) > URL_CHARS_MAX:
        yield Fault(code="button_url", where=where, at=at)
    elif len(found) > 1 or (found and found[0].end() != len(url)):
        yield Fault(code="button_url_variable", where=where, at=at)
    elif found and not _URL.fullmatch(_first(button.get("example"))):
        yield Fault(code="button_url_example", where=where, at=at)


def _of_cards(definition: Any, *, named: bool) -> Iterator[Fault]:
    cards = cards_of(definition)
    if not CARDS_MIN <= len(cards) <= CARDS_MAX:
        yield Fault(code="cards_count", where="cards")
    shapes = {
        (
            format_of(part_of(card, "HEADER")),
            bool(part_of(card, "BODY")),
            tuple(type_of(one) for one in buttons_of(card)),
        )
        for card in cards
    }
    if len(shapes) > 1:
        yield Fault(code="cards_differ", where="cards")
    for at, card in enumerate(cards, start=1):
        header = part_of(card, "HEADER")
        if format_of(header) not in _CARD_MEDIA or not (_has_sample(header) or format_of(header) == "PRODUCT"):
            yield Fault(code="card_sample_missing", where="cards", at=at)
        if not buttons_of(card):
            yield Fault(code="card_buttons_missing", where="cards", at=at)
        yield from _of_body(part_of(card, "BODY"), most=CARD_BODY_CHARS_MAX, named=named, card=at)
        yield from _of_buttons(card, named=named, card=at)


def _of_code(definition: Any) -> Iterator[Fault]:
    minutes = part_of(definition, "FOOTER").get("code_expiration_minutes")
    if minutes is not None and not (isinstance(minutes, int) and MINUTES_MIN <= minutes <= MINUTES_MAX):
        yield Fault(code="minutes", where="footer")
    buttons = buttons_of(definition)
    if len(buttons) != 1 or type_of(buttons[0]) != "OTP":
        yield Fault(code="code_button", where="buttons")
        return
    button, kind = buttons[0], str(buttons[0].get("otp_type") or "").upper()
    if len(text_of(button)) > BUTTON_CHARS_MAX or len(str(button.get("autofill_text") or "")) > BUTTON_CHARS_MAX:
        yield Fault(code="button_long", where="buttons", at=1)
    if kind in ("ONE_TAP", "ZERO_TAP"):
        yield from _of_apps(parts_of(button.get("supported_apps")))
    if kind == "ZERO_TAP" and button.get("zero_tap_terms_accepted") is not True:
        yield Fault(code="zero_tap_terms", where="buttons")


def _of_apps(apps: list[Part]) -> Iterator[Fault]:
    if not 1 <= len(apps) <= APPS_MAX:
        yield Fault(code="apps_count", where="apps")
    for at, app in enumerate(apps, start=1):
        if not _PACKAGE.fullmatch(str(app.get("package_name") or "")) or not _HASH.fullmatch(
            str(app.get("signature_hash") or "")
        ):
            yield Fault(code="apps", where="apps", at=at)
        elif app in apps[: at - 1]:
            yield Fault(code="apps_alike", where="apps", at=at)


def _has_sample(header: Part) -> bool:
    example = header.get("example")
    return bool(isinstance(example, dict) and _first(example.get("header_handle")))


def _first(value: Any) -> str:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, str) else ""
