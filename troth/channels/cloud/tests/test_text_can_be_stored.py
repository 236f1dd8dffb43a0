"""What arrives can be stored in PostgreSQL and written as UTF-8, whatever was sent."""

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.wire import parse
from troth.channels.contract import MessageReceived

pytestmark = pytest.mark.clause("X16")

TEMPLATE = bodies.messages_body(bodies.message(text={"body": "HERE"}))


def text_of(escaped: bytes) -> str | None:
    [event] = parse(TEMPLATE.replace(b"HERE", escaped))
    assert isinstance(event, MessageReceived), event
    assert event.raw["text"]["body"] == event.content.text
    return event.content.text


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (rb"\ud83d\ude42", "🙂"),
        (rb"a\u0000b", "a\ufffdb"),
        (rb"a\ud83db", "a\ufffdb"),
        (rb"a\ude42\ud83db", "a\ufffd\ufffdb"),
        (rb"\ud83d", "\ufffd"),
        (b"a\xffb", "a\ufffdb"),
        ("ñ🙂".encode(), "ñ🙂"),
        (b"a\x01b", "a\x01b"),
        (b"a\x00b", "a\ufffdb"),
        (rb"\u200f\u202e", "\u200f\u202e"),
    ],
)
def test_halves_and_nothings_are_replaced(escaped: bytes, text: str) -> None:
    assert text_of(escaped) == text


def test_keys_are_cleaned_too() -> None:
    [event] = parse(TEMPLATE.replace(b'"text": {', rb'"odd\u0000key": 1, "text": {'))
    assert "odd\ufffdkey" in event.raw


def test_a_byte_order_mark_is_no_content() -> None:
    [event] = parse(b"\xef\xbb\xbf" + TEMPLATE)
    assert isinstance(event, MessageReceived)


@pytest.mark.parametrize("number", [b"1e999", b"-1e999", b"NaN", b"Infinity", b"9" * 5_000, b"1" + b"0" * 40])
def test_wild_numbers_cost_nothing_but_themselves(number: bytes) -> None:
    body = TEMPLATE.replace(b'"type": "text"', b'"type": "text", "wild": ' + number)
    [event] = parse(body)
    assert isinstance(event, MessageReceived)
    assert event.content.text == "HERE"


def test_of_two_keys_of_one_name_the_last_counts() -> None:
    [event] = parse(TEMPLATE.replace(b'"type": "text"', b'"type": "image", "type": "text"'))
    assert isinstance(event, MessageReceived)
    assert event.content.kind == "text"


def test_a_long_text_is_whole() -> None:
    assert text_of(b"x" * 70_000) == "x" * 70_000
