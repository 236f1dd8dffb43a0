"""Whatever the wire may tell of a number has words on its page."""

from troth.channels.cloud.wire.account import ASPECTS
from troth.channels.news import ABOUT

# Those that stand in lists of their own on the wire.
LISTED = {"group", "handover", "problem", "user_action", "conversion", "context", "order_payment", "history"}


def test_there_are_words_for_every_aspect() -> None:
    assert {aspect for aspect, _ in ASPECTS.values()} | LISTED <= set(ABOUT)
