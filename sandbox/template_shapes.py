"""The shapes of definitions beyond plain words: samples of headers, cards, offers, codes."""

import re
from typing import Any

from sandbox.errors import GraphError

MEDIA = {"IMAGE", "VIDEO", "DOCUMENT"}
HANDLE = re.compile(r"4::.+")
CARDS_MIN, CARDS_MAX, CARD_BODY_MAX, CARD_BUTTONS_MAX = 2, 10, 160, 2
OFFER_MAX, OFFER_BODY_MAX = 16, 600
MINUTES_MIN, MINUTES_MAX = 1, 90
APPS_MAX = 5
OTP_KINDS = {"COPY_CODE", "ONE_TAP", "ZERO_TAP"}
Part = dict[str, Any]


def as_told(part: Any) -> Any:
    """Return a definition as Meta tells of it: a sample has an address there, and not the handle of its upload."""
    if isinstance(part, list):
        return [as_told(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {key: as_told(value) for key, value in part.items()}
    return told | {"header_handle": ["https://scontent.example/v/sample"]} if "header_handle" in told else told


def check_sample(header: Part) -> None:
    """Check that a header with a file has a sample that was uploaded, and a header of words none of it."""
    if str(header.get("format", "TEXT")).upper() not in MEDIA:
        return
    handles = (header.get("example") or {}).get("header_handle")
    if not isinstance(handles, list) or not handles or not HANDLE.fullmatch(str(handles[0])):
        raise GraphError(100, "A header with a file needs a sample that was uploaded.", subcode=2388084)


def check_whole(parts: dict[str, Part], category: str) -> None:
    """Check the parts against each other."""
    if "CAROUSEL" in parts:
        _check_carousel(parts["CAROUSEL"])
    if "LIMITED_TIME_OFFER" in parts:
        _check_offer(parts, category)
    if "CALL_PERMISSION_REQUEST" in parts and set(parts) - {"BODY", "CALL_PERMISSION_REQUEST"}:
        raise GraphError(100, "A request to call stands with a body and nothing else.")
    if category == "AUTHENTICATION":
        _check_code(parts)


def _check_carousel(part: Part) -> None:
    cards = part.get("cards")
    if not isinstance(cards, list) or not CARDS_MIN <= len(cards) <= CARDS_MAX:
        raise GraphError(100, f"A carousel has between {CARDS_MIN} and {CARDS_MAX} cards.")
    shapes = set()
    for card in cards:
        inner = {str(one.get("type", "")).upper(): one for one in card.get("components", [])}
        if "HEADER" not in inner:
            raise GraphError(100, "Each card has a header.")
        check_sample(inner["HEADER"])
        buttons = inner.get("BUTTONS", {}).get("buttons", [])
        if len(buttons) > CARD_BUTTONS_MAX or len(str(inner.get("BODY", {}).get("text", ""))) > CARD_BODY_MAX:
            raise GraphError(2388040, "A card has at most 160 characters and two buttons.")
        kinds = tuple(str(button.get("type", "")).upper() for button in buttons)
        shapes.add((str(inner["HEADER"].get("format", "")).upper(), "BODY" in inner, kinds))
    if len(shapes) > 1:
        raise GraphError(100, "All cards have the same structure.")


def _check_offer(parts: dict[str, Part], category: str) -> None:
    offer = parts["LIMITED_TIME_OFFER"].get("limited_time_offer") or {}
    if category != "MARKETING":
        raise GraphError(100, "A limited-time offer is a marketing template.")
    if not 1 <= len(str(offer.get("text", ""))) <= OFFER_MAX:
        raise GraphError(2388040, f"The text of the offer has at most {OFFER_MAX} characters.")
    if "FOOTER" in parts or len(str(parts["BODY"].get("text", ""))) > OFFER_BODY_MAX:
        raise GraphError(100, "A limited-time offer has no footer and a shorter body.")


def _check_code(parts: dict[str, Part]) -> None:
    buttons = parts.get("BUTTONS", {}).get("buttons", [])
    if len(buttons) != 1 or str(buttons[0].get("otp_type", "")).upper() not in OTP_KINDS:
        raise GraphError(100, "An authentication template has exactly one button of type OTP.")
    if str(buttons[0]["otp_type"]).upper() != "COPY_CODE":
        _check_apps(buttons[0].get("supported_apps"))
    minutes = parts.get("FOOTER", {}).get("code_expiration_minutes", MINUTES_MIN)
    if not isinstance(minutes, int) or not MINUTES_MIN <= minutes <= MINUTES_MAX:
        raise GraphError(100, f"code_expiration_minutes lies between {MINUTES_MIN} and {MINUTES_MAX}.")


def _check_apps(apps: Any) -> None:
    if not isinstance(apps, list) or not 1 <= len(apps) <= APPS_MAX:
        raise GraphError(100, f"The button needs between 1 and {APPS_MAX} supported_apps.")
    for app in apps:
        if not isinstance(app, dict) or set(app) != {"package_name", "signature_hash"} or not all(app.values()):
            raise GraphError(100, "Each of the supported_apps has a package_name and a signature_hash.")
