"""Control calls about customers: they write, read, go away and come back; the cast begins; people are made up."""

import base64
import binascii
from typing import Any

from sandbox import inbound, page_calls
from sandbox.accounts import Account, Number
from sandbox.control_parts import Refused, digits_of, number_of, person_of
from sandbox.customers import media_made
from sandbox.http import Request, Response, answer
from sandbox.people import Person
from sandbox.world import World


def say(world: World, request: Request) -> Response:
    """A customer does something. `kind` text unless said otherwise; `content` as the webhook will carry it."""
    body = request.json
    account, number = number_of(world, body.get("to"))
    person = person_of(world, body)
    if body.get("playing"):
        person.played = True
    kind = str(body.get("kind", "text"))
    at = int(body["at"]) if body.get("at") else None
    if kind == "edit":
        made = inbound.edit(world, account, number, person, original_id=str(body["message_id"]), body=str(body["text"]))
    elif kind == "revoke":
        made = inbound.revoke(world, account, number, person, original_id=str(body["message_id"]))
    elif kind == "change_number":
        made = inbound.change_number(world, account, number, person, wa_id=digits_of(body.get("new_number")))
    elif kind == "change_phone":
        made = inbound.change_phone(world, account, number, person)
    elif kind == "preference":
        inbound.preference(world, account, number, person, value=str(body.get("value", "stop")))
        made = ""
    elif kind in inbound.MEDIA_KINDS:
        made = _say_media(world, account, number, person, body, kind=kind, at=at)
    else:
        content = body.get("content") or {"body": str(body.get("text") or "")}
        made = inbound.write(
            world, account, number, person, kind=kind, content=content, reply_to=body.get("reply_to"),
            extras=body.get("extras"), at=at,
        )  # fmt: skip
    heard = world.callback_for(account, number, "messages") is not None
    user_id = world.people.user_id(person, account.portfolio_id)
    return answer({"id": made, "user_id": user_id, "wa_id": person.wa_id, "heard": heard}, status=201)


def _say_media(
    world: World, account: Account, number: Number, person: Person, body: dict[str, Any], *, kind: str, at: int | None
) -> str:
    """Send the file in `data` (base64), or a made-up one of the right kind when there is none."""
    try:
        data = base64.b64decode(body.get("data") or "", validate=True)
    except binascii.Error as error:
        raise Refused("data wants base64.") from error
    mime_type = str(body.get("mime_type") or media_made.MIME_TYPES[kind])
    return inbound.media(
        world, account, number, person, kind=kind, data=data or media_made.example(kind), mime_type=mime_type,
        caption=body.get("text"), filename=body.get("filename"), voice=bool(body.get("voice")), at=at,
    )  # fmt: skip


def start(world: World, request: Request) -> Response:
    """Let the customers of the cast begin on a number."""
    account, number = number_of(world, request.json.get("to"))
    if world.start_customers is None:
        raise Refused("This sandbox has no customers.")
    world.start_customers(account, number)
    return answer({"started": number.id}, status=201)


def presence(world: World, request: Request) -> Response:
    """A customer goes online or offline, stops or starts reading."""
    body = request.json
    person = person_of(world, body)
    person.reads = bool(body.get("reads", person.reads))
    was, person.online = person.online, bool(body.get("online", person.online))
    if person.online and not was:
        world.life.come_online(person)
    if person.reads:
        world.life.read_all(person)
    return answer({"online": person.online, "reads": person.reads})


def people(world: World, request: Request) -> Response:
    """List everybody, or make somebody up who then is played by a person."""
    if request.method == "GET":
        return page_calls.people(world, *number_of(world, request.query.get("number")))
    body = request.json
    if not body.get("from"):
        body["person"] = f"invented/{world.mint.hexadecimal(12)}"
    person = person_of(world, body)
    person.played, person.reads = True, False
    world.changed()
    return answer({"key": person.key}, status=201)


def thread(world: World, request: Request) -> Response:
    _account_of, number = number_of(world, request.query.get("number"))
    return page_calls.thread(world, number, request.query.get("person", ""))


def read(world: World, request: Request) -> Response:
    """A customer looks at all that was delivered."""
    world.life.read_all(person_of(world, request.json))
    return answer({"success": True})
