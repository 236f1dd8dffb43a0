"""Saying no before Meta would: what breaks a rule of the wire never leaves."""

from collections.abc import Iterable
from typing import Any

from troth.channels.cloud.words import REFUSALS
from troth.channels.contract import Unsupported


class Refusal(Unsupported):
    """This channel cannot say that. `words` is the key of the reason, `limit` the limit that was broken.

    `user_text` is the reason in English, for `gettext`, with `limit` to be filled in by the % operator.
    """

    def __init__(self, words: str, *, limit: int | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.limit = limit
        self.user_text = REFUSALS[words]


class TooLong(Refusal):
    """A text is longer than WhatsApp takes. `chars` is how long it is."""

    def __init__(self, *, limit: int, chars: int) -> None:
        super().__init__("too_long", limit=limit)
        self.chars = chars


def required_text(value: Any, *, chars_max: int) -> str:
    """Return a text that is there and short enough.

    Raises: Refusal, TooLong.
    """
    if not isinstance(value, str) or not value.strip():
        raise Refusal("empty")
    return optional_text(value, chars_max=chars_max) or ""


def optional_text(value: Any, *, chars_max: int) -> str | None:
    """Return a text that is short enough, or None where there is none.

    Raises: Refusal, TooLong.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refusal("incomplete")
    if len(value) > chars_max:
        raise TooLong(limit=chars_max, chars=len(value))
    return value


def some(values: Any, *, at_most: int, at_least: int = 1) -> list[Any]:
    """Return a list of the right length.

    Raises: Refusal.
    """
    if not isinstance(values, list):
        raise Refusal("incomplete")
    if len(values) < at_least:
        raise Refusal("too_few", limit=at_least)
    if len(values) > at_most:
        raise Refusal("too_many", limit=at_most)
    return values


def all_different(values: Iterable[str]) -> None:
    """Refuse choices of which two are the same.

    Raises: Refusal.
    """
    listed = list(values)
    if len(set(listed)) != len(listed):
        raise Refusal("not_unique")


def link(value: Any, *, chars_max: int = 2_000) -> str:
    """Return an address that people and Meta can open.

    Raises: Refusal, TooLong.
    """
    address = required_text(value, chars_max=chars_max)
    if not address.startswith(("https://", "http://")):
        raise Refusal("link")
    return address
