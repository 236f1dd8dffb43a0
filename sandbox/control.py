"""The sandbox's own addresses under `/_sandbox/`: accounts, faults, meters, customers. They are no part of Graph."""

from collections.abc import Callable
from typing import Any

import msgspec

from sandbox import control_customers as customers
from sandbox import control_phones as phones
from sandbox import control_web, control_web_talk, page_calls, template_calls, versions
from sandbox.accounts import Account, App, Number, Token
from sandbox.behaviour import QUICK, Behaviour, changed
from sandbox.control_parts import Refused, account_of, number_of
from sandbox.faults import RECIPIENTS, Faults
from sandbox.http import Request, Response, answer
from sandbox.meters import Meter
from sandbox.world import World

Handler = Callable[[World, Request], Response]
NUMBERS_MAX = 50


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
    except KeyError as error:
        raise Refused(f"{error} is missing or unknown.") from error


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
    count = 0 if body.get("empty") else int(body.get("numbers", 1))
    if not (body.get("empty") or 1 <= count <= NUMBERS_MAX):
        raise Refused(f"An account has between 1 and {NUMBERS_MAX} numbers.")
    name = str(body.get("name") or "Test business")
    base = Behaviour() if body.get("lifelike") else QUICK
    behaviour = changed(base, body.get("behaviour", {}))
    app = App(world.mint.object_id(), world.mint.hexadecimal(32), name=f"{name} app")
    if known := body.get("app_id"):
        app = world.apps[str(known)]
    account = Account(world.mint.object_id(), name, world.mint.object_id(), app, behaviour)
    for _index in range(count):
        display = f"+1 202-555-{world.mint.chance.randrange(0, 10000):04d}"
        number = Number(world.mint.object_id(), display, name, Meter())
        if body.get("unregistered"):
            number.status, number.pin = "PENDING", ""
        account.numbers.append(number)
    world.add_account(account, token="EAA" + world.mint.hexadecimal(96))
    world.changed()
    return answer(describe(world, account), status=201)


def _set_behaviour(world: World, request: Request) -> Response:
    body = dict(request.json)
    account = account_of(world, body.pop("waba_id", None))
    account.behaviour = changed(account.behaviour, body)
    world.changed()
    return answer(describe(world, account))


def _set_token(world: World, request: Request) -> Response:
    """Let a token expire, be taken back, lose scopes, or be joined by another one."""
    body = request.json
    account = account_of(world, body.get("waba_id"))
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


def _emit(world: World, request: Request) -> Response:
    """Send any change of any field, signed like all others: for what the sandbox has no act of its own."""
    body = request.json
    account, number = number_of(world, body.get("to"))
    at = int(body["at"]) if body.get("at") is not None else None
    heard = world.emit(account, number, str(body["field"]), body["value"], at=at)
    return answer({"heard": heard}, status=201)


def _status(world: World, request: Request) -> Response:
    """Make a template paused, disabled or approved, or move it to another category (`announced` only says so)."""
    body = request.json
    account, template = world.templates[str(body.get("template_id"))]
    if "category" in body:
        announced = bool(body.get("announced"))
        template_calls.set_category(world, account, template, str(body["category"]), announced=announced)
    if "status" in body:
        template_calls.set_status(world, account, template, str(body["status"]))
    return answer({"success": True})


def _number_status(world: World, request: Request) -> Response:
    """Take a business number off or put it back: DISCONNECTED, CONNECTED, FLAGGED..."""
    _account_of, number = number_of(world, request.json.get("to"))
    number.status = str(request.json.get("status", "CONNECTED"))
    return answer({"success": True})


def _standing(world: World, request: Request) -> Response:
    """Change what Meta says of a number when it is asked: whether it can send and why not, its quality, the limit."""
    body = request.json
    account, number = number_of(world, body.get("to"))
    number.able = str(body.get("state", number.able))
    number.able_errors = list(body.get("errors", number.able_errors if number.able != "AVAILABLE" else []))
    number.quality = str(body.get("quality", number.quality))
    limit = str(body.get("limit", account.messaging_limit))
    for other in world.accounts.values():
        if other.portfolio_id == account.portfolio_id:
            other.messaging_limit = limit
    account.currency = str(body.get("currency", account.currency))
    return answer({"success": True})


def _versions(_world: World, request: Request) -> Response:
    """Let a version be there that Meta has not made yet, with fields that are `gone` or `renamed`; with `end`, no more."""
    body = request.json
    coming = versions.Coming(list(body.get("gone", [])), dict(body.get("renamed", {})))
    versions.make_up(int(body["version"]), None if body.get("end") else coming)
    return answer({"success": True})


HANDLERS: dict[tuple[str, str], Handler] = {
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
    ("POST", "/say"): customers.say,
    ("POST", "/emit"): _emit,
    ("POST", "/start"): customers.start,
    ("GET", "/people"): customers.people,
    ("POST", "/people"): customers.people,
    ("GET", "/thread"): customers.thread,
    ("POST", "/read"): customers.read,
    ("GET", "/media"): page_calls.picture,
    ("POST", "/templates"): _status,
    ("POST", "/numbers"): _number_status,
    ("POST", "/standing"): _standing,
    ("POST", "/presence"): customers.presence,
    ("POST", "/phone"): phones.phone,
    ("POST", "/phone/say"): phones.say,
    ("POST", "/phone/leave"): phones.leave,
    ("POST", "/versions"): _versions,
    **control_web.HANDLERS,
    **control_web_talk.HANDLERS,
}
