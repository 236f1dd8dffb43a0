"""Messages that a person answers by tapping: buttons, lists, links, forms, products."""

import re
from collections.abc import Callable
from typing import Any

from troth.channels.cloud.refusal import Refusal, all_different, link, optional_text, required_text, some
from troth.channels.contract import Content, Raw

BODY_CHARS_MAX = 1_024
LIST_BODY_CHARS_MAX = 4_096
HEADER_CHARS_MAX = 60
FOOTER_CHARS_MAX = 60
FILE_NAME_CHARS_MAX = 240
BUTTONS_MAX = 3
BUTTON_ID_CHARS_MAX = 256
BUTTON_TITLE_CHARS_MAX = 20
LABEL_CHARS_MAX = 20
SECTIONS_MAX = 10
ROWS_MAX = 10
ROW_ID_CHARS_MAX = 200
ROW_TITLE_CHARS_MAX = 24
ROW_DESCRIPTION_CHARS_MAX = 72
SECTION_TITLE_CHARS_MAX = 24
FLOW_LABEL_CHARS_MAX = 30
CARDS_MIN, CARDS_MAX = 2, 10
CARD_BODY_CHARS_MAX = 160
CARD_BUTTONS_MAX = 2
PRODUCTS_MAX = 30
REFERENCE_CHARS_MAX = 35
ORDER_REMARK_CHARS_MAX = 120

_REFERENCE = re.compile(r"[A-Za-z0-9_.\-]+")

HEADER_MEDIA = frozenset({"image", "video", "document"})
# Types whose header may hold a file; the others take text, or none at all.
MEDIA_HEADERS = frozenset({"button", "cta_url", "flow", "order_details"})
WITHOUT_HEADER = frozenset({"product", "location_request_message", "request_contact_info", "carousel"})
# Types whose `action` is Meta's own object, taken as it is after a look at what is counted.
AS_GIVEN = frozenset(
    {
        "address_message",
        "call_permission_request",
        "carousel",
        "catalog_message",
        "order_details",
        "order_status",
        "product",
        "product_list",
        "voice_call",
    }
)
WITHOUT_BODY = frozenset({"product", "call_permission_request"})


def interactive(content: Content) -> dict[str, Any]:
    """Return the `interactive` object of a message.

    Raises: Refusal.
    """
    data = content.data or {}
    kind = data.get("type")
    action = _ACTIONS.get(kind) or (_given if kind in AS_GIVEN else None) if isinstance(kind, str) else None
    if not isinstance(kind, str) or action is None:
        raise Refusal("unsupported_kind")
    part: dict[str, Any] = {"type": kind}
    if header := data.get("header"):
        part["header"] = _header(header, kind=kind)
    chars_max = LIST_BODY_CHARS_MAX if kind == "list" else BODY_CHARS_MAX
    if content.text or kind not in WITHOUT_BODY:
        part["body"] = {"text": required_text(content.text, chars_max=chars_max)}
    if footer := optional_text(data.get("footer"), chars_max=FOOTER_CHARS_MAX):
        part["footer"] = {"text": footer}
    part["action"] = action(data)
    return part


def _header(header: Any, *, kind: str) -> dict[str, Any]:
    if not isinstance(header, dict) or kind in WITHOUT_HEADER:
        raise Refusal("incomplete")
    media = required_text(header.get("type"), chars_max=LABEL_CHARS_MAX)
    if media == "text":
        return {"type": "text", "text": required_text(header.get("text"), chars_max=HEADER_CHARS_MAX)}
    if media not in HEADER_MEDIA or kind not in MEDIA_HEADERS:
        raise Refusal("unsupported_kind")
    file = {"id": header["id"]} if header.get("id") else {"link": link(header.get("url"))}
    if media == "document" and (name := optional_text(header.get("name"), chars_max=FILE_NAME_CHARS_MAX)):
        file["filename"] = name
    return {"type": media, media: file}


def _buttons(data: Raw) -> dict[str, Any]:
    buttons = [
        {
            "id": required_text(_of(button, "id"), chars_max=BUTTON_ID_CHARS_MAX),
            "title": required_text(_of(button, "title"), chars_max=BUTTON_TITLE_CHARS_MAX),
        }
        for button in some(data.get("buttons"), at_most=BUTTONS_MAX)
    ]
    all_different(button["id"] for button in buttons)
    all_different(button["title"] for button in buttons)
    return {"buttons": [{"type": "reply", "reply": button} for button in buttons]}


def _list(data: Raw) -> dict[str, Any]:
    given = some(data.get("sections"), at_most=SECTIONS_MAX)
    sections = [_section(section, titled=len(given) > 1) for section in given]
    rows = [row for section in sections for row in section["rows"]]
    some(rows, at_most=ROWS_MAX)
    all_different(row["id"] for row in rows)
    return {"button": required_text(data.get("label"), chars_max=LABEL_CHARS_MAX), "sections": sections}


