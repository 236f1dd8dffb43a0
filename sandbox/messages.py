"""`POST /{phone number id}/messages`: sends, read receipts, typing."""

import asyncio
import time
from typing import Any

import msgspec

from sandbox import access, versions
from sandbox.accounts import Account, Number, Template
from sandbox.errors import GraphError, missing_object
from sandbox.faults import Fault, Kind
from sandbox.http import Request, Response
from sandbox.life import Sent
from sandbox.people import Person
from sandbox.rules.content import MEDIA_KEYS, not_an_attachment
from sandbox.rules.envelope import Addressed, check_read, check_send
from sandbox.template_fit import check_fit
from sandbox.threads import Line
from sandbox.world import World

WINDOW_S = 24 * 3600
PROXY_PAGE = (
    b"<!DOCTYPE html><html><head><title>Error</title></head>"
    b"<body><h1>Sorry, something went wrong.</h1><p>We're working on it.</p></body></html>"
)
_USAGE = (
    '{"%s":[{"type":"whatsapp","call_count":%d,"total_cputime":1,"total_time":1,"estimated_time_to_regain_access":0}]}'
)
EARLY_ANSWER_DELAY_S = 0.15
LATE_PRICING_SHARE = 1 / 8


async def pause(seconds: float) -> None:
    """Keep the caller waiting."""
    await asyncio.sleep(seconds)


async def messages(world: World, request: Request, number_id: str) -> Response:
    """Answer one call to `/messages`.

    Raises: GraphError.
    """
    token = access.check(world.tokens, request, scope=access.MESSAGING, now=world.now())
    found = world.numbers.get(number_id)
    if found is None or not any(found[0] is one for one in token.reach):
        raise missing_object(number_id)
    account, number = found
    world.use(number)
    body = request.json
    if "status" in body:
        return _read(world, account, number, body)
    return await _send(world, account, number, body, arrived_s=request.arrived_s)


async def _send(world: World, account: Account, number: Number, body: dict[str, Any], *, arrived_s: float) -> Response:
    meter = number.meter
    try:
        addressed = check_send(body)
        person = _person(world, account, addressed)
        if number.status != "CONNECTED":
            raise GraphError(133010)
        template = _check_objects(world, account, number, body, addressed)
        _check_limits(account, number, person, arrived_s)
    except GraphError as error:
        meter.refused[error.code] += 1
        raise
    fault = world.trouble.for_send(addressed.wa_id or person.wa_id or addressed.input)
    if fault and fault.kind in _BEFORE:
        return await _before(world, number, fault)
    sent = _accept(world, account, number, body, addressed, person)
    number.meter.accept(arrived_s, callback_data=body.get("biz_opaque_callback_data"))
    sent.category = template.category.lower() if template else "service"
    world.life.begin(sent, fault)
    if fault and fault.kind in {Kind.PAGE_BUT_SENT, Kind.HANGS_BUT_SENT}:
        return await _ambiguous(world, fault)
    if fault and fault.kind is Kind.EARLY:
        slowest_ms = account.behaviour.sent_ms[1] + account.behaviour.delivered_ms[1]
        await pause(EARLY_ANSWER_DELAY_S + slowest_ms / 1000 * world.settings.tempo)
    return _accepted(account, addressed, sent, held=bool(fault and fault.kind is Kind.HELD))


def _person(world: World, account: Account, addressed: Addressed) -> Person:
    if addressed.wa_id is not None:
        return world.people.by_number(addressed.wa_id)
    user_id = addressed.user_id or ""
    known = world.people.by_user_id(account.portfolio_id, user_id)
    return known or Person(key=user_id, name=None, wa_id=None, country=user_id[:2], shows_phone=False)


def _check_objects(
    world: World, account: Account, number: Number, body: dict[str, Any], addressed: Addressed
) -> Template | None:
    """Check what the body points at: the recipient itself, media, the reacted-to message, the template (returned)."""
    kind = addressed.kind
    if addressed.wa_id == number.digits:
        raise GraphError(131021, "Recipient phone number cannot be the sender.")
    if addressed.wa_id in number.blocked or addressed.user_id in number.blocked:
        raise GraphError(130403)
    code = body.get("recipient_identity_key_hash")
    if code is not None and code != _person(world, account, addressed).code:
        raise GraphError(137000)
    if kind in MEDIA_KEYS and "id" in body[kind]:
        medium = world.media.find(str(body[kind]["id"]), now=world.now())
        if medium is None or world.numbers[medium.number_id][0] is not account:
            raise not_an_attachment(kind)
    if kind == "template":
        return check_fit(account, body["template"], by_user_id=addressed.user_id is not None)
    if kind == "reaction" and not str(body["reaction"]["message_id"]).startswith("wamid."):
        raise GraphError(131009, "The message to react to is unknown.")
    return None


