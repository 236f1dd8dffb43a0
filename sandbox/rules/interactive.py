"""Interactive messages: buttons, lists, links, flows, products and requests."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.rules import content
from sandbox.rules.basics import (
    a_label,
    a_list,
    a_number,
    an_address,
    an_object,
    missing,
    one_of,
    required,
    unexpected_keys,
    wrong,
)

BODY_MAX, LIST_BODY_MAX, HEADER_MAX, FOOTER_MAX = 1024, 4096, 60, 60
BUTTONS_MAX, BUTTON_TITLE_MAX, BUTTON_ID_MAX = 3, 20, 256
SECTIONS_MAX, ROWS_MAX, ROW_TITLE_MAX, ROW_TEXT_MAX, ROW_ID_MAX, SECTION_TITLE_MAX = 10, 10, 24, 72, 200, 24
PRODUCTS_MAX = 30
CARDS_LEAST, CARDS_MOST, CARD_BODY_MAX = 2, 10, 160
CARD_BUTTONS_MAX = 2
FLOW_LABEL_MAX = 30
CALL_MINUTES_MAX = 43_200
REFERENCE, REFERENCE_MAX, ORDER_TEXT_MAX = re.compile(r"[A-Za-z0-9_.\-]+"), 35, 120
ORDER_STATUSES = ("pending", "processing", "partially_shipped", "shipped", "completed", "canceled")
KEYS = ("type", "header", "body", "footer", "action")
Part = dict[str, Any]


def interactive(value: Any) -> None:
    """Check the object of an interactive message."""
    if value is None:
        raise required("interactive")
    message = an_object(value, "interactive", keys=KEYS)
    kind = one_of(message.get("type"), "interactive['type']", RULES)
    body_max = LIST_BODY_MAX if kind == "list" else BODY_MAX
    _body(message, needed=kind not in BODY_OPTIONAL, most=body_max)
    _footer(message)
    _header(message, kind)
    RULES[kind](message.get("action"))


def _body(message: Part, *, needed: bool, most: int) -> None:
    if "body" not in message and not needed:
        return
    body = an_object(message.get("body"), "interactive['body']", keys=("text",))
    a_label(body.get("text"), "Body text", most=most)


def _footer(message: Part) -> None:
    if "footer" in message:
        footer = an_object(message["footer"], "interactive['footer']", keys=("text",))
        a_label(footer.get("text"), "Footer text", most=FOOTER_MAX)


def _header(message: Part, kind: str) -> None:
    if "header" not in message:
        if kind == "product_list":
            raise missing("A header is required for product lists")
        return
    allowed = HEADERS.get(kind, ("text", "image", "video", "document"))
    if not allowed:
        raise wrong(f"header is not allowed for interactive type {kind}")
    header = an_object(message["header"], "interactive['header']", keys=("type", *allowed))
    form = one_of(header.get("type"), "interactive['header']['type']", allowed)
    unexpected_keys(header, "interactive['header']", ("type", form))
    if form == "text":
        a_label(header.get("text"), "Header text", most=HEADER_MAX)
    else:
        content.media(header.get(form), form, f"interactive['header']['{form}']")


def _button(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("buttons",))
    titles, ids = set(), set()
    for index, item in enumerate(a_list(action.get("buttons"), "buttons", least=1, most=BUTTONS_MAX)):
        param = f"interactive['action']['buttons'][{index}]"
        button = an_object(item, param, keys=("type", "reply"))
        one_of(button.get("type"), f"{param}['type']", ("reply",))
        reply = an_object(button.get("reply"), f"{param}['reply']", keys=("id", "title"))
        titles.add(a_label(reply.get("title"), "Button title", most=BUTTON_TITLE_MAX))
        ids.add(a_label(reply.get("id"), "Button id", most=BUTTON_ID_MAX))
        if reply["id"] != reply["id"].strip():
            raise wrong("Button id must not begin or end with a space")
    if len(titles) != len(action["buttons"]) or len(ids) != len(action["buttons"]):
        raise wrong("Duplicated title or id in buttons is not allowed")


def _list(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("button", "sections"))
    a_label(action.get("button"), "Button label", most=BUTTON_TITLE_MAX)
    sections = a_list(action.get("sections"), "sections", least=1, most=SECTIONS_MAX)
    ids: list[str] = []
    for index, item in enumerate(sections):
        section = an_object(item, f"interactive['action']['sections'][{index}]", keys=("title", "rows"))
        if len(sections) > 1 or "title" in section:
            a_label(section.get("title"), "Section title", most=SECTION_TITLE_MAX)
        for row in a_list(section.get("rows"), "rows", least=1, most=ROWS_MAX):
            ids.append(_row(row, index))
    if len(ids) > ROWS_MAX:
        raise wrong(f"Total row count exceed max allowed count: {ROWS_MAX}")
    if len(set(ids)) != len(ids):
        raise wrong("Row id is duplicated")


def _row(value: Any, section: int) -> str:
    row = an_object(value, f"interactive['action']['sections'][{section}]['rows']", keys=("id", "title", "description"))
    a_label(row.get("title"), "Row title", most=ROW_TITLE_MAX)
    if "description" in row:
        a_label(row["description"], "Row description", most=ROW_TEXT_MAX)
    return a_label(row.get("id"), "Row id", most=ROW_ID_MAX)


def _link(value: Any) -> None:
    parameters = _named(value, "cta_url", keys=("display_text", "url"))
    a_label(parameters.get("display_text"), "display_text", most=BUTTON_TITLE_MAX)
    if parameters.get("url") is None:
        raise missing("url is missing")
    an_address(parameters["url"], "interactive['action']['parameters']['url']")


def _flow(value: Any) -> None:
    keys = ("flow_message_version", "flow_id", "flow_name", "flow_cta", "flow_token", "flow_action")
    parameters = _named(value, "flow", keys=(*keys, "flow_action_payload", "mode", "flow_metadata"))
    if str(parameters.get("flow_message_version")) != "3":
        raise wrong("flow_message_version must be 3")
    if ("flow_id" in parameters) == ("flow_name" in parameters):
        raise missing("Exactly one of flow_id and flow_name is required")
    a_label(parameters.get("flow_cta"), "flow_cta", most=FLOW_LABEL_MAX)
    one_of(parameters.get("flow_action", "navigate"), "flow_action", ("navigate", "data_exchange"))
    one_of(parameters.get("mode", "published"), "mode", ("draft", "published"))
    if "flow_action_payload" in parameters:
        an_object(parameters["flow_action_payload"], "flow_action_payload", keys=("screen", "data"))


def _product(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("catalog_id", "product_retailer_id"))
    a_label(action.get("catalog_id"), "catalog_id", most=256)
    a_label(action.get("product_retailer_id"), "product_retailer_id", most=256)


def _products(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("catalog_id", "sections"))
    a_label(action.get("catalog_id"), "catalog_id", most=256)
    count = 0
    sections = a_list(action.get("sections"), "sections", least=1, most=SECTIONS_MAX)
    for item in sections:
        section = an_object(item, "interactive['action']['sections']", keys=("title", "product_items"))
        if len(sections) > 1 or "title" in section:
            a_label(section.get("title"), "Section title", most=SECTION_TITLE_MAX)
        for product in a_list(section.get("product_items"), "product_items", least=1, most=PRODUCTS_MAX):
            part = an_object(product, "product_items", keys=("product_retailer_id",))
            a_label(part.get("product_retailer_id"), "product_retailer_id", most=256)
            count += 1
    if count > PRODUCTS_MAX:
        raise wrong(f"At most {PRODUCTS_MAX} products are allowed")


def _catalog(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("name", "parameters"))
    one_of(action.get("name"), "interactive['action']['name']", ("catalog_message",))
    if "parameters" in action:
        an_object(action["parameters"], "parameters", keys=("thumbnail_product_retailer_id",))


def _carousel(value: Any) -> None:
    action = an_object(value, "interactive['action']", keys=("cards",))
    forms = set()
    ids: list[str] = []
    for index, item in enumerate(a_list(action.get("cards"), "cards", least=CARDS_LEAST, most=CARDS_MOST)):
        param = f"interactive['action']['cards'][{index}]"
        card = an_object(item, param, keys=("card_index", "type", "header", "body", "action"))
        if card.get("card_index") != index:
            raise wrong(f"{param}['card_index'] must be {index}")
        kind = one_of(card.get("type"), f"{param}['type']", ("cta_url", "product"))
        buttons = 1
        if "body" in card:
            body = an_object(card["body"], f"{param}['body']", keys=("text",))
            a_label(body.get("text"), "Card text", most=CARD_BODY_MAX)
        if kind == "cta_url":
            if "header" not in card:
                raise missing(f"{param}['header'] is missing")
            _header(card, "carousel card")
            if "buttons" in (card.get("action") or {}):
                kind, buttons = "quick_reply", _quick_replies(card["action"], ids)
            else:
                _link(card.get("action"))
        else:
            _product(card.get("action"))
        forms.add((kind, buttons, (card.get("header") or {}).get("type")))
    if len(forms) > 1:
        raise wrong("All cards must be of the same kind, with headers of the same kind and as many buttons")
    if len(set(ids)) != len(ids):
        raise wrong("Button id is duplicated")


def _quick_replies(value: Any, ids: list[str]) -> int:
    """Check the answers of a card, and return how many there are."""
    action = an_object(value, "interactive['action']['cards']['action']", keys=("buttons",))
    buttons = a_list(action["buttons"], "buttons", least=1, most=CARD_BUTTONS_MAX)
    for item in buttons:
        button = an_object(item, "buttons", keys=("type", "quick_reply"))
        one_of(button.get("type"), "buttons['type']", ("quick_reply",))
        reply = an_object(button.get("quick_reply"), "buttons['quick_reply']", keys=("id", "title"))
        a_label(reply.get("title"), "Button title", most=BUTTON_TITLE_MAX)
        ids.append(a_label(reply.get("id"), "Button id", most=BUTTON_ID_MAX))
    return len(buttons)


def _request(name: str) -> Callable[[Any], None]:
    def check(value: Any) -> None:
        action = an_object(value, "interactive['action']", keys=("name",))
        one_of(action.get("name"), "interactive['action']['name']", (name,))

    return check


def _free_parameters(*names: str) -> Callable[[Any], None]:
    """Kinds whose parameters depend on a country or a feature that the sandbox does not have: shape only."""

    def check(value: Any) -> None:
        action = an_object(value, "interactive['action']", keys=("name", "parameters"))
        one_of(action.get("name"), "interactive['action']['name']", names)

    return check


def _voice_call(value: Any) -> None:
    if "parameters" not in an_object(value, "interactive['action']", keys=("name", "parameters")):
        one_of(value.get("name"), "interactive['action']['name']", ("voice_call",))
        return
    parameters = _named(value, "voice_call", keys=("display_text", "ttl_minutes", "payload"))
    if "display_text" in parameters:
        a_label(parameters["display_text"], "display_text", most=BUTTON_TITLE_MAX)
    a_number(parameters.get("ttl_minutes", 1), "ttl_minutes", least=1, most=CALL_MINUTES_MAX)


def _address(value: Any) -> None:
    parameters = _named(value, "address_message", keys=("country", "values", "saved_addresses", "validation_errors"))
    one_of(parameters.get("country"), "country", ("IN",))


def _order_status(value: Any) -> None:
    parameters = _named(value, "review_order", keys=("reference_id", "order", "payment"))
    reference = a_label(parameters.get("reference_id"), "reference_id", most=REFERENCE_MAX)
    if not REFERENCE.fullmatch(reference):
        raise wrong("reference_id may hold letters, digits, dots, dashes and underscores only")
    order = an_object(parameters.get("order"), "order", keys=("status", "description"))
    one_of(order.get("status"), "order['status']", ORDER_STATUSES)
    if "description" in order:
        a_label(order["description"], "order['description']", most=ORDER_TEXT_MAX)


def _named(value: Any, name: str, *, keys: tuple[str, ...]) -> Part:
    action = an_object(value, "interactive['action']", keys=("name", "parameters"))
    one_of(action.get("name"), "interactive['action']['name']", (name,))
    return an_object(action.get("parameters"), "interactive['action']['parameters']", keys=keys)


HEADERS: dict[str, tuple[str, ...]] = {
    "list": ("text",),
    "product_list": ("text",),
    "product": (),
    "catalog_message": (),
    "location_request_message": (),
    "request_contact_info": (),
    "call_permission_request": (),
    "carousel": (),
    "carousel card": ("image", "video"),
    "order_details": ("image",),
    "order_status": (),
}
BODY_OPTIONAL = {"product", "call_permission_request"}
RULES: dict[str, Callable[[Any], None]] = {
    "button": _button,
    "list": _list,
    "cta_url": _link,
    "flow": _flow,
    "product": _product,
    "product_list": _products,
    "catalog_message": _catalog,
    "carousel": _carousel,
    "location_request_message": _request("send_location"),
    "request_contact_info": _request("request_contact_info"),
    "call_permission_request": _request("call_permission_request"),
    "voice_call": _voice_call,
    "address_message": _address,
    "order_details": _free_parameters("review_and_pay"),
    "order_status": _order_status,
}
