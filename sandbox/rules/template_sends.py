"""The shape of a template message; whether it fits the approved template is `template_fit.py`."""

from typing import Any

from sandbox.errors import GraphError
from sandbox.rules import content
from sandbox.rules.basics import a_list, an_object, missing, one_of, required, some_text, wrong

BUTTON_KINDS = ("url", "quick_reply", "copy_code", "flow", "catalog", "mpm", "spm", "voice_call", "order_details")
COMPONENT_KINDS = ("header", "body", "button", "carousel", "limited_time_offer", "tap_target_configuration", "footer")
PARAMETER_KEYS = {
    "text": ("text", "parameter_name"),
    "currency": ("currency",),
    "date_time": ("date_time",),
    "image": ("image",),
    "video": ("video",),
    "document": ("document",),
    "location": ("location",),
    "product": ("product",),
    "payload": ("payload",),
    "coupon_code": ("coupon_code",),
    "action": ("action",),
    "limited_time_offer": ("limited_time_offer",),
    "tap_target_configuration": ("tap_target_configuration",),
    "order_status": ("order_status",),
    "ttl_minutes": ("ttl_minutes",),
}
BUTTON_INDEX_MAX = 19
SPACES_MAX = 4


def template(value: Any) -> None:
    """Check the object of a template message."""
    if value is None:
        raise required("template")
    message = an_object(value, "template", keys=("name", "language", "components", "namespace"))
    some_text(message.get("name"), "template['name']", most=512)
    if message.get("language") is None:
        raise required("template['language']")
    language = an_object(message["language"], "template['language']", keys=("code", "policy"))
    some_text(language.get("code"), "template['language']['code']", most=15)
    one_of(language.get("policy", "deterministic"), "template['language']['policy']", ("deterministic",))
    for index, item in enumerate(a_list(message.get("components", []), "template['components']", least=0, most=30)):
        _component(item, f"template['components'][{index}]")


def _component(value: Any, param: str) -> None:
    component = an_object(value, param, keys=("type", "sub_type", "index", "parameters", "cards"))
    kind = one_of(str(component.get("type", "")).lower(), f"{param}['type']", COMPONENT_KINDS)
    if kind == "button":
        one_of(str(component.get("sub_type", "")).lower(), f"{param}['sub_type']", BUTTON_KINDS)
        position = str(component.get("index", ""))
        if not position.isdigit() or int(position) > BUTTON_INDEX_MAX:
            raise wrong(f"{param}['index'] must be between 0 and {BUTTON_INDEX_MAX}")
    if kind == "carousel":
        for card in a_list(component.get("cards"), f"{param}['cards']", least=1, most=10):
            fields = an_object(card, f"{param}['cards']", keys=("card_index", "components"))
            for part in a_list(fields.get("components"), f"{param}['cards']['components']", least=1, most=10):
                _component(part, f"{param}['cards']['components']")
        return
    for index, item in enumerate(a_list(component.get("parameters", []), f"{param}['parameters']", least=0, most=30)):
        _parameter(item, f"{param}['parameters'][{index}]")


def _parameter(value: Any, param: str) -> None:
    if not isinstance(value, dict):
        raise GraphError(100, message=f"(#100) Param {param} must be a JSON object.")
    kind = one_of(str(value.get("type", "")).lower(), f"{param}['type']", PARAMETER_KEYS)
    an_object(value, param, keys=("type", *PARAMETER_KEYS[kind]))
    if value.get(kind) is None:
        raise GraphError(100, f"Parameter '{kind}' is mandatory for component parameter type '{kind}'")
    if kind == "text":
        _hydrated(value["text"], param)
    elif kind in content.MEDIA_KEYS:
        content.media(value[kind], kind, f"{param}['{kind}']")
    elif kind == "location":
        content.location(value["location"])
    elif kind == "coupon_code" and not 1 <= len(str(value["coupon_code"])) <= 20:
        raise wrong("coupon_code must have between 1 and 20 characters")


def _hydrated(value: Any, param: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise missing(f"{param}['text'] must not be empty")
    if "\n" in value or "\t" in value or " " * (SPACES_MAX + 1) in value:
        raise GraphError(
            132008, f"Param text cannot have new-line/tab characters or more than {SPACES_MAX} consecutive spaces"
        )
