"""Does a template message fit the approved template: name, language, state, and each parameter."""

import re
from typing import Any

from sandbox.accounts import Account, Template
from sandbox.errors import GraphError

VARIABLE = re.compile(r"\{\{\s*([a-z0-9_]+)\s*\}\}")
LIVE = {"APPROVED"}
PHONE_ONLY_OTP = {"COPY_CODE", "ONE_TAP", "ZERO_TAP"}
HYDRATED_MAX = 1024
PRODUCTS_MAX = 30
Part = dict[str, Any]


def check_fit(account: Account, sent: Part, *, by_user_id: bool) -> Template:
    """Return the template that a send names.

    Raises: GraphError 132001, 132000, 132012, 132015, 132016, 132018, 131062.
    """
    template = _named(account, sent["name"], sent["language"]["code"])
    definition = {str(part.get("type", "")).upper(): part for part in template.components}
    given = _given(sent.get("components", []))
    if by_user_id and template.category == "AUTHENTICATION" and _has_otp(definition):
        raise GraphError(131062, "Authentication templates with a code button need a phone number.")
    _check_text(template, definition.get("BODY"), given.get("body", []), "body")
    _check_header(template, definition.get("HEADER"), given.get("header", []))
    _check_buttons(definition.get("BUTTONS"), sent.get("components", []))
    _check_offer(definition.get("LIMITED_TIME_OFFER"), given.get("limited_time_offer"))
    _check_cards(template, definition.get("CAROUSEL"), sent.get("components", []))
    return template


def variables(text: object) -> list[str]:
    """Return the names of the variables in a text, each once, in order."""
    return list(dict.fromkeys(VARIABLE.findall(str(text or ""))))


def _named(account: Account, name: str, language: str) -> Template:
    for template in account.templates.values():
        if template.name == name and _same_language(template.language, language):
            if template.status == "PAUSED":
                raise GraphError(132015)
            if template.status == "DISABLED":
                raise GraphError(132016)
            if template.status in LIVE:
                return template
    raise GraphError(132001, f"template name ({name}) does not exist in {language}")


def _same_language(one: str, other: str) -> bool:
    return one.replace("-", "_").lower() == other.replace("-", "_").lower()


def _given(components: list[Part]) -> dict[str, list[Part]]:
    return {str(part["type"]).lower(): part.get("parameters", []) for part in components}


def _has_otp(definition: dict[str, Part]) -> bool:
    buttons = definition.get("BUTTONS", {}).get("buttons", [])
    return any(str(button.get("otp_type", "")).upper() in PHONE_ONLY_OTP for button in buttons)


def _check_text(template: Template, part: Part | None, parameters: list[Part], where: str) -> None:
    expected = variables(part.get("text")) if part else []
    if template.category == "AUTHENTICATION" and where == "body":
        expected = expected or ["1"]
    if len(parameters) != len(expected):
        raise GraphError(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected number of params "
            f"({len(expected)})",
        )
    if template.parameter_format == "NAMED" and expected:
        names = {str(parameter.get("parameter_name", "")) for parameter in parameters}
        if names != set(expected):
            raise GraphError(132018, f"{where}: parameter names {sorted(names)} do not match {sorted(expected)}")
    length = len(str(part.get("text"))) if part else 0
    length += sum(len(str(parameter.get("text", ""))) for parameter in parameters)
    if where == "body" and length > HYDRATED_MAX + len(expected) * 10:
        raise GraphError(132005, f"{where}: the text is longer than {HYDRATED_MAX} characters")


def _check_header(template: Template, part: Part | None, parameters: list[Part]) -> None:
    form = str(part.get("format", "TEXT")).upper() if part else "TEXT"
    if form == "TEXT":
        _check_text(template, part, parameters, "header")
        return
    kinds = [str(parameter.get("type", "")).upper() for parameter in parameters]
    if kinds != [form]:
        raise GraphError(132012, f"header: Format mismatch, expected {form}, received {', '.join(kinds) or 'UNKNOWN'}")


def _check_buttons(part: Part | None, components: list[Part]) -> None:
    buttons = part.get("buttons", []) if part else []
    given = {int(item["index"]): item for item in components if str(item["type"]).lower() == "button"}
    for index in given:
        if index >= len(buttons):
            raise GraphError(132018, f"buttons: the template has no button with index {index}")
    for index, button in enumerate(buttons):
        varies = str(button.get("type", "")).upper() == "URL" and variables(button.get("url"))
        if varies and not given.get(index, {}).get("parameters"):
            raise GraphError(131008, f"buttons: Button at index {index} of type Url requires a parameter")
        if str(button.get("type", "")).upper() == "MPM":
            _check_products(index, given.get(index, {}).get("parameters") or [])
        if str(button.get("type", "")).upper() == "COPY_CODE" and not given.get(index, {}).get("parameters"):
            raise GraphError(131008, f"buttons: Button at index {index} of type CopyCode requires a parameter")


def _check_products(index: int, parameters: list[Part]) -> None:
    action = (parameters[0].get("action") or {}) if parameters else {}
    items = [item for section in action.get("sections") or [] for item in section.get("product_items") or []]
    if not action.get("thumbnail_product_retailer_id") or not 1 <= len(items) <= PRODUCTS_MAX:
        raise GraphError(131008, f"buttons: Button at index {index} of type Mpm requires its products")


def _check_offer(part: Part | None, parameters: list[Part] | None) -> None:
    wants = bool(part and (part.get("limited_time_offer") or {}).get("has_expiration"))
    if wants != bool(parameters):
        raise GraphError(132000, "limited_time_offer: an expiration has to be given just where the template has one")
    for parameter in parameters or []:
        if not isinstance((parameter.get("limited_time_offer") or {}).get("expiration_time_ms"), int):
            raise GraphError(132018, "limited_time_offer: expiration_time_ms has to be a whole number")


def _check_cards(template: Template, part: Part | None, components: list[Part]) -> None:
    defined = part.get("cards", []) if part else []
    cards: list[Part] = next(
        (item.get("cards", []) for item in components if str(item["type"]).lower() == "carousel"), []
    )
    if len(cards) != len(defined):
        raise GraphError(132000, f"carousel: {len(cards)} cards given, expected {len(defined)}")
    for at, (card, wanted) in enumerate(zip(cards, defined, strict=True)):
        if card.get("card_index") != at:
            raise GraphError(132018, f"carousel: the card at {at} says that it is another one")
        definition = {str(one.get("type", "")).upper(): one for one in wanted.get("components", [])}
        given = _given(card.get("components", []))
        _check_text(template, definition.get("BODY"), given.get("body", []), "body")
        _check_header(template, definition.get("HEADER"), given.get("header", []))
        _check_buttons(definition.get("BUTTONS"), card.get("components", []))
