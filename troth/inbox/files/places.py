"""Where in a message its files stand: the message itself, or the header of a template, of a card, or above buttons."""

import re
from typing import Any

from troth.inbox.outbox import WHOLE

HEADER = "header:file"
_CARD = re.compile(r"card([0-9]{1,2})\.header:file")
Part = dict[str, Any]


def card_slot(number: int) -> str:
    """Return the place of a card's picture or film; cards count from 0."""
    return f"card{number}.{HEADER}"


def filled(content: Part, slot: str, file_id: str | None) -> Part:
    """Return what a message says with the provider's id of a file at its place."""
    if slot == WHOLE:
        return {**content, "media": {**(content.get("media") or {}), "id": file_id}}
    data = dict(content.get("data") or {})
    if content.get("kind") == "template":
        data["components"] = _in_components(data.get("components") or [], slot, file_id)
    elif slot == HEADER:
        data["header"] = {**(data.get("header") or {}), "id": file_id}
    else:
        data["action"] = _in_cards(data.get("action") or {}, slot, file_id)
    return {**content, "data": data}


def _in_components(components: list[Part], slot: str, file_id: str | None) -> list[Part]:
    found = _CARD.fullmatch(slot)
    return [_component(one, int(found[1]) if found else None, file_id) for one in components]


def _component(component: Part, card: int | None, file_id: str | None) -> Part:
    if card is None and component.get("type") == "header":
        return {**component, "parameters": [_header(one, file_id) for one in component.get("parameters") or []]}
    if card is not None and component.get("type") == "carousel":
        cards = [
            {**one, "components": [_component(inner, None, file_id) for inner in one.get("components") or []]}
            if one.get("card_index") == card
            else one
            for one in component.get("cards") or []
        ]
        return {**component, "cards": cards}
    return component


def _in_cards(action: Part, slot: str, file_id: str | None) -> Part:
    found = _CARD.fullmatch(slot)
    number = int(found[1]) if found else None
    cards = [
        {**card, "header": _header(card.get("header") or {}, file_id)} if card.get("card_index") == number else card
        for card in action.get("cards") or []
    ]
    return {**action, "cards": cards}


def _header(header: Part, file_id: str | None) -> Part:
    kind = str(header.get("type") or "")
    kept = {key: value for key, value in (header.get(kind) or {}).items() if key == "filename"}
    return {**header, kind: {"id": file_id, **kept}}
