"""Whatever we offer somebody to tap on is to be seen in the bubble, and so is what they answered."""

import pytest

from tests.outgoing import EVERY_KIND
from troth.channels.contract import Content
from troth.contacts.masking import Veil
from troth.inbox.models import Direction
from troth.inbox.screens.pieces import pieces_of

OFFERS = {name: content for name, content in EVERY_KIND.items() if content.kind == "interactive"}
OPEN = Veil(is_open=True)


@pytest.mark.parametrize("name", OFFERS)
def test_every_offer_shows_what_can_be_tapped_on(name: str) -> None:
    content: Content = OFFERS[name]
    shown = pieces_of("interactive", Direction.OUT, content.data or {}, OPEN, {})
    assert any(value for part, value in shown.items() if part not in ("header", "footer", "asks_icon"))


@pytest.mark.parametrize(
    ("response", "words"), [("accept", "You may call this person."), ("reject", "This person wants no calls.")]
)
def test_whether_we_may_call_is_told_in_words(response: str, words: str) -> None:
    data = {"type": "call_permission_reply", "answer": {"response": response, "response_source": "user_action"}}
    assert pieces_of("interactive", Direction.IN, data, OPEN, {}) == {"description": words}