def _section(section: Any, *, titled: bool) -> dict[str, Any]:
    title = _of(section, "title")
    if titled:
        title = required_text(title, chars_max=SECTION_TITLE_CHARS_MAX)
    part: dict[str, Any] = {"title": optional_text(title, chars_max=SECTION_TITLE_CHARS_MAX)} if title else {}
    part["rows"] = [_row(row) for row in some(_of(section, "rows"), at_most=ROWS_MAX)]
    return part


def _row(row: Any) -> dict[str, Any]:
    part = {
        "id": required_text(_of(row, "id"), chars_max=ROW_ID_CHARS_MAX),
        "title": required_text(_of(row, "title"), chars_max=ROW_TITLE_CHARS_MAX),
    }
    if description := optional_text(_of(row, "description"), chars_max=ROW_DESCRIPTION_CHARS_MAX):
        part["description"] = description
    return part


def _link(data: Raw) -> dict[str, Any]:
    label = required_text(data.get("label"), chars_max=LABEL_CHARS_MAX)
    return {"name": "cta_url", "parameters": {"display_text": label, "url": link(data.get("url"))}}


def _flow(data: Raw) -> dict[str, Any]:
    named = [key for key in ("flow_id", "flow_name") if data.get(key)]
    if len(named) != 1:
        raise Refusal("incomplete")
    parameters: dict[str, Any] = {
        "flow_message_version": "3",
        named[0]: data[named[0]],
        "flow_cta": required_text(data.get("label"), chars_max=FLOW_LABEL_CHARS_MAX),
    }
    for ours, theirs in (("token", "flow_token"), ("mode", "mode"), ("action", "flow_action")):
        if data.get(ours):
            parameters[theirs] = data[ours]
    if data.get("screen"):
        values = {"data": data["values"]} if data.get("values") else {}
        parameters["flow_action_payload"] = {"screen": data["screen"], **values}
    return {"name": "flow", "parameters": parameters}


def _given(data: Raw) -> dict[str, Any]:
    action = data.get("action")
    if not isinstance(action, dict) or not action:
        raise Refusal("incomplete")
    _check_given(data["type"], action)
    return action


def _check_given(kind: str, action: Raw) -> None:
    """Look at what is counted in an action of Meta's own making."""
    if kind == "carousel":
        _check_cards(some(action.get("cards"), at_least=CARDS_MIN, at_most=CARDS_MAX))
    if kind == "product_list":
        sections = some(action.get("sections"), at_most=SECTIONS_MAX)
        products = [some(_of(section, "product_items"), at_most=PRODUCTS_MAX) for section in sections]
        some([item for items in products for item in items], at_most=PRODUCTS_MAX)
        for section in sections:
            title = _of(section, "title")
            (required_text if len(sections) > 1 else optional_text)(title, chars_max=SECTION_TITLE_CHARS_MAX)
    parameters = action.get("parameters")
    if kind == "voice_call" and isinstance(parameters, dict):
        optional_text(parameters.get("display_text"), chars_max=LABEL_CHARS_MAX)
    if kind == "order_status":
        _check_order(parameters)


def _check_order(parameters: Any) -> None:
    if not _REFERENCE.fullmatch(required_text(_of(parameters, "reference_id"), chars_max=REFERENCE_CHARS_MAX)):
        raise Refusal("reference")
    optional_text(_of(_of(parameters, "order"), "description"), chars_max=ORDER_REMARK_CHARS_MAX)


def _check_cards(cards: list[Any]) -> None:
    """Look at cards to swipe: all of one make, or Meta takes none of them."""
    makes, ids = set(), list[str]()
    for card in cards:
        body, header, action = _of(card, "body"), _of(card, "header"), _of(card, "action")
        optional_text(body.get("text") if isinstance(body, dict) else body, chars_max=CARD_BODY_CHARS_MAX)
        answers = _answers(action) if isinstance(action, dict) else []
        ids += [required_text(_of(reply, "id"), chars_max=BUTTON_ID_CHARS_MAX) for reply in answers]
        shows = header.get("type") if isinstance(header, dict) else None
        makes.add((str(card.get("type")), str(shows), len(answers)))
    all_different(ids)
    if len(makes) > 1:
        raise Refusal("cards_differ")


def _answers(action: Raw) -> list[Any]:
    """Return what a card can be answered with, none where its button opens a page."""
    if "buttons" not in action:
        return []
    answers = [_of(button, "quick_reply") for button in some(action["buttons"], at_most=CARD_BUTTONS_MAX)]
    for reply in answers:
        required_text(_of(reply, "title"), chars_max=BUTTON_TITLE_CHARS_MAX)
    return answers


def _of(part: Any, key: str) -> Any:
    if not isinstance(part, dict):
        raise Refusal("incomplete")
    return part.get(key)


_ACTIONS: dict[str, Callable[[Raw], dict[str, Any]]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _link,
    "flow": _flow,
    "location_request_message": lambda _data: {"name": "send_location"},
    "request_contact_info": lambda _data: {"name": "request_contact_info"},
}
