"""Messages that we send, one of each kind, for the tests."""

from typing import Any
from uuid import UUID

from troth.channels.contract import Content, Media, Outbound

OUR_ID = UUID("01998a3b-0000-7000-8000-000000000001")
TO = "+34600111222"
BSUID = "ES.7Qw3Er5Ty"


def outbound(content: Content, **parts: Any) -> Outbound:
    return Outbound(our_id=OUR_ID, content=content, **({"phone": TO} | parts))


def text(body: str = "Hello") -> Content:
    return Content(kind="text", text=body)


def tapped(kind: str, text: str | None = "Choose", **data: Any) -> Content:
    return Content(kind="interactive", text=text, data={"type": kind, **data})


OPENS = {"name": "cta_url", "parameters": {"display_text": "See", "url": "https://example.com/"}}


def card(number: int, kind: str, action: dict[str, Any]) -> dict[str, Any]:
    header = {"type": kind, kind: {"link": f"https://example.com/{kind}"}}
    return {"card_index": number, "type": "cta_url", "header": header, "body": {"text": "b"}, "action": action}


def answers(*ids: str) -> dict[str, Any]:
    return {"buttons": [{"type": "quick_reply", "quick_reply": {"id": id, "title": f"Yes {id}"}} for id in ids]}


TEMPLATE = Content(
    kind="template",
    data={
        "name": "order_ready",
        "language": "en_US",
        "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"id": "9"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "a1"}]},
        ],
    },
)

EVERY_KIND: dict[str, Content] = {
    "text": text(),
    "image": Content(kind="image", text="look", media=Media(id="9")),
    "image by link": Content(kind="image", media=Media(url="https://example.com/a.png")),
    "video": Content(kind="video", media=Media(id="9")),
    "audio": Content(kind="audio", media=Media(id="9")),
    "voice": Content(kind="voice", media=Media(id="9")),
    "document": Content(kind="document", text="the bill", media=Media(id="9", name="bill.pdf")),
    "sticker": Content(kind="sticker", media=Media(id="9")),
    "location": Content(kind="location", data={"latitude": 41.4, "longitude": 2, "name": "Acme", "address": "Rambla"}),
    "contacts": Content(
        kind="contacts",
        data={
            "cards": [
                {
                    "name": "Ben Ode",
                    "phones": [{"phone": "+234800", "type": "CELL", "wa_id": "234800"}],
                    "emails": ["ben@example.com"],
                    "org": "Ode Ltd",
                    "department": "Ovens",
                    "title": "Baker",
                    "urls": ["https://ode.example"],
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
                {"name": "Cy"},
            ]
        },
    ),
    "reaction": Content(kind="reaction", data={"target_id": "wamid.in1", "emoji": "👍"}),
    "reaction taken away": Content(kind="reaction", data={"target_id": "wamid.in1", "emoji": None}),
    "buttons": tapped("button", buttons=[{"id": "y", "title": "Yes"}, {"id": "n", "title": "No"}], footer="Acme"),
    "buttons below an image": tapped(
        "button", buttons=[{"id": "y", "title": "Yes"}], header={"type": "image", "id": "9"}
    ),
    "link below a film": tapped(
        "cta_url", label="See", url="https://example.com/", header={"type": "video", "url": "https://example.com/a.mp4"}
    ),
    "form below a document": tapped(
        "flow",
        label="Book",
        flow_id="5",
        header={"type": "document", "url": "https://example.com/a.pdf", "name": "a.pdf"},
    ),
    "list": tapped(
        "list",
        label="Open",
        header={"type": "text", "text": "Menu"},
        sections=[
            {"title": "Hot", "rows": [{"id": "1", "title": "Tea", "description": "green"}]},
            {"title": "Cold", "rows": [{"id": "2", "title": "Water"}]},
        ],
    ),
    "link": tapped("cta_url", label="See", url="https://example.com/"),
    "place wanted": tapped("location_request_message"),
    "number wanted": tapped("request_contact_info"),
    "form": tapped(
        "flow", label="Book", flow_id="5", token="t", mode="draft", action="navigate", screen="A", values={"x": 1}
    ),
    "form by name": tapped("flow", label="Book", flow_name="booking"),
    "product": tapped("product", None, action={"catalog_id": "c", "product_retailer_id": "p"}),
    "products": tapped(
        "product_list",
        header={"type": "text", "text": "Shoes"},
        action={
            "catalog_id": "c",
            "sections": [
                {"title": "S", "product_items": [{"product_retailer_id": "p"}, {"product_retailer_id": "q"}]},
                {"title": "T", "product_items": [{"product_retailer_id": "r"}]},
            ],
        },
    ),
    "catalog": tapped(
        "catalog_message", action={"name": "catalog_message", "parameters": {"thumbnail_product_retailer_id": "p"}}
    ),
    "carousel": tapped("carousel", action={"cards": [card(n, "image", OPENS) for n in range(2)]}),
    "carousel of films to answer": tapped(
        "carousel", action={"cards": [card(n, "video", answers(f"c{n}b1", f"c{n}b2")) for n in range(3)]}
    ),
    "carousel of products": tapped(
        "carousel",
        action={
            "cards": [
                {"card_index": n, "type": "product", "action": {"product_retailer_id": f"p{n}", "catalog_id": "c"}}
                for n in range(2)
            ]
        },
    ),
    "may we call": tapped("call_permission_request", None, action={"name": "call_permission_request"}),
    "call us": tapped(
        "voice_call", action={"name": "voice_call", "parameters": {"display_text": "Call", "ttl_minutes": 1440}}
    ),
    "address wanted": tapped("address_message", action={"name": "address_message", "parameters": {"country": "IN"}}),
    "order": tapped("order_details", action={"name": "review_and_pay", "parameters": {}}),
    "order's status": tapped(
        "order_status",
        action={
            "name": "review_order",
            "parameters": {"reference_id": "A-1", "order": {"status": "shipped", "description": "By courier"}},
        },
    ),
    "template": TEMPLATE,
}
