"""The sandbox's own addresses under `/_sandbox/`: accounts, faults, meters, customers. They are no part of Graph."""

import base64
import binascii
from typing import Any

import msgspec

from sandbox import inbound, page_calls, template_calls
from sandbox.accounts import Account, App, Number, Token
from sandbox.behaviour import QUICK, Behaviour, changed
from sandbox.customers import media_made
from sandbox.faults import RECIPIENTS, Faults
from sandbox.http import Request, Response, answer
from sandbox.meters import Meter
from sandbox.people import Person
from sandbox.phones import country_of, wa_id_of
from sandbox.world import World

NUMBERS_MAX = 50


class Refused(Exception):
    """The control address cannot do what was asked; the message says why."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def control(world: World, request: Request) -> Response:
    """Answer one control call.

    Raises: Refused.
    """
    what = (request.method, request.path.removeprefix("/_sandbox").rstrip("/"))
    handler = HANDLERS.get(what)
    if handler is None:
        raise Refused(f"There is no {what[0]} {request.path}.", status=404)
    try:
        return handler(world, request)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise Refused(str(error)) from error


def _state(world: World, _request: Request) -> Response:
    return answer(
        {
            "seed": world.settings.seed,
            "accounts": [describe(world, account) for account in world.accounts.values()],
            "webhooks": {**world.courier.counts, "underway": world.courier.underway},
            "unheard": world.unheard,
            "faults": world.trouble.faults,
        }
    )


def describe(world: World, account: Account) -> dict[str, Any]:
    """Return an account as the control address shows it, with its secrets: they open nothing else."""
    return {
        "waba_id": account.id,
        "name": account.name,
        "portfolio_id": account.portfolio_id,
        "app_id": account.app.id,
        "app_secret": account.app.secret,
        "token": world.token_of(account).value,
        "demo": account.demo,
        "subscribed": account.subscribed,
        "behaviour": msgspec.structs.asdict(account.behaviour),
        "numbers": [
            {
                "phone_number_id": number.id,
                "display_phone_number": number.display,
                "verified_name": number.verified_name,
                "status": number.status,
                "callback": callback.url if (callback := world.callback_for(account, number, "messages")) else None,
            }
            for number in account.numbers
        ],
    }


def _create_account(world: World, request: Request) -> Response:
    body = request.json
    count = int(body.get("numbers", 1))
    if not 1 <= count <= NUMBERS_MAX:
        raise Refused(f"An account has between 1 and {NUMBERS_MAX} numbers.")
    name = str(body.get("name") or "Test business")
    base = Behaviour() if body.get("lifelike") else QUICK
    behaviour = changed(base, body.get("behaviour", {}))
    app = App(world.mint.object_id(), world.mint.hexadecimal(32), name=f"{name} app")
    account = Account(world.mint.object_id(), name, world.mint.object_id(), app, behaviour)
    for _index in range(count):
        display = f"+1 202-555-{world.mint.chance.randrange(0, 10000):04d}"
        account.numbers.append(Number(world.mint.object_id(), display, name, Meter()))
    world.add_account(account, token="EAA" + world.mint.hexadecimal(96))
    world.changed()
    return answer(describe(world, account), status=201)


def _set_behaviour(world: World, request: Request) -> Response:
    body = dict(request.json)
    account = _account(world, body.pop("waba_id", None))
    account.behaviour = changed(account.behaviour, body)
    world.changed()
    return answer(describe(world, account))


def _set_token(world: World, request: Request) -> Response:
    """Let a token expire, be taken back, lose scopes, or be joined by another one."""
    body = request.json
    account = _account(world, body.get("waba_id"))
    if body.get("new"):
        value = "EAA" + world.mint.hexadecimal(96)
        world.tokens[value] = Token(value, account, issued_at=world.now())
        return answer({"token": value}, status=201)
    token = world.tokens.get(str(body.get("token"))) or world.token_of(account)
    token.valid = bool(body.get("valid", token.valid))
    token.expires_at = int(body.get("expires_at", token.expires_at))
    token.scopes = tuple(body.get("scopes", token.scopes))
    account.app.secret = str(body.get("app_secret", account.app.secret))
    account.app.require_proof = bool(body.get("require_proof", account.app.require_proof))
    return answer({"valid": token.valid, "expires_at": token.expires_at, "scopes": token.scopes})


def _faults(world: World, request: Request) -> Response:
    if request.method == "DELETE":
        world.trouble.reset()
    elif request.method == "POST":
        world.trouble.faults = msgspec.convert({**msgspec.to_builtins(world.trouble.faults), **request.json}, Faults)
    table = {
        digits: {"kind": fault.kind, "code": fault.code, "times": fault.times} for digits, fault in RECIPIENTS.items()
    }
    return answer({"faults": world.trouble.faults, "by_recipient": table})


def _meters(world: World, request: Request) -> Response:
    if request.method == "DELETE":
        for _account, number in world.numbers.values():
            number.meter.reset()
        world.courier.counts.clear()
        world.sent.clear()
        return answer({"success": True})
    numbers = {number.id: number.meter.report() for _account, number in world.numbers.values()}
    webhooks = {**world.courier.counts, "underway": world.courier.underway, "unheard": world.unheard.total()}
    return answer({"numbers": numbers, "webhooks": webhooks})


def _sent(world: World, request: Request) -> Response:
    number_id, since = request.query.get("number"), int(request.query.get("since", 0))
    kept = world.sent.get(number_id, []) if number_id else [item for items in world.sent.values() for item in items]
    return answer({"sent": kept[since:], "total": len(kept)})


def _say(world: World, request: Request) -> Response:
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
        made = inbound.change_number(world, account, number, person, wa_id=_digits(body.get("new_number")))
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


def _start(world: World, request: Request) -> Response:
    """Let the customers of the cast begin on a number."""
    account, number = number_of(world, request.json.get("to"))
    if world.start_customers is None:
        raise Refused("This sandbox has no customers.")
    world.start_customers(account, number)
    return answer({"started": number.id}, status=201)


def _emit(world: World, request: Request) -> Response:
    """Send any change of any field, signed like all others: for what the sandbox has no act of its own."""
    body = request.json
    account, number = number_of(world, body.get("to"))
    at = int(body["at"]) if body.get("at") is not None else None
    heard = world.emit(account, number, str(body["field"]), body["value"], at=at)
    return answer({"heard": heard}, status=201)


def _status(world: World, request: Request) -> Response:
    """Make a template paused, disabled or approved."""
    account, template = world.templates[str(request.json.get("template_id"))]
    template_calls.set_status(world, account, template, str(request.json.get("status")))
    return answer({"success": True})


def _number_status(world: World, request: Request) -> Response:
    """Take a business number off or put it back: DISCONNECTED, CONNECTED, FLAGGED..."""
    _account_of, number = number_of(world, request.json.get("to"))
    number.status = str(request.json.get("status", "CONNECTED"))
    return answer({"success": True})


def _presence(world: World, request: Request) -> Response:
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


def _people(world: World, request: Request) -> Response:
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


def _thread(world: World, request: Request) -> Response:
    _account_of, number = number_of(world, request.query.get("number"))
    return page_calls.thread(world, number, request.query.get("person", ""))


def _read(world: World, request: Request) -> Response:
    """A customer looks at all that was delivered."""
    world.life.read_all(person_of(world, request.json))
    return answer({"success": True})


def person_of(world: World, body: dict[str, Any]) -> Person:
    """Return the customer that a control call speaks of, made known when new.

    `from` is a phone number; `person` a name for somebody who shows none; `known` the key of somebody who is there.
    `hidden` hides the number of one who has it.
    """
    typed, key = body.get("from"), body.get("person")
    if known := body.get("known"):
        found = world.people.known(str(known))
        if found is None and not str(known).isdigit():
            raise Refused("There is nobody with this key.", status=404)
        person = found or world.people.by_number(str(known))
    elif typed:
        wa_id = _digits(typed)
        person = world.people.known(wa_id) or world.people.by_number(wa_id)
    elif key:
        person = world.people.known(str(key)) or Person(
            key=str(key), name=None, wa_id=None, country=str(body.get("country") or "US"), shows_phone=False
        )
    else:
        raise Refused("Say who writes: from (a phone number) or person (a name for somebody without one).")
    person.name = body.get("name") or person.name
    person.username = body.get("username") or person.username
    if body.get("hidden") is not None:
        person.shows_phone = not body["hidden"]
    return world.people.add(person)


def number_of(world: World, wanted: Any) -> tuple[Account, Number]:
    """Return the business number meant: by id or as written; without any, the one that is connected.

    Raises: Refused.
    """
    everything = list(world.numbers.values())
    if wanted:
        digits = "".join(character for character in str(wanted) if character.isdigit())
        for account, number in everything:
            if number.id == str(wanted) or number.digits == digits:
                return account, number
        raise Refused(f"The sandbox has no business number {wanted}. See GET /_sandbox/state.", status=404)
    for account, number in everything:
        if world.callback_for(account, number, "messages"):
            return account, number
    return everything[0]


def _account(world: World, waba_id: Any) -> Account:
    if waba_id is None:
        return next(iter(world.accounts.values()))
    if str(waba_id) not in world.accounts:
        raise Refused(f"The sandbox has no business account {waba_id}.", status=404)
    return world.accounts[str(waba_id)]


def _digits(typed: Any) -> str:
    wa_id = wa_id_of(str(typed))
    if wa_id is None:
        raise Refused(f"{typed!r} is not a phone number in international form, such as +44 7700 900123.")
    country_of(wa_id)
    return wa_id


HANDLERS = {
    ("GET", "/state"): _state,
    ("POST", "/accounts"): _create_account,
    ("POST", "/behaviour"): _set_behaviour,
    ("POST", "/tokens"): _set_token,
    ("GET", "/faults"): _faults,
    ("POST", "/faults"): _faults,
    ("DELETE", "/faults"): _faults,
    ("GET", "/meters"): _meters,
    ("DELETE", "/meters"): _meters,
    ("GET", "/sent"): _sent,
    ("POST", "/say"): _say,
    ("POST", "/emit"): _emit,
    ("POST", "/start"): _start,
    ("GET", "/people"): _people,
    ("POST", "/people"): _people,
    ("GET", "/thread"): _thread,
    ("POST", "/read"): _read,
    ("GET", "/media"): page_calls.picture,
    ("POST", "/templates"): _status,
    ("POST", "/numbers"): _number_status,
    ("POST", "/presence"): _presence,
}
