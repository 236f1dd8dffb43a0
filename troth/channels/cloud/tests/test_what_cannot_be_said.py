"""What breaks a rule of the wire never leaves, and says why."""

from typing import Any

import pytest

from tests.outgoing import BSUID, OPENS, answers, card, outbound, tapped, text
from troth.channels.cloud.build import body_for
from troth.channels.cloud.refusal import Refusal, TooLong
from troth.channels.contract import Content, Media, Unsupported

ROWS = [{"id": str(n), "title": f"Row {n}"} for n in range(11)]
BUTTONS = [{"id": str(n), "title": f"B{n}"} for n in range(4)]
ITEMS = {"product_items": [{"product_retailer_id": "p"}]}


def order(reference: str, remark: str = "") -> dict[str, Any]:
    parameters = {"reference_id": reference, "order": {"status": "shipped", "description": remark}}
    return {"name": "review_order", "parameters": parameters}


@pytest.mark.parametrize(
    "recipient",
    [
        {"phone": None},
        {"bsuid": BSUID},
        {"group_id": "G1"},
        {"phone": "34600111222"},
        {"phone": "+0034600111222"},
        {"phone": "+34 600 111 222"},
        {"phone": "+" + "1" * 16},
        {"phone": ""},
        {"phone": "+١٢٣٤٥٦٧"},
        {"phone": None, "bsuid": ""},
        {"phone": None, "bsuid": "ES. x"},
        {"phone": None, "group_id": "x" * 600},
    ],
)
def test_a_recipient_that_is_none(recipient: Any) -> None:
    with pytest.raises(Refusal) as caught:
        body_for(outbound(text(), **recipient))
    assert caught.value.words == "recipient"


