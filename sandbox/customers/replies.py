"""What a customer taps when an agent sends something to tap on."""

import random
from typing import Any

from sandbox.customers.lines import Say
from sandbox.life import Sent


def reply_to_form(sent: Sent, chance: random.Random) -> Say | None:
    """Return the turn that answers buttons, a list, a request or a template's quick reply; None for anything else."""
    if sent.kind == "template":
        return _quick_reply(sent, chance)
    if sent.kind != "interactive":
        return None
    form: dict[str, Any] = sent.body["interactive"]
    kind, action = form["type"], form.get("action", {})
    context = {"context": {"from": sent.number.digits, "id": sent.id}}
    if kind == "button":
        reply = chance.choice(action["buttons"])["reply"]
        return Say(kind="interactive", content={"type": "button_reply", "button_reply": dict(reply)}, extras=context)
    if kind == "list":
        row = chance.choice([row for section in action["sections"] for row in section["rows"]])
        return Say(kind="interactive", content={"type": "list_reply", "list_reply": dict(row)}, extras=context)
    if kind == "location_request_message":
        where = {"latitude": 3.139, "longitude": 101.6869, "name": "Kuala Lumpur", "address": "Kuala Lumpur, Malaysia"}
        return Say(kind="location", content=where, extras=context)
    if kind == "request_contact_info" and sent.person.wa_id:
        name = {"formatted_name": sent.person.name or "", "first_name": sent.person.name or ""}
        phone = {"phone": f"+{sent.person.wa_id}", "wa_id": sent.person.wa_id, "type": "CELL"}
        return Say(kind="contacts", content=[{"name": name, "phones": [phone], "origin": "contact_request"}])
    return None


def _quick_reply(sent: Sent, chance: random.Random) -> Say | None:
    name = sent.body["template"]["name"]
    template = next((item for item in sent.account.templates.values() if item.name == name), None)
    parts = template.components if template else []
    buttons: list[Any] = [
        button
        for part in parts
        if str(part.get("type", "")).upper() == "BUTTONS"
        for button in part.get("buttons", [])  # type: ignore[attr-defined]  # definitions were checked when made
        if str(button.get("type", "")).upper() == "QUICK_REPLY"
    ]
    if not buttons:
        return None
    text = str(chance.choice(buttons)["text"])
    context = {"context": {"from": sent.number.digits, "id": sent.id}}
    return Say(kind="button", content={"payload": text, "text": text}, extras=context)
