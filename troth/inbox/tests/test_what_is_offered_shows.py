"""Whatever we offer somebody to tap on is to be seen in the bubble, and so is what they answered."""

import pytest
from django.template.loader import render_to_string

from tests.outgoing import EVERY_KIND
from troth.channels.contract import Content
from troth.contacts.masking import Veil
from troth.inbox.files.places import HEADER, card_slot
from troth.inbox.models import Direction
from troth.inbox.screens.pieces import occasion_of, pieces_of

OFFERS = {name: content for name, content in EVERY_KIND.items() if content.kind == "interactive"}
OPEN = Veil(is_open=True)
FILM = {"id": "f", "is_here": True, "family": "video", "url": "/files/f/"}


@pytest.mark.parametrize("name", OFFERS)
def test_every_offer_shows_what_can_be_tapped_on(name: str) -> None:
    content: Content = OFFERS[name]
    shown = pieces_of("interactive", Direction.OUT, content.data or {}, OPEN, {})
    assert any(value for part, value in shown.items() if part not in ("header", "footer", "media", "asks_icon"))


@pytest.mark.parametrize("kind", ["image", "video", "document"])
def test_a_file_above_what_is_offered_is_shown_there(kind: str) -> None:
    data = {"type": "button", "header": {"type": kind, "id": "9", "name": "menu.pdf"}, "buttons": [{"title": "Yes"}]}
    file = {"id": "f", "size": 12, "is_here": True}
    shown = pieces_of("interactive", Direction.OUT, data, OPEN, {HEADER: file})["media"]
    assert shown == {"kind": kind, "name": "menu.pdf", "file": file, "size": 12}
    assert pieces_of("interactive", Direction.OUT, data, OPEN, {})["media"]["file"] is None


def test_how_an_order_stands_is_told_in_words() -> None:
    shown = pieces_of("interactive", Direction.OUT, OFFERS["order's status"].data or {}, OPEN, {})
    assert shown["description"] == "A-1 · Shipped · By courier"


def test_the_films_of_cards_and_their_answers_are_shown() -> None:
    data = OFFERS["carousel of films to answer"].data or {}
    message = {"pieces": pieces_of("interactive", Direction.OUT, data, OPEN, {card_slot(1): FILM})}
    page = render_to_string("inbox/_said.html", {"message": message})
    assert page.count("<video") == 1
    assert page.count("Yes c1b2") == 1


@pytest.mark.parametrize(
    ("response", "words"), [("accept", "You may call this person."), ("reject", "This person wants no calls.")]
)
def test_whether_we_may_call_is_told_in_words(response: str, words: str) -> None:
    data = {"type": "call_permission_reply", "answer": {"response": response, "response_source": "user_action"}}
    assert pieces_of("interactive", Direction.IN, data, OPEN, {}) == {"description": words}


def test_the_advertisement_and_the_product_that_led_to_a_message_are_shown() -> None:
    ad = {"kind": "ad", "title": "Fresh bread", "text": "Call +44 7700 900123", "url": "https://fb.example/2x"}
    occasion = {"ad": ad, "product": {"id": "cup-20", "catalog_id": "1"}}
    shown = render_to_string("inbox/_occasion.html", {"occasion": occasion_of({"occasion": occasion}, OPEN)})
    for words in ("From an advertisement", "Fresh bread", 'href="https://fb.example/2x"', "900123", "cup-20"):
        assert words in shown
    assert occasion_of({"occasion": {"ad": {"kind": "post"}}}, OPEN)["ad"]["label"] == "From a post of yours"
    assert occasion_of({}, OPEN) == occasion_of({"occasion": None}, OPEN) == {}


def test_a_number_in_an_advertisement_is_masked_for_who_may_not_see_numbers() -> None:
    ad = {"ad": {"title": "Call +44 7700 900123"}}
    masked = occasion_of({"occasion": ad}, Veil(numbers=frozenset({"447700900123"})))
    assert "900123" not in str(masked)
