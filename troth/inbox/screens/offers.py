"""What we offered somebody to tap on, as a bubble shows it."""

from typing import Any

from django.utils.translation import gettext as _

Shown = dict[str, Any]


def offered(type: str, data: dict[str, Any]) -> Shown:
    """Return what somebody was offered to tap on, by what the bubble calls it."""
    action = dict_of(data.get("action"))
    label = str(data.get("label") or "")
    if type == "button":
        return {"choices": [str(one.get("title") or "") for one in dicts(data.get("buttons"))]}
    if type == "list":
        return {"menu": {"label": label, "sections": [_section(one) for one in dicts(data.get("sections"))]}}
    if type == "cta_url":
        return {"link": {"label": label, "url": _address(data.get("url"))}}
    if type == "flow":
        return {"form": label}
    if type == "carousel":
        names = dict_of(data.get("names"))
        return {"cards": [_card(one, names) for one in dicts(action.get("cards"))]}
    if type == "location_request_message":
        return {"asks": _("Send location"), "asks_icon": "map-pin"}
    if type == "request_contact_info":
        return {"asks": _("Share phone number"), "asks_icon": "contact-round"}
    if type in ("product", "product_list", "catalog_message"):
        return _goods(action, dict_of(data.get("names")))
    return _also_offered(type, action)


def _also_offered(type: str, action: dict[str, Any]) -> Shown:
    """Return what is offered by the rarer kinds of messages."""
    if type == "call_permission_request":
        return {"asks": _("Allow calls"), "asks_icon": "smartphone"}
    if type == "voice_call":
        label = dict_of(action.get("parameters")).get("display_text")
        return {"asks": str(label or _("Call")), "asks_icon": "smartphone"}
    if type == "address_message":
        return {"asks": _("Enter an address"), "asks_icon": "map-pin"}
    if type == "order_details":
        return {"asks": _("Review and pay"), "asks_icon": "shopping-bag"}
    if type == "order_status":
        return {"description": _order(action), "asks": _("View the order"), "asks_icon": "shopping-bag"}
    return {}


def _order(action: dict[str, Any]) -> str:
    """Return how an order stands, in words, with its reference and what was remarked."""
    parameters = dict_of(action.get("parameters"))
    order = dict_of(parameters.get("order"))
    words = {
        "processing": _("Being prepared"),
        "partially_shipped": _("Partly shipped"),
        "shipped": _("Shipped"),
        "completed": _("Completed"),
        "canceled": _("Cancelled"),
    }
    stands = words.get(str(order.get("status")), str(order.get("status") or ""))
    return " · ".join(str(said) for said in (parameters.get("reference_id"), stands, order.get("description")) if said)


def _goods(action: dict[str, Any], names: dict[str, Any]) -> Shown:
    """Return what is offered out of a catalogue."""
    if sections := dicts(action.get("sections")):
        groups = [
            {
                "title": str(one.get("title") or ""),
                "rows": [{"title": _called(part, names)} for part in dicts(one.get("product_items"))],
            }
            for one in sections
        ]
        return {"menu": {"label": _("View products"), "sections": groups}}
    return {"description": _called(action, names), "asks": _("View products"), "asks_icon": "shopping-bag"}


def _called(part: dict[str, Any], names: dict[str, Any]) -> str:
    """Return what a product is called, as far as that is known, else its id in the catalogue."""
    id = str(part.get("product_retailer_id") or "")
    return str(names.get(id) or id)


def _section(section: dict[str, Any]) -> Shown:
    rows = [
        {"title": str(row.get("title") or ""), "description": str(row.get("description") or "")}
        for row in dicts(section.get("rows"))
    ]
    return {"title": str(section.get("title") or ""), "rows": rows}


def _card(card: dict[str, Any], names: dict[str, Any]) -> Shown:
    action = dict_of(card.get("action"))
    parameters = dict_of(action.get("parameters"))
    return {
        "kind": str(dict_of(card.get("header")).get("type") or card.get("type") or ""),
        "text": str(dict_of(card.get("body")).get("text") or _called(action, names)),
        "label": str(parameters.get("display_text") or ""),
        "url": _address(parameters.get("url")),
        "answers": [str(dict_of(one.get("quick_reply")).get("title") or "") for one in dicts(action.get("buttons"))],
    }


def _address(value: Any) -> str:
    """Return an address that may be opened; empty for anything else."""
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) else ""


def dict_of(value: Any) -> dict[str, Any]:
    """Return an object, an empty one where something else stands."""
    return value if isinstance(value, dict) else {}


def dicts(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list, none where something else stands."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