def _check_limits(account: Account, number: Number, person: Person, arrived_s: float) -> None:
    """Check a number's limits, by when the request arrived: how long our answer takes is no matter of theirs."""
    behaviour, meter = account.behaviour, number.meter
    full = meter.throttled(arrived_s, limit_per_s=behaviour.throughput_per_s)
    if full and behaviour.enforce_throughput:
        raise GraphError(130429, "Message failed to send because there were too many messages sent from this number.")
    if behaviour.pair_limit and meter.pair_throttled(person.key, arrived_s):
        raise GraphError(131056, "Message failed to send because there were too many messages to this person.")


_BEFORE = {Kind.REFUSED, Kind.EXPIRED, Kind.PAGE, Kind.HANGS}


async def _before(world: World, number: Number, fault: Fault) -> Response:
    """Answer a send that trouble stops before it is accepted."""
    number.meter.refused[fault.code] += 1
    if fault.kind is Kind.EXPIRED:
        raise access.expired()
    if fault.kind is Kind.REFUSED:
        raise GraphError(fault.code, transient=fault.code in {2, 131016})
    if fault.kind is Kind.HANGS:
        await pause(world.trouble.faults.hang_ms / 1000)
    return proxy_page()


async def _ambiguous(world: World, fault: Fault) -> Response:
    """The message is on its way, but the caller does not hear of it."""
    if fault.kind is Kind.HANGS_BUT_SENT:
        await pause(world.trouble.faults.hang_ms / 1000)
    return proxy_page()


def proxy_page(status: int = 500) -> Response:
    """Return what a proxy in between says when it has nothing better."""
    return Response(PROXY_PAGE, status=status, content_type=b"text/html; charset=utf-8")


def _accept(
    world: World, account: Account, number: Number, body: dict[str, Any], addressed: Addressed, person: Person
) -> Sent:
    now = world.now()
    if account.behaviour.enforce_window and addressed.kind != "template":
        _check_window(number, person, now)
    digits = person.wa_id or addressed.input
    sent = Sent(
        id=world.mint.message_id(digits),
        account=account,
        number=number,
        person=person,
        user_id=addressed.user_id or world.people.user_id(person, account.portfolio_id),
        by_user_id=addressed.user_id is not None,
        kind=addressed.kind,
        body=body,
        at=now,
        late_pricing=world.mint.chance.random() < LATE_PRICING_SHARE,
    )
    _remember(world, sent)
    return sent


def _check_window(number: Number, person: Person, now: int) -> None:
    wrote_at = number.wrote_at.get(person.key, 0)
    if now - wrote_at > WINDOW_S:
        number.meter.refused[131047] += 1
        raise GraphError(131047, "More than 24 hours have passed since the customer last wrote to this number.")


def _remember(world: World, sent: Sent) -> None:
    kept = world.sent.setdefault(sent.number.id, [])
    kept.append({"id": sent.id, "at": sent.at, "phone_number_id": sent.number.id, "body": sent.body})
    if len(kept) > sent.account.behaviour.keep_sent:
        del kept[: max(1, len(kept) // 10)]
    if sent.kind == "reaction":
        world.threads.react(sent.body["reaction"]["message_id"], "business", sent.body["reaction"]["emoji"])
    else:
        reply_to = sent.body.get("context", {}).get("message_id")
        content = sent.body.get(sent.kind, {})
        shown = content if isinstance(content, dict) else {"cards": content}
        line = Line(sent.id, True, sent.kind, shown, sent.at, "accepted", reply_to)
        thread = world.threads.add(sent.number.id, sent.person.key, line)
        thread.typing_until = 0.0
    for listener in world.on_sent:
        listener(sent)


def _accepted(account: Account, addressed: Addressed, sent: Sent, *, held: bool) -> Response:
    contact = {"input": addressed.input}
    if addressed.user_id is None:
        contact["wa_id"] = addressed.wa_id or ""
    else:
        contact["user_id"] = addressed.user_id
    message = {"id": sent.id}
    if addressed.kind == "template":
        message["message_status"] = "held_for_quality_assessment" if held else "accepted"
    said = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]}
    body = msgspec.json.encode(versions.as_of(said))
    return Response(body, headers=[(b"x-business-use-case-usage", usage(account, sent.number).encode())])


def usage(account: Account, number: Number | None = None) -> str:
    """Return the value of `X-Business-Use-Case-Usage`: how much of the hour's calls are used, in per cent."""
    asked = number.meter.asked if number else 0
    return _USAGE % (account.id, min(99, asked // 1000))


def _read(world: World, account: Account, number: Number, body: dict[str, Any]) -> Response:
    message_id = check_read(body)
    found = world.threads.find(message_id)
    if not message_id.startswith("wamid.") or (found and found[0].number_id != number.id):
        raise GraphError(131009, "The message to mark as read is unknown.")
    if found and found[1].out:
        raise GraphError(100, "Only messages from customers can be marked as read.")
    if found:
        thread, line = found
        for earlier in thread.lines:
            if not earlier.out and earlier.at <= line.at and earlier.status != "read":
                world.threads.mark(earlier.id, "read")
        if "typing_indicator" in body:
            thread.typing_until = time.monotonic() + 25
            world.threads.version += 1
    number.meter.statuses["marked_read"] += 1
    return Response(b'{"success":true}', headers=[(b"x-business-use-case-usage", usage(account, number).encode())])
