"""What we say, as the JSON that Meta takes."""

import json
from typing import Any

import msgspec
import pytest

from tests.outgoing import BSUID, EVERY_KIND, OUR_ID, TEMPLATE, TO, outbound, text
from troth.channels.cloud.build import KINDS, body_for
from troth.channels.cloud.tests.json_schema import faults
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference
from troth.channels.contract import Content


def test_a_text() -> None:
    assert body_for(outbound(text())) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": TO,
        "type": "text",
        "text": {"body": "Hello"},
        "biz_opaque_callback_data": str(OUR_ID),
    }


def test_a_person_without_a_number_is_reached_by_user_id() -> None:
    body = body_for(outbound(text(), phone=None, bsuid=BSUID))
    assert body["recipient"] == BSUID
    assert "to" not in body


def test_a_group_is_reached_by_its_id() -> None:
    body = body_for(outbound(text(), phone=None, group_id="Y2FwaQ=="))
    assert (body["recipient_type"], body["to"]) == ("group", "Y2FwaQ==")


def test_an_answer_names_what_it_answers() -> None:
    assert body_for(outbound(text(), quoted_id="wamid.in1"))["context"] == {"message_id": "wamid.in1"}


def test_a_reaction_answers_nothing() -> None:
    body = body_for(outbound(EVERY_KIND["reaction"], quoted_id="wamid.in1"))
    assert "context" not in body
    assert body["reaction"] == {"message_id": "wamid.in1", "emoji": "👍"}


@pytest.mark.parametrize(
    ("words", "wanted", "shown"),
    [
        ("see https://example.com", True, True),
        ("see https://example.com", False, False),
        ("no link", True, False),
    ],
)
def test_a_preview_is_asked_for_where_there_is_a_link(words: str, wanted: bool, shown: bool) -> None:
    part = body_for(outbound(text(words), preview_links=wanted))["text"]
    assert ("preview_url" in part) is shown


@pytest.mark.parametrize(
    ("name", "wire_type", "part"),
    [
        ("image", "image", {"id": "9", "caption": "look"}),
        ("image by link", "image", {"link": "https://example.com/a.png"}),
        ("audio", "audio", {"id": "9"}),
        ("voice", "audio", {"id": "9", "voice": True}),
        ("document", "document", {"id": "9", "caption": "the bill", "filename": "bill.pdf"}),
        ("sticker", "sticker", {"id": "9"}),
        ("location", "location", {"latitude": 41.4, "longitude": 2.0, "name": "Acme", "address": "Rambla"}),
        ("reaction taken away", "reaction", {"message_id": "wamid.in1", "emoji": ""}),
        (
            "contacts",
            "contacts",
            [
                {
                    "name": {"formatted_name": "Ben Ode", "first_name": "Ben Ode"},
                    "phones": [{"phone": "+234800", "type": "CELL", "wa_id": "234800"}],
                    "emails": [{"email": "ben@example.com"}],
                    "org": {"company": "Ode Ltd", "department": "Ovens", "title": "Baker"},
                    "urls": [{"url": "https://ode.example"}],
                    "addresses": [
                        {
                            "street": "1 Hill Road",
                            "city": "Ikeja",
                            "state": "Lagos",
                            "zip": "100001",
                            "country": "Nigeria",
                            "country_code": "NG",
                            "type": "WORK",
                        }
                    ],
                    "birthday": "1990-02-03",
                },
                {"name": {"formatted_name": "Cy", "first_name": "Cy"}},
            ],
        ),
        (
            "buttons",
            "interactive",
            {
                "type": "button",
                "body": {"text": "Choose"},
                "footer": {"text": "Acme"},
                "action": {
                    "buttons": [
                        {"type": "reply", "reply": {"id": "y", "title": "Yes"}},
                        {"type": "reply", "reply": {"id": "n", "title": "No"}},
                    ]
                },
            },
        ),
        (
            "list",
            "interactive",
            {
                "type": "list",
                "header": {"type": "text", "text": "Menu"},
                "body": {"text": "Choose"},
                "action": {
                    "button": "Open",
                    "sections": [
                        {"title": "Hot", "rows": [{"id": "1", "title": "Tea", "description": "green"}]},
                        {"title": "Cold", "rows": [{"id": "2", "title": "Water"}]},
                    ],
                },
            },
        ),
        (
            "link",
            "interactive",
            {
                "type": "cta_url",
                "body": {"text": "Choose"},
                "action": {"name": "cta_url", "parameters": {"display_text": "See", "url": "https://example.com/"}},
            },
        ),
        (
            "form",
            "interactive",
            {
                "type": "flow",
                "body": {"text": "Choose"},
                "action": {
                    "name": "flow",
                    "parameters": {
                        "flow_message_version": "3",
                        "flow_id": "5",
                        "flow_cta": "Book",
                        "flow_token": "t",
                        "mode": "draft",
                        "flow_action": "navigate",
                        "flow_action_payload": {"screen": "A", "data": {"x": 1}},
                    },
                },
            },
        ),
        (
            "place wanted",
            "interactive",
            {"type": "location_request_message", "body": {"text": "Choose"}, "action": {"name": "send_location"}},
        ),
        (
            "product",
            "interactive",
            {"type": "product", "action": {"catalog_id": "c", "product_retailer_id": "p"}},
        ),
    ],
)
def test_every_kind_has_its_form(name: str, wire_type: str, part: Any) -> None:
    body = body_for(outbound(EVERY_KIND[name]))
    assert (body["type"], body[wire_type]) == (wire_type, part)


