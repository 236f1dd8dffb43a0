"""Control calls about what happens on phones whose WhatsApp Web is linked: somebody writes, edits, reads, is renamed."""

from collections.abc import Callable
from typing import Any

from sandbox.control_parts import Refused
from sandbox.control_web import phone_of
from sandbox.http import Request, Response, answer
from sandbox.web import happenings
from sandbox.web.chats import Bubble, Chat, Somebody
from sandbox.web.furnish import somebody, who_says
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No
from sandbox.world import World

ACKS = {"failed": happenings.FAILED, "sent": 1, "delivered": 2, "read": 3}
Body = dict[str, Any]


def say(world: World, request: Request) -> Response:
    """Let somebody write in a `chat`: a person or, in a group, `by` one of its members; `mine`: the phone's owner, on the
    phone. What can be said stands in `web/bubbles.py`. With a `number` or `called` instead of a chat: somebody new."""
    body = request.json
    phone = phone_of(world, body.get("phone"))
    chat = _chat_or_new(world, phone, body)
    made = happenings.say(world.web, phone, chat, body, by=_who(chat, body))
    return answer({"id": made.id, "at": made.at}, status=201)


def _chat_or_new(world: World, phone: WebPhone, body: Body) -> Chat:
    if body.get("chat"):
        return phone.chat(body["chat"])
    if not body.get("number") and not body.get("called"):
        raise Refused("Say where: chat, or who writes for the first time: number or called.")
    who = somebody(world.web, phone, body)
    known = next((one for one in phone.chats if one.who is who), None)
    return known or happenings.open_chat(world.web, phone, who)


def _who(chat: Chat, body: Body) -> Somebody | None:
    return None if body.get("mine") else who_says(chat, body.get("by"))


def _message(world: World, body: Body) -> tuple[WebPhone, Chat, Bubble]:
    phone = phone_of(world, body.get("phone"))
    chat = phone.chat(body["chat"])
    return phone, chat, phone.bubble(chat, body["id"])


def edit(world: World, request: Request) -> Response:
    """Change the `text` of a message."""
    phone, chat, one = _message(world, request.json)
    happenings.edit(world.web, phone, chat, one, str(request.json["text"]))
    return answer({"success": True})


def delete(world: World, request: Request) -> Response:
    """Take a message back."""
    phone, chat, one = _message(world, request.json)
    happenings.revoke(world.web, phone, chat, one)
    return answer({"success": True})


def react(world: World, request: Request) -> Response:
    """React to a message with an `emoji`, or take the reaction away without one."""
    phone, chat, one = _message(world, request.json)
    emoji = str(request.json.get("emoji", ""))
    happenings.react(world.web, phone, chat, one, emoji, by=_who(chat, request.json))
    return answer({"success": True})


def tick(world: World, request: Request) -> Response:
    """Give a message of the owner's a `status`: sent, delivered, read, failed."""
    phone, chat, one = _message(world, request.json)
    if one.by is not None:
        raise Refused("Only what the phone's owner said has a status.")
    happenings.tick(world.web, phone, chat, one, ACKS[str(request.json["status"])])
    return answer({"success": True})


def typing(world: World, request: Request) -> Response:
    """Let somebody begin to write, or stop (`on` false)."""
    body = request.json
    phone = phone_of(world, body.get("phone"))
    chat = phone.chat(body["chat"])
    happenings.typing(world.web, phone, chat, who_says(chat, body.get("by")), bool(body.get("on", True)))
    return answer({"success": True})


def rename(world: World, request: Request) -> Response:
    """Save a person under another `name`, or give a group one."""
    phone = phone_of(world, request.json.get("phone"))
    happenings.rename(world.web, phone, phone.chat(request.json["chat"]), str(request.json["name"]))
    return answer({"success": True})


def alias(world: World, request: Request) -> Response:
    """Let the LID appear of somebody (`who`) who was known by their phone number only."""
    body = request.json
    phone = phone_of(world, body.get("phone"))
    who = next((one for one in phone.people if one.is_meant(str(body["who"]))), None)
    if who is None:
        raise No("no_such_person", f"There is no {body['who']} on this phone.")
    happenings.reveal_lid(world.web, phone, who, str(body.get("lid") or world.web.new_lid()))
    return answer({"phone": who.by_phone, "lid": who.by_lid})


def _of_chat(happens: Callable[..., None]) -> Callable[[World, Request], Response]:
    def handle(world: World, request: Request) -> Response:
        phone = phone_of(world, request.json.get("phone"))
        happens(world.web, phone, phone.chat(request.json["chat"]))
        return answer({"success": True})

    return handle


HANDLERS: dict[tuple[str, str], Callable[[World, Request], Response]] = {
    ("POST", "/web/say"): say,
    ("POST", "/web/edit"): edit,
    ("POST", "/web/delete"): delete,
    ("POST", "/web/react"): react,
    ("POST", "/web/tick"): tick,
    ("POST", "/web/typing"): typing,
    ("POST", "/web/read"): _of_chat(happenings.read),
    ("POST", "/web/clear"): _of_chat(happenings.clear),
    ("POST", "/web/rename"): rename,
    ("POST", "/web/alias"): alias,
}
