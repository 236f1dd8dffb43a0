"""The outer part of every body for `/messages`: product, recipient, kind, and what may stand beside them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.errors import GraphError
from sandbox.phones import wa_id_of
from sandbox.rules import content
from sandbox.rules.basics import one_of, required, some_text, unexpected_keys
from sandbox.rules.contact_cards import contacts
from sandbox.rules.interactive import interactive
from sandbox.rules.template_sends import template

CALLBACK_DATA_MAX = 512
BSUID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")
COMMON_KEYS = frozenset(
    {
        "messaging_product", "recipient_type", "to", "recipient", "type", "context", "biz_opaque_callback_data",
        "recipient_identity_key_hash", "messaging_account_id", "category", "direct_send_config", "access_token",
        "appsecret_proof",
    }
)  # fmt: skip
READ_KEYS = frozenset(
    {"messaging_product", "status", "message_id", "typing_indicator", "access_token", "appsecret_proof"}
)


def _media(kind: str) -> Callable[[Any], None]:
    return lambda value: content.media(value, kind)


KINDS: dict[str, Callable[[Any], None]] = {
    "text": content.text,
    "image": _media("image"),
    "video": _media("video"),
    "audio": _media("audio"),
    "document": _media("document"),
    "sticker": _media("sticker"),
    "location": content.location,
    "contacts": contacts,
    "reaction": content.reaction,
    "interactive": interactive,
    "template": template,
    "pin": content.pin,
}
ALLOWED = {kind: COMMON_KEYS | {kind} for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Addressed:
    """A body found to be well-formed: its kind, and whom it names, by number or by user id."""

    kind: str
    input: str
    wa_id: str | None
    user_id: str | None


def check_send(body: dict[str, Any]) -> Addressed:
    """Return kind and recipient of a send.

    Raises: GraphError, worded as the platform does, for the first thing that is wrong.
    """
    check_product(body)
    kind = body.get("type", "text")
    if kind not in KINDS:
        one_of(kind, "type", KINDS)
    if not body.keys() <= ALLOWED[kind]:
        _refuse_key(body, kind)
    recipient = _recipient(body, kind)
    KINDS[kind](body.get(kind))
    if "context" in body:
        content.context(body["context"])
    if "biz_opaque_callback_data" in body:
        some_text(body["biz_opaque_callback_data"], "biz_opaque_callback_data", most=CALLBACK_DATA_MAX, least=0)
    if "category" in body or "direct_send_config" in body:
        raise GraphError(100, "This business is not eligible for Direct Send.")
    return recipient


def check_read(body: dict[str, Any]) -> str:
    """Return the message id of a read receipt.

    Raises: GraphError.
    """
    check_product(body)
    unexpected_keys(body, "message", READ_KEYS)
    one_of(body.get("status"), "status", ("read",))
    if "typing_indicator" in body:
        content.typing(body["typing_indicator"])
    return some_text(body.get("message_id"), "message_id", most=512)


def check_product(body: dict[str, Any]) -> None:
    """Refuse a body that does not say `whatsapp`."""
    product = body.get("messaging_product")
    if product is None:
        raise required("messaging_product")
    one_of(product, "messaging_product", ("whatsapp",))


def _refuse_key(body: dict[str, Any], kind: str) -> None:
    for key in body:
        if key not in ALLOWED[kind]:
            raise GraphError(100, message=f'(#100) Unexpected key "{key}" on param "message".')


def _recipient(body: dict[str, Any], kind: str) -> Addressed:
    if one_of(body.get("recipient_type", "individual"), "recipient_type", ("individual", "group")) == "group":
        raise GraphError(131041, "The group does not exist or this number is not in it.")
    if body.get("to") is not None:
        typed = body["to"]
        wa_id = wa_id_of(typed) if isinstance(typed, str) else None
        if wa_id is None:
            raise GraphError(100, "Parameter Invalid: to is not a phone number in international form.")
        return Addressed(kind, typed, wa_id, None)
    user_id = body.get("recipient")
    if user_id is None:
        raise required("to")
    if not isinstance(user_id, str) or not BSUID.fullmatch(user_id):
        raise GraphError(100, "Parameter Invalid: recipient is not a business-scoped user id.")
    return Addressed(kind, user_id, None, user_id)