def test_a_template() -> None:
    part = body_for(outbound(TEMPLATE))["template"]
    assert (part["name"], part["language"]) == ("order_ready", {"code": "en_US"})
    assert [component["type"] for component in part["components"]] == ["header", "body", "button"]


def test_a_template_without_values_has_no_components() -> None:
    bare = Content(kind="template", data={"name": "hello_world", "language": "en"})
    assert body_for(outbound(bare))["template"] == {"name": "hello_world", "language": {"code": "en"}}


def test_a_message_is_pinned_in_a_group() -> None:
    pin = Content(kind="pin", data={"target_id": "wamid.in1"})
    assert body_for(outbound(pin, phone=None, group_id="G1"))["pin"] == {
        "type": "pin",
        "message_id": "wamid.in1",
        "expiration_days": 7,
    }
    unpin = Content(kind="pin", data={"target_id": "wamid.in1", "unpin": True})
    assert body_for(outbound(unpin, phone=None, group_id="G1"))["pin"] == {"type": "unpin", "message_id": "wamid.in1"}


def test_every_kind_that_is_announced_is_tried_here() -> None:
    assert {content.kind for content in EVERY_KIND.values()} | {"pin"} == KINDS


@needs_reference
@pytest.mark.parametrize("name", sorted(EVERY_KIND))
@pytest.mark.parametrize("recipient", [{}, {"phone": None, "bsuid": BSUID}, {"phone": None, "group_id": "G1"}])
def test_every_body_fits_the_reference_schema(name: str, recipient: Any) -> None:
    schema = json.loads((REFERENCE / "outgoing_message.schema.json").read_text())
    body = body_for(outbound(EVERY_KIND[name], quoted_id="wamid.in1", preview_links=True, **recipient))
    assert faults(json.loads(msgspec.json.encode(body)), schema, schema) == []


@needs_reference
def test_the_schema_check_itself_finds_faults() -> None:
    schema = json.loads((REFERENCE / "outgoing_message.schema.json").read_text())
    body = body_for(outbound(EVERY_KIND["buttons"]))
    for wrong in ({"to": None}, {"type": "x"}, {"messaging_product": "sms"}, {"interactive": {"type": "button"}}):
        assert faults({**body, **wrong}, schema, schema)
    assert faults({key: part for key, part in body.items() if key != "to"}, schema, schema)
