"""Webhook bodies as Meta writes them, made by us."""

import json
from typing import Any

Body = dict[str, Any]


def envelope(value: Body, *, account: str, field: str = "messages") -> Body:
    """Return a whole body with one change."""
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account, "changes": [{"field": field, "value": value}]}],
    }


def value(number: str, **parts: Any) -> Body:
    """Return the value of a change about one number."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "60312345678", "phone_number_id": number},
        **parts,
    }


def text(
    said: str, *, id: str, at: int, phone: str | None = "60123456789", bsuid: str | None = None, **more: Any
) -> Body:
    """Return a text message. `at` is in seconds since 1970."""
    message: Body = {"id": id, "timestamp": str(at), "type": "text", "text": {"body": said}, **more}
    if phone:
        message["from"] = phone
    if bsuid:
        message["from_user_id"] = bsuid
    return message


def contact(*, name: str, phone: str | None = "60123456789", bsuid: str | None = None) -> Body:
    """Return the part of a value that names the sender."""
    person: Body = {"profile": {"name": name}}
    if phone:
        person["wa_id"] = phone
    if bsuid:
        person["user_id"] = bsuid
    return person


def status(word: str, *, id: str, at: int, phone: str = "60123456789", **more: Any) -> Body:
    """Return a status of a message of ours."""
    return {"id": id, "status": word, "timestamp": str(at), "recipient_id": phone, **more}


def encode(body: Body) -> bytes:
    """Return the bytes as Meta sends them: letters beyond ASCII and slashes escaped."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode()
