"""Webhook bodies as Meta writes them, made up for these tests: the cast is Ana, who writes to Acme."""

import json
from typing import Any

ACCOUNT = "100200300400500"
NUMBER_ID = "700800900100200"
OUR_PHONE = "15557770100"
ANA_PHONE = "34600111222"
ANA_BSUID = "ES.7Qw3Er5Ty"
ANA_PARENT = "ES.ENT.4455"
ANA: dict[str, Any] = {"profile": {"name": "Ana Prat"}, "wa_id": ANA_PHONE, "user_id": ANA_BSUID}
AT = 1_795_000_000


def encoded(tree: Any) -> bytes:
    """Return bytes escaped the way Meta escapes them: nothing but ASCII."""
    return json.dumps(tree).encode()


def change(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "value": value}


def body(*changes: Any, account: str = ACCOUNT, time: int | None = None) -> bytes:
    entry: dict[str, Any] = {"id": account, "changes": list(changes)}
    if time is not None:
        entry["time"] = time
    return encoded({"object": "whatsapp_business_account", "entry": [entry]})


def value(**parts: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": OUR_PHONE, "phone_number_id": NUMBER_ID},
        **parts,
    }


def message(kind: str = "text", /, **parts: Any) -> dict[str, Any]:
    """Return a message of Ana's; a part that is None is left out."""
    whole = {
        "from": ANA_PHONE,
        "from_user_id": ANA_BSUID,
        "id": "wamid.in1",
        "timestamp": str(AT),
        "type": kind,
        **({"text": {"body": "hola"}} if kind == "text" else {}),
        **parts,
    }
    return {key: part for key, part in whole.items() if part is not None}


def status(state: str = "delivered", /, **parts: Any) -> dict[str, Any]:
    whole = {
        "id": "wamid.out1",
        "status": state,
        "timestamp": str(AT),
        "recipient_id": ANA_PHONE,
        "recipient_user_id": ANA_BSUID,
        **parts,
    }
    return {key: part for key, part in whole.items() if part is not None}


def messages_body(*messages: Any, contacts: Any = (ANA,), field: str = "messages", **parts: Any) -> bytes:
    return body(change(field, value(contacts=list(contacts), messages=list(messages), **parts)))


def statuses_body(*statuses: Any, contacts: Any = (ANA,), **parts: Any) -> bytes:
    return body(change("messages", value(contacts=list(contacts), statuses=list(statuses), **parts)))