@pytest.mark.parametrize(
    ("content", "words", "limit"),
    [
        (text(""), "empty", None),
        (text("  \n"), "empty", None),
        (Content(kind="text"), "empty", None),
        (text("x" * 4_097), "too_long", 4_096),
        (Content(kind="image"), "no_file", None),
        (Content(kind="image", media=Media(name="a.png")), "no_file", None),
        (Content(kind="image", media=Media(url="ftp://x/a.png")), "link", None),
        (Content(kind="image", media=Media(id="9"), text="x" * 1_025), "too_long", 1_024),
        (Content(kind="audio", media=Media(id="9"), text="la"), "no_caption", None),
        (Content(kind="sticker", media=Media(id="9"), text="la"), "no_caption", None),
        (Content(kind="location"), "place", None),
        (Content(kind="location", data={"latitude": 91, "longitude": 0}), "place", None),
        (Content(kind="location", data={"latitude": float("nan"), "longitude": 0}), "place", None),
        (Content(kind="contacts", data={"cards": []}), "too_few", 1),
        (Content(kind="contacts", data={"cards": [{"name": "A"}] * 258}), "too_many", 257),
        (Content(kind="contacts", data={"cards": [{"name": ""}]}), "empty", None),
        (Content(kind="contacts", data={"cards": [{"name": "A", "phones": [{}]}]}), "empty", None),
        (Content(kind="reaction", data={"emoji": "x"}), "incomplete", None),
        (Content(kind="pin", data={"target_id": "wamid.in1"}), "groups_only", None),
        (Content(kind="unsupported"), "unsupported_kind", None),
        (Content(kind="order"), "unsupported_kind", None),
        (Content(kind="system"), "unsupported_kind", None),
        (tapped("hologram"), "unsupported_kind", None),
        (Content(kind="interactive"), "unsupported_kind", None),
        (tapped("button", buttons=[]), "too_few", 1),
        (tapped("button", buttons=BUTTONS), "too_many", 3),
        (tapped("button", None, buttons=BUTTONS[:1]), "empty", None),
        (tapped("button", "x" * 1_025, buttons=BUTTONS[:1]), "too_long", 1_024),
        (tapped("button", buttons=BUTTONS[:1], footer="x" * 61), "too_long", 60),
        (tapped("button", buttons=BUTTONS[:1], header={"type": "text", "text": "x" * 61}), "too_long", 60),
        (tapped("button", buttons=[{"id": "1", "title": "x" * 21}]), "too_long", 20),
        (tapped("button", buttons=[{"id": "x" * 257, "title": "A"}]), "too_long", 256),
        (tapped("button", buttons=[{"id": "1", "title": "A"}, {"id": "1", "title": "B"}]), "not_unique", None),
        (tapped("button", buttons=[{"id": "1", "title": "A"}, {"id": "2", "title": "A"}]), "not_unique", None),
        (tapped("button", buttons=["A"]), "incomplete", None),
        (tapped("list", label="x" * 21, sections=[{"rows": ROWS[:1]}]), "too_long", 20),
        (tapped("list", "x" * 4_097, label="L", sections=[{"rows": ROWS[:1]}]), "too_long", 4_096),
        (tapped("list", label="L", sections=[{"rows": ROWS}]), "too_many", 10),
        (
            tapped("list", label="L", sections=[{"title": "A", "rows": ROWS[:6]}, {"title": "B", "rows": ROWS[6:]}]),
            "too_many",
            10,
        ),
        (tapped("list", label="L", sections=[{"rows": ROWS[:1]}, {"rows": ROWS[1:2]}]), "empty", None),
        (tapped("list", label="L", sections=[{"title": "x" * 25, "rows": ROWS[:1]}]), "too_long", 24),
        (tapped("list", label="L", sections=[{"rows": [ROWS[0], ROWS[0]]}]), "not_unique", None),
        (tapped("list", label="L", sections=[{"rows": [{"id": "1", "title": "x" * 25}]}]), "too_long", 24),
        (
            tapped("list", label="L", sections=[{"rows": [{"id": "1", "title": "A", "description": "x" * 73}]}]),
            "too_long",
            72,
        ),
        (tapped("list", label="L", sections=[{"rows": [{"id": "x" * 201, "title": "A"}]}]), "too_long", 200),
        (
            tapped("list", label="L", sections=[{"rows": ROWS[:1]}], header={"type": "image", "id": "9"}),
            "unsupported_kind",
            None,
        ),
        (tapped("cta_url", label="x" * 21, url="https://x"), "too_long", 20),
        (tapped("cta_url", label="See", url="javascript:x"), "link", None),
        (tapped("flow", label="x" * 31, flow_id="5"), "too_long", 30),
        (tapped("flow", label="Book"), "incomplete", None),
        (tapped("flow", label="Book", flow_id="5", flow_name="b"), "incomplete", None),
        (tapped("product", None), "incomplete", None),
        (tapped("carousel", action={"cards": [{}]}), "too_few", 2),
        (tapped("carousel", action={"cards": [{}] * 11}), "too_many", 10),
        (tapped("carousel", action={"cards": [{"body": {"text": "x" * 161}}, {}]}), "too_long", 160),
        (
            tapped("carousel", action={"cards": [card(0, "image", OPENS), card(1, "video", OPENS)]}),
            "cards_differ",
            None,
        ),
        (
            tapped("carousel", action={"cards": [card(0, "image", OPENS), card(1, "image", answers("a"))]}),
            "cards_differ",
            None,
        ),
        (
            tapped("carousel", action={"cards": [card(n, "image", answers("a")) for n in range(2)]}),
            "not_unique",
            None,
        ),
        (tapped("carousel", action={"cards": [card(0, "image", answers("a", "b", "c")), {}]}), "too_many", 2),
        (tapped("carousel", action={"cards": [card(0, "image", answers("x" * 257)), {}]}), "too_long", 20),
        (
            tapped(
                "button", buttons=[{"id": "1", "title": "A"}], header={"type": "document", "id": "9", "name": "x" * 241}
            ),
            "too_long",
            240,
        ),
        (tapped("voice_call", action={"name": "voice_call", "parameters": {"display_text": "x" * 21}}), "too_long", 20),
        (tapped("order_status", action=order("A 1")), "reference", None),
        (tapped("order_status", action=order("x" * 36)), "too_long", 35),
        (tapped("order_status", action=order("A-1", "x" * 121)), "too_long", 120),
        (tapped("product_list", action={"sections": [ITEMS, ITEMS]}), "empty", None),
        (tapped("product_list", action={"sections": [{"title": "x" * 25, **ITEMS}]}), "too_long", 24),
        (
            tapped("product_list", action={"sections": [{"product_items": [{"product_retailer_id": "p"}] * 31}]}),
            "too_many",
            30,
        ),
        (Content(kind="template", data={"language": "en"}), "empty", None),
        (Content(kind="template", data={"name": "x"}), "empty", None),
        (Content(kind="template", data={"name": "x" * 513, "language": "en"}), "too_long", 512),
        (
            Content(kind="template", data={"name": "x", "language": "en", "components": [{"type": "x"}]}),
            "incomplete",
            None,
        ),
    ],
)
def test_a_rule_that_is_broken(content: Content, words: str, limit: int | None) -> None:
    with pytest.raises(Unsupported) as caught:
        body_for(outbound(content))
    assert isinstance(caught.value, Refusal)
    assert (caught.value.words, caught.value.limit) == (words, limit)
    assert caught.value.user_text % {"limit": limit}


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a     b"])
def test_a_templates_values_hold_no_breaks(value: str) -> None:
    inner = {"type": "body", "parameters": [{"type": "text", "text": value}]}
    for component in (inner, {"type": "carousel", "cards": [{"components": [inner]}]}):
        with pytest.raises(Refusal) as caught:
            body_for(
                outbound(Content(kind="template", data={"name": "x", "language": "en", "components": [component]}))
            )
        assert caught.value.words == "line_breaks"


def test_the_longest_text_passes_and_one_more_does_not() -> None:
    assert body_for(outbound(text("ñ" * 4_096)))["text"]["body"] == "ñ" * 4_096
    with pytest.raises(TooLong) as caught:
        body_for(outbound(text("ñ" * 4_097)))
    assert (caught.value.limit, caught.value.chars) == (4_096, 4_097)


def test_a_refusal_tells_nothing_of_the_message() -> None:
    with pytest.raises(Refusal) as caught:
        body_for(outbound(text("private " * 1_000), quoted_id="wamid.private"))
    assert "private" not in f"{caught.value!r} {caught.value} {caught.value.user_text}"
