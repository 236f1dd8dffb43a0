"""Turns a stored webhook body into one of a connected number: its ids instead of those in the file."""

import json
from typing import Any

from sandbox.webhooks import escaped

BUSINESS_PARTY_KEYS = {"from", "to", "recipient_id"}


class NotAWebhook(ValueError):
    """The file cannot be rewritten, since it is no JSON object."""


def as_number(body: bytes, *, phone_number_id: str, display: str, waba_id: str) -> bytes:
    """Return the body with the ids of another number, written the way Meta writes JSON.

    Every phone number id, display number and account id goes; so do the places where the file's own business number
    stands as sender, recipient or quoted party. Raises: NotAWebhook.
    """
    try:
        value = json.loads(body)
    except ValueError as error:
        raise NotAWebhook("not JSON; only --channel without --as can deliver it as it is") from error
    if not isinstance(value, dict):
        raise NotAWebhook("not a JSON object; only --channel without --as can deliver it as it is")
    digits = "".join(character for character in display if character.isdigit())
    old_numbers, old_accounts = set[str](), set[str]()
    for entry in _dicts(value.get("entry")):
        old_accounts.add(str(entry.get("id")))
        entry["id"] = waba_id
    _collect(value, old_numbers)
    _rewrite(value, old_numbers, old_accounts, phone_number_id=phone_number_id, digits=digits, waba_id=waba_id)
    return escaped(value)


def _collect(value: Any, old_numbers: set[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _collect(item, old_numbers)
    elif isinstance(value, dict):
        if isinstance(shown := value.get("display_phone_number"), str):
            old_numbers.update({shown, "".join(character for character in shown if character.isdigit())})
        for item in value.values():
            _collect(item, old_numbers)


def _rewrite(
    value: Any, old_numbers: set[str], old_accounts: set[str], *, phone_number_id: str, digits: str, waba_id: str
) -> None:
    items = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    for item in items:
        _rewrite(item, old_numbers, old_accounts, phone_number_id=phone_number_id, digits=digits, waba_id=waba_id)
    if not isinstance(value, dict):
        return
    for key, item in value.items():
        if key == "phone_number_id" and isinstance(item, str):
            value[key] = phone_number_id
        elif key == "display_phone_number" or (key in BUSINESS_PARTY_KEYS and item in old_numbers):
            value[key] = digits
        elif key == "waba_id" and str(item) in old_accounts:
            value[key] = waba_id


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
