"""A template and the values that fill it. The components are Meta's own objects; what fails most is checked."""

import re
from typing import Any

from troth.channels.cloud.refusal import Refusal, required_text
from troth.channels.contract import Content

NAME_CHARS_MAX = 512
LANGUAGE_CHARS_MAX = 32
COMPONENTS = frozenset(
    {"header", "body", "footer", "button", "carousel", "limited_time_offer", "order_status", "tap_target_configuration"}
)

_BREAKS = re.compile(r"[\n\r\t]| {5,}")


def template(content: Content) -> dict[str, Any]:
    """Return the `template` object of a message. Components without values are left out.

    Raises: Refusal.
    """
    data = content.data or {}
    part: dict[str, Any] = {
        "name": required_text(data.get("name"), chars_max=NAME_CHARS_MAX),
        "language": {"code": required_text(data.get("language"), chars_max=LANGUAGE_CHARS_MAX)},
    }
    components = _listed(data.get("components"))
    for component in components:
        _check(component)
    if components:
        part["components"] = components
    return part


def _listed(value: Any) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise Refusal("incomplete")
    return value or []


def _check(component: Any) -> None:
    if not isinstance(component, dict) or str(component.get("type")).lower() not in COMPONENTS:
        raise Refusal("incomplete")
    for parameter in _listed(component.get("parameters")):
        if not isinstance(parameter, dict):
            raise Refusal("incomplete")
        value = parameter.get("text")
        if isinstance(value, str) and _BREAKS.search(value):
            raise Refusal("line_breaks")
    for card in _listed(component.get("cards")):
        if not isinstance(card, dict):
            raise Refusal("incomplete")
        for inner in _listed(card.get("components")):
            _check(inner)
