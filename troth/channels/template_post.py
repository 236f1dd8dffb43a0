"""Reads the form of a template that is being written, and does what its small buttons ask for."""

from typing import Any

from troth.channels.definition.drafting import (
    BUTTONS,
    CARD_BUTTONS,
    CARD_MEDIA,
    HEADERS,
    KINDS,
    OTPS,
    App,
    Button,
    Card,
    Draft,
)
from troth.channels.definition.ordering import drop_card, move_card, with_button_moved
from troth.channels.definition.reading import APPS_MAX

BUTTONS_READ_MAX, CARDS_READ_MAX = 12, 10
_LONG = 4_000


def draft_in(post: Any) -> Draft:
    """Return the template as the form holds it."""
    category = _one_of(post.get("category"), ("UTILITY", "MARKETING", "AUTHENTICATION"))
    begins = "otp" not in post  # a template for codes has its fields only once it is one
    header, card_media = _one_of(post.get("header"), HEADERS), _one_of(post.get("card_media"), CARD_MEDIA)
    return Draft(
        name=_short(post, "name"),
        language=_short(post, "language"),
        category=category,
        kind="code" if category == "AUTHENTICATION" else _one_of(post.get("kind"), KINDS[:4]),
        named=post.get("named") == "named",
        header=header,
        header_text=_short(post, "header_text"),
        handle=_long(post, "handle") if post.get("handle_of", header) == header else "",  # a sample is of one kind
        file=_short(post, "file"),
        body=_long(post, "body").replace("\r\n", "\n"),
        footer=_short(post, "footer"),
        examples={key.removeprefix("example-"): _short(post, key) for key in post if key.startswith("example-")},
        buttons=_buttons(post, "button", BUTTONS),
        offer_text=_short(post, "offer_text"),
        offer_expires="offer_expires" in post,
        card_media=card_media,
        cards=_cards(post, with_handles=post.get("card_handles_of", card_media) == card_media),
        security=begins or "security" in post,
        minutes="10" if begins else _short(post, "minutes"),
        otp=_one_of(post.get("otp"), OTPS),
        autofill_text=_short(post, "autofill_text"),
        apps=_apps(post),
        zero_tap_terms="zero_tap_terms" in post,
    )


def act_on(draft: Draft, act: str) -> str:
    """Return the id that what was moved has in the form, empty where nothing was. Add, take away or move a button, a card or an app. `act` is add, drop:1, up:1 or down:1, of a card's button add:2,
    drop:2:0, up:2:0 or down:2:0; add_card, drop_card:1, card_up:1 or card_down:1; add_app or drop_app:1."""
    word, *numbers = act.split(":")
    at = [int(number) for number in numbers if number.isdecimal()]
    moved = ""
    if word in ("add", "drop", "up", "down"):
        moved = _act_on_buttons(draft, word, at)
    elif word in ("add_app", "drop_app"):
        _act_on_apps(draft, word, at)
    elif word == "add_card" and len(draft.cards) < CARDS_READ_MAX:
        kinds = [Button(kind=one.kind) for one in draft.cards[0].buttons] if draft.cards else [Button()]
        draft.cards.append(Card(buttons=kinds))
    elif word == "drop_card" and at:
        drop_card(draft, at[0])
    elif word in ("card_up", "card_down") and at:
        moved = f"card-{move_card(draft, at[0], step=-1 if word == 'card_up' else 1)}"
    if draft.kind == "carousel" and len(draft.cards) < 2:  # a carousel has two cards or more
        draft.cards += [Card(buttons=[Button()]) for _ in range(2 - len(draft.cards))]
    if draft.is_code and draft.otp != "COPY_CODE" and not draft.apps:
        draft.apps.append(App())
    return moved


def _act_on_buttons(draft: Draft, word: str, at: list[int]) -> str:
    """Act on the template's own buttons, or on those of the card that the first of two numbers names (of one, to add)."""
    cards = at[:1] if word == "add" else at[:-1]
    if any(card >= len(draft.cards) for card in cards) or (word != "add" and not at):
        return ""
    place: Draft | Card = draft.cards[cards[0]] if cards else draft
    if word == "add" and len(place.buttons) < BUTTONS_READ_MAX:
        place.buttons.append(Button())
    elif word == "drop" and at[-1] < len(place.buttons):
        del place.buttons[at[-1]]
    elif word in ("up", "down"):
        place.buttons, stands = with_button_moved(place.buttons, at[-1], step=-1 if word == "up" else 1)
        return f"card-{cards[0]}-button-{stands}" if cards else f"button-{stands}"
    return ""


def _act_on_apps(draft: Draft, word: str, at: list[int]) -> None:
    if word == "add_app" and len(draft.apps) < APPS_MAX:
        draft.apps.append(App())
    elif word == "drop_app" and at and at[0] < len(draft.apps):
        del draft.apps[at[0]]


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


def _apps(post: Any) -> list[App]:
    some = range(APPS_MAX + 1)
    return [
        App(_short(post, f"app-{at}-package"), _short(post, f"app-{at}-signature"))
        for at in some
        if f"app-{at}-package" in post
    ]


def _cards(post: Any, *, with_handles: bool) -> list[Card]:
    found = []
    for at in range(CARDS_READ_MAX):
        if f"card-{at}-body" not in post:
            break
        body = _long(post, f"card-{at}-body").replace("\r\n", "\n")
        buttons = _buttons(post, f"card-{at}-button", CARD_BUTTONS)
        handle = _long(post, f"card-{at}-handle") if with_handles else ""
        found.append(Card(handle, _short(post, f"card-{at}-file"), body, buttons))
    return found


def _one_of(value: Any, options: tuple[str, ...]) -> str:
    return value if value in options else options[0]


def _short(post: Any, key: str) -> str:
    return str(post.get(key, ""))[:600]


def _long(post: Any, key: str) -> str:
    return str(post.get(key, ""))[:_LONG]
