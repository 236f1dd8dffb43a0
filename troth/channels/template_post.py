"""Reads the form of a template that is being written, and does what its small buttons ask for."""

from typing import Any

from troth.channels.definition.drafting import (
    BUTTONS,
    CARD_BUTTONS,
    CARD_MEDIA,
    HEADERS,
    KINDS,
    OTPS,
    Button,
    Card,
    Draft,
)

BUTTONS_READ_MAX, CARDS_READ_MAX = 12, 10
_LONG = 4_000


def draft_in(post: Any) -> Draft:
    """Return the template as the form holds it."""
    category = _one_of(post.get("category"), ("UTILITY", "MARKETING", "AUTHENTICATION"))
    return Draft(
        name=_short(post, "name"),
        language=_short(post, "language"),
        category=category,
        kind="code" if category == "AUTHENTICATION" else _one_of(post.get("kind"), KINDS[:4]),
        named=post.get("named") == "named",
        header=_one_of(post.get("header"), HEADERS),
        header_text=_short(post, "header_text"),
        handle=_long(post, "handle"),
        file=_short(post, "file"),
        body=_long(post, "body").replace("\r\n", "\n"),
        footer=_short(post, "footer"),
        examples={key.removeprefix("example-"): _short(post, key) for key in post if key.startswith("example-")},
        buttons=_buttons(post, "button", BUTTONS),
        offer_text=_short(post, "offer_text"),
        offer_expires="offer_expires" in post,
        card_media=_one_of(post.get("card_media"), CARD_MEDIA),
        cards=_cards(post),
        security="security" in post,
        minutes=_short(post, "minutes"),
        otp=_one_of(post.get("otp"), OTPS),
        autofill_text=_short(post, "autofill_text"),
        package=_short(post, "package"),
        signature=_short(post, "signature"),
        zero_tap_terms="zero_tap_terms" in post,
    )


def act_on(draft: Draft, act: str) -> None:
    """Add or take away a button or a card. `act` is add, add:2 (to a card), drop:1, drop:2:0, add_card or drop_card:1."""
    word, *numbers = act.split(":")
    at = [int(number) for number in numbers if number.isdecimal()]
    if word == "add" and not at and len(draft.buttons) < BUTTONS_READ_MAX:
        draft.buttons.append(Button())
    elif word == "add" and at and at[0] < len(draft.cards):
        draft.cards[at[0]].buttons.append(Button())
    elif word == "drop" and len(at) == 1 and at[0] < len(draft.buttons):
        del draft.buttons[at[0]]
    elif word == "drop" and len(at) == 2 and at[0] < len(draft.cards) and at[1] < len(draft.cards[at[0]].buttons):
        del draft.cards[at[0]].buttons[at[1]]
    elif word == "add_card" and len(draft.cards) < CARDS_READ_MAX:
        kinds = [Button(kind=one.kind) for one in draft.cards[0].buttons] if draft.cards else [Button()]
        draft.cards.append(Card(buttons=kinds))
    elif word == "drop_card" and at and at[0] < len(draft.cards):
        del draft.cards[at[0]]
    if draft.kind == "carousel" and len(draft.cards) < 2:  # a carousel has two cards or more
        draft.cards += [Card(buttons=[Button()]) for _ in range(2 - len(draft.cards))]


def _buttons(post: Any, prefix: str, kinds: tuple[str, ...]) -> list[Button]:
    found = []
    for at in range(BUTTONS_READ_MAX):
        if f"{prefix}-{at}-kind" not in post:
            break
        kind = _one_of(post.get(f"{prefix}-{at}-kind"), kinds)
        text, value = _short(post, f"{prefix}-{at}-text"), _long(post, f"{prefix}-{at}-value")
        example, screen = _long(post, f"{prefix}-{at}-example"), _short(post, f"{prefix}-{at}-screen")
        found.append(Button(kind, text, value, example, screen))
    return found


def _cards(post: Any) -> list[Card]:
    found = []
    for at in range(CARDS_READ_MAX):
        if f"card-{at}-body" not in post:
            break
        body = _long(post, f"card-{at}-body").replace("\r\n", "\n")
        buttons = _buttons(post, f"card-{at}-button", CARD_BUTTONS)
        found.append(Card(_long(post, f"card-{at}-handle"), _short(post, f"card-{at}-file"), body, buttons))
    return found


def _one_of(value: Any, options: tuple[str, ...]) -> str:
    return value if value in options else options[0]


def _short(post: Any, key: str) -> str:
    return str(post.get(key, ""))[:600]


def _long(post: Any, key: str) -> str:
    return str(post.get(key, ""))[:_LONG]
