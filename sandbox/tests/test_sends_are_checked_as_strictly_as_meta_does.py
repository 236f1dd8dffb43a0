"""Every kind of send: what is let through, and what each wrong thing is answered with."""

from typing import Any

import pytest

from sandbox.tests.conftest import Bench

MEDIUM = {"link": "https://example.org/a.jpg"}
CARD = {"name": {"formatted_name": "Ann Lee", "first_name": "Ann"}, "phones": [{"phone": "+44 7700 900111"}]}


def interactive(kind: str, action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "Pick"}, "action": action, **more}}


def buttons(*titles: str) -> dict[str, Any]:
    return {"buttons": [{"type": "reply", "reply": {"id": f"b{i}", "title": title}} for i, title in enumerate(titles)]}


def rows(count: int, *, sections: int = 1) -> dict[str, Any]:
    made = [{"id": f"r{i}", "title": f"Row {i}"} for i in range(count)]
    share = max(1, count // sections)
    parts = [{"title": f"S{i}", "rows": made[i * share : (i + 1) * share]} for i in range(sections)]
    return {"button": "Choose", "sections": parts}


def film(index: int, *ids: str) -> dict[str, Any]:
    """Return a card that shows a film and is answered with a tap."""
    buttons = [{"type": "quick_reply", "quick_reply": {"id": id, "title": id}} for id in ids]
    header = {"type": "video", "video": MEDIUM}
    return {"card_index": index, "type": "cta_url", "header": header, "action": {"buttons": buttons}}


def order(reference: str, status: str) -> dict[str, Any]:
    return {"name": "review_order", "parameters": {"reference_id": reference, "order": {"status": status}}}


GOOD: dict[str, dict[str, Any]] = {
    "text": {"type": "text", "text": {"body": "hello"}},
    "text without type": {"text": {"body": "hello", "preview_url": True}},
    "text of 4096": {"type": "text", "text": {"body": "x" * 4096}},
    "reply": {"type": "text", "text": {"body": "hi"}, "context": {"message_id": "wamid.A"}},
    "callback data": {"type": "text", "text": {"body": "hi"}, "biz_opaque_callback_data": "x" * 512},
    "number with blanks": {"to": "+44 (7700) 900-123", "type": "text", "text": {"body": "hi"}},
    "user id": {"recipient": "GB.13491208655302741918", "type": "text", "text": {"body": "hi"}},
    "parent user id": {"recipient": "GB.ENT.1181579921", "type": "text", "text": {"body": "hi"}},
    "image": {"type": "image", "image": {**MEDIUM, "caption": "c" * 1024}},
    "video": {"type": "video", "video": MEDIUM},
    "audio": {"type": "audio", "audio": {**MEDIUM, "voice": True}},
    "document": {"type": "document", "document": {**MEDIUM, "filename": "a.pdf", "caption": "see"}},
    "sticker": {"type": "sticker", "sticker": MEDIUM},
    "location": {"type": "location", "location": {"latitude": "3.1", "longitude": 101.7, "name": "KL"}},
    "contacts": {"type": "contacts", "contacts": [CARD]},
    "reaction": {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "\U0001f44d"}},
    "reaction taken back": {"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": ""}},
    "buttons": interactive("button", buttons("Yes", "No", "Maybe"), footer={"text": "Foot"}),
    "buttons with picture": interactive("button", buttons("Yes"), header={"type": "image", "image": MEDIUM}),
    "list": interactive("list", rows(10, sections=2), header={"type": "text", "text": "Menu"}),
    "link": interactive(
        "cta_url", {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://example.org"}}
    ),
    "location request": interactive("location_request_message", {"name": "send_location"}),
    "contact request": interactive("request_contact_info", {"name": "request_contact_info"}),
    "flow": interactive(
        "flow",
        {"name": "flow", "parameters": {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Start"}},
    ),
    "product": interactive("product", {"catalog_id": "1", "product_retailer_id": "2"}),
    "catalog": interactive("catalog_message", {"name": "catalog_message"}),
    "carousel": interactive(
        "carousel",
        {
            "cards": [
                {
                    "card_index": index,
                    "type": "cta_url",
                    "header": {"type": "image", "image": MEDIUM},
                    "action": {
                        "name": "cta_url",
                        "parameters": {"display_text": "Go", "url": "https://example.org"},
                    },
                }
                for index in range(2)
            ]
        },
    ),
    "carousel of films to answer": interactive("carousel", {"cards": [film(0, "a", "b"), film(1, "c", "d")]}),
    "button to call": interactive(
        "voice_call", {"name": "voice_call", "parameters": {"display_text": "Call", "ttl_minutes": 60}}
    ),
    "address wanted": interactive("address_message", {"name": "address_message", "parameters": {"country": "IN"}}),
    "order status": interactive("order_status", order("A-1", "shipped")),
}

BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no text": ({"type": "text"}, 100, "text"),
    "empty text": ({"type": "text", "text": {"body": "  "}}, 100, "text['body']"),
    "long text": ({"type": "text", "text": {"body": "x" * 4097}}, 100, "4096"),
    "number as text": ({"type": "text", "text": {"body": 5}}, 100, "string"),
    "unknown key in text": ({"type": "text", "text": {"body": "x", "bold": True}}, 100, "bold"),
    "unknown key outside": ({"type": "text", "text": {"body": "x"}, "priority": 1}, 100, "priority"),
    "two kinds": ({"type": "text", "text": {"body": "x"}, "image": MEDIUM}, 100, "image"),
    "unknown kind": ({"type": "fax", "fax": {}}, 100, "fax"),
    "letters as number": ({"to": "+44abc", "type": "text", "text": {"body": "x"}}, 100, "to"),
    "leading zeros": ({"to": "0044770090012", "type": "text", "text": {"body": "x"}}, 100, "to"),
    "number as integer": ({"to": 447700900123, "type": "text", "text": {"body": "x"}}, 100, "to"),
    "short number": ({"to": "+4477", "type": "text", "text": {"body": "x"}}, 100, "to"),
    "user id without country": ({"recipient": "13491208", "type": "text", "text": {"body": "x"}}, 100, "recipient"),
    "long callback data": (
        {"type": "text", "text": {"body": "x"}, "biz_opaque_callback_data": "x" * 513},
        100,
        "biz_opaque_callback_data",
    ),
    "empty context": ({"type": "text", "text": {"body": "x"}, "context": {}}, 100, "message_id"),
    "unknown key in context": (
        {"type": "text", "text": {"body": "x"}, "context": {"message_id": "wamid.A", "id": "1"}},
        100,
        "id",
    ),
    "to the sender": ({"to": "+44 20 7946 0000", "type": "text", "text": {"body": "x"}}, 131021, ""),
    "group": ({"recipient_type": "group", "type": "text", "text": {"body": "x"}}, 131041, ""),
    "direct send": ({"category": "utility", "type": "text", "text": {"body": "x"}}, 100, "Direct Send"),
    "media without source": ({"type": "image", "image": {}}, 100, "image"),
    "media with two sources": ({"type": "image", "image": {"id": "1", **MEDIUM}}, 100, "image"),
    "media address that is none": ({"type": "image", "image": {"link": "file:///etc/passwd"}}, 100, "URI"),
    "media id that is unknown": ({"type": "image", "image": {"id": "123"}}, 100, "attachment"),
    "caption on audio": ({"type": "audio", "audio": {**MEDIUM, "caption": "x"}}, 100, "caption"),
    "caption on sticker": ({"type": "sticker", "sticker": {**MEDIUM, "caption": "x"}}, 100, "caption"),
    "long caption": ({"type": "image", "image": {**MEDIUM, "caption": "x" * 1025}}, 100, "1024"),
    "latitude out of bounds": ({"type": "location", "location": {"latitude": 91, "longitude": 1}}, 100, "latitude"),
    "latitude that is no number": ({"type": "location", "location": {"latitude": "x", "longitude": 1}}, 100, "lat"),
    "no longitude": ({"type": "location", "location": {"latitude": 1}}, 100, "longitude"),
    "no cards": ({"type": "contacts", "contacts": []}, 131009, "contacts"),
    "card without name": ({"type": "contacts", "contacts": [{"phones": []}]}, 131008, "name"),
    "card with formatted name only": (
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}}]},
        131008,
        "name",
    ),
    "card with wrong birthday": ({"type": "contacts", "contacts": [{**CARD, "birthday": "1/2/90"}]}, 131009, "YYYY"),
    "reaction to nothing": ({"type": "reaction", "reaction": {"message_id": "abc", "emoji": "\U0001f44d"}}, 131009, ""),
    "reaction with letters": ({"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "ok"}}, 131009, ""),
    "reaction without emoji": ({"type": "reaction", "reaction": {"message_id": "wamid.A"}}, 100, "emoji"),
    "four buttons": (interactive("button", buttons("A", "B", "C", "D")), 131009, "buttons"),
    "no buttons": (interactive("button", {"buttons": []}), 131009, "buttons"),
    "long button": (interactive("button", buttons("x" * 21)), 131009, "Button title"),
    "same buttons": (interactive("button", buttons("A", "A")), 131009, "Duplicated"),
    "interactive without body": (
        {"type": "interactive", "interactive": {"type": "button", "action": buttons("A")}},
        131008,
        "body",
    ),
    "long interactive body": (
        {
            "type": "interactive",
            "interactive": {"type": "button", "body": {"text": "x" * 1025}, "action": buttons("A")},
        },
        131009,
        "Body",
    ),
    "long footer": (interactive("button", buttons("A"), footer={"text": "x" * 61}), 131009, "Footer"),
    "eleven rows": (interactive("list", rows(11)), 131009, "rows"),
    "eleven rows in two sections": (interactive("list", rows(12, sections=2)), 131009, "row"),
    "picture above list": (interactive("list", rows(1), header={"type": "image", "image": MEDIUM}), 100, "header"),
    "two sections without titles": (
        interactive("list", {"button": "x", "sections": [{"rows": [{"id": "1", "title": "a"}]}] * 2}),
        131008,
        "Section title",
    ),
    "link without address": (
        interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": "Go"}}),
        131008,
        "url",
    ),
    "header above location request": (
        interactive("location_request_message", {"name": "send_location"}, header={"type": "text", "text": "x"}),
        131009,
        "header",
    ),
    "flow with id and name": (
        interactive(
            "flow",
            {
                "name": "flow",
                "parameters": {"flow_message_version": "3", "flow_id": "1", "flow_name": "n", "flow_cta": "Go"},
            },
        ),
        131008,
        "flow_id",
    ),
    "one card": (interactive("carousel", {"cards": [{"card_index": 0}]}), 131009, "cards"),
    "cards with unlike buttons": (
        interactive("carousel", {"cards": [film(0, "a"), film(1, "b", "c")]}),
        131009,
        "as many buttons",
    ),
    "cards that answer alike": (
        interactive("carousel", {"cards": [film(0, "a"), film(1, "a")]}),
        131009,
        "duplicated",
    ),
    "button to call for ever": (
        interactive("voice_call", {"name": "voice_call", "parameters": {"ttl_minutes": 43_201}}),
        100,
        "ttl_minutes",
    ),
    "address in another country": (
        interactive("address_message", {"name": "address_message", "parameters": {"country": "DE"}}),
        100,
        "country",
    ),
    "order with an odd reference": (interactive("order_status", order("A 1", "shipped")), 131009, "reference_id"),
    "order with an odd status": (interactive("order_status", order("A-1", "lost")), 100, "status"),
    "unknown interactive": (interactive("poll", {}), 100, "poll"),
    "pin": ({"type": "pin", "pin": {"type": "pin", "message_id": "wamid.A"}}, 100, "group"),
    "template without language": ({"type": "template", "template": {"name": "a"}}, 100, "language"),
    "template that is unknown": (
        {"type": "template", "template": {"name": "a", "language": {"code": "en"}}},
        132001,
        "does not exist",
    ),
}


@pytest.mark.parametrize("name", GOOD)
async def test_a_well_formed_send_is_accepted(bench: Bench, name: str) -> None:
    answer = await bench.send(GOOD[name])
    assert answer.status == 200, answer.body
    assert answer.json["messages"][0]["id"].startswith("wamid.")
    assert len(bench.world.sent["400"]) == 1
    assert bench.number.meter.accepted == 1


@pytest.mark.parametrize("name", BAD)
async def test_a_wrong_send_is_refused_with_the_right_code(bench: Bench, name: str) -> None:
    body, code, said = BAD[name]
    answer = await bench.send(body)
    error = answer.json["error"]
    assert answer.status in {400, 404}
    assert error["code"] == code
    assert error["type"] == "OAuthException"
    assert error["fbtrace_id"].startswith("A")
    assert said in error["message"] + error.get("error_data", {}).get("details", "")
    assert bench.number.meter.accepted == 0
    await bench.settle()
    assert bench.posts == []


async def test_a_body_that_is_no_json_counts_as_no_parameters(bench: Bench) -> None:
    answer = await bench.call("POST", "/v26.0/400/messages", b"{nonsense")
    assert answer.json["error"]["message"] == "(#100) The parameter messaging_product is required."


async def test_another_product_is_refused(bench: Bench) -> None:
    answer = await bench.send({"messaging_product": "sms", "text": {"body": "x"}})
    assert answer.code == 100


async def test_the_number_wins_when_both_kinds_of_recipient_are_given(bench: Bench) -> None:
    answer = await bench.send({"to": "+447700900123", "recipient": "GB.1", "text": {"body": "x"}})
    assert answer.json["contacts"] == [{"input": "+447700900123", "wa_id": "447700900123"}]


async def test_a_user_id_is_answered_without_a_number(bench: Bench) -> None:
    answer = await bench.send({"recipient": "GB.99", "text": {"body": "x"}})
    assert answer.json["contacts"] == [{"input": "GB.99", "user_id": "GB.99"}]


@pytest.mark.parametrize(
    ("typed", "wa_id"),
    [("+55 31 91234 5678", "553112345678"), ("+5511912345678", "5511912345678"), ("+52 55 1234 5678", "5215512345678")],
)
async def test_a_number_may_be_known_by_another_id_than_was_typed(bench: Bench, typed: str, wa_id: str) -> None:
    answer = await bench.send({"to": typed, "text": {"body": "x"}})
    assert answer.json["contacts"][0]["wa_id"] == wa_id
