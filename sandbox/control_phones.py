"""Control calls about the phone app in which a number lives too."""

from typing import Any

import msgspec

from sandbox import phone_app
from sandbox.accounts import PhoneApp
from sandbox.control_parts import Refused, digits_of, number_of, person_of
from sandbox.http import Request, Response, answer
from sandbox.world import World


def phone(world: World, request: Request) -> Response:
    """Put a number (`to`) into a phone app with `contacts` and `history`; `shared_at` shares it without Meta's page."""
    body = request.json
    _account, number = number_of(world, body.get("to"))
    contacts = [(digits_of(one), str(name)) for one, name in body.get("contacts", [])]
    history = [(digits_of(one), bool(ours), str(text), int(at)) for one, ours, text, at in body.get("history", [])]
    made = PhoneApp(contacts, history, bool(body.get("declines")), int(body.get("shared_at", 0)))
    number.phone = made
    world.changed()
    return answer(msgspec.to_builtins(made), status=201)


def say(world: World, request: Request) -> Response:
    """Let somebody write in the phone app: `text`, or `edit` or `revoke` with the id of what was written before."""
    body = request.json
    account, number = number_of(world, body.get("to_number"))
    if number.phone is None or not number.phone.shared_at:
        raise Refused("This number is not shared with a phone app.")
    person = person_of(world, body)
    words = {"body": str(body.get("text", ""))}
    kind: str = "text"
    content: dict[str, Any] = words
    if original := body.get("edit"):
        kind, content = "edit", {"original_message_id": original, "message": {"type": "text", "text": words}}
    elif original := body.get("revoke"):
        kind, content = "revoke", {"original_message_id": original}
    return answer({"id": phone_app.say(world, account, number, person, kind=kind, content=content)}, status=201)


def leave(world: World, request: Request) -> Response:
    """End the sharing in the phone app."""
    account, number = number_of(world, request.json.get("to"))
    phone_app.disconnect(world, account, number, reason=str(request.json.get("reason", "USER_INITIATED")))
    return answer({"success": True})
