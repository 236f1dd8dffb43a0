"""A number that lives in the WhatsApp Business app too: what its phone hands over, says, and does.

Source: Meta, "Onboarding WhatsApp Business app users", webhooks history, smb_app_state_sync, smb_message_echoes (as digested
in the project's reference on 2026-11-22).
"""

from typing import Any

from sandbox.accounts import Account, Number, PhoneApp
from sandbox.errors import GraphError, async_error
from sandbox.http import Request, Response, answer
from sandbox.life import metadata
from sandbox.people import Person
from sandbox.rules.envelope import check_product
from sandbox.world import World

HANDED_OVER_FOR_S = 24 * 3600
ASKED_BEFORE, TOO_LATE, DECLINED = 2593107, 2593108, 2593109
THREADS_A_CHUNK = 2
DAY_S = 24 * 3600
PHASES = ((DAY_S, 0), (90 * DAY_S, 1))


def hand_over(world: World, request: Request, account: Account, number: Number) -> Response:
    """`POST /{PNID}/smb_app_data`: each kind once, within a day of sharing the number."""
    body = request.parameters
    check_product(body)
    kind = body.get("sync_type")
    if kind not in {"smb_app_state_sync", "history"}:
        raise GraphError(100, message="(#100) Param sync_type must be one of {SMB_APP_STATE_SYNC, HISTORY}.")
    phone = number.phone
    if phone is None or not phone.shared_at:
        raise GraphError(100, message="(#100) The phone number is not on the WhatsApp Business app.")
    if kind in phone.synced:
        raise GraphError(ASKED_BEFORE, "This sync was requested before.", http=400)
    if world.now() - phone.shared_at > HANDED_OVER_FOR_S:
        raise GraphError(TOO_LATE, "The time for this sync is over.", http=400)
    phone.synced.append(kind)
    world.changed()
    tell = _tell_contacts if kind == "smb_app_state_sync" else _tell_history
    world.later(0, tell, world, account, number, phone)
    return answer({"messaging_product": "whatsapp", "request_id": world.mint.hexadecimal(24)})


def _tell_contacts(world: World, account: Account, number: Number, phone: PhoneApp) -> None:
    synced = [_contact(world, account, digits, name, action="add") for digits, name in phone.contacts]
    if synced:
        world.emit(account, number, "smb_app_state_sync", {**_head(number), "state_sync": synced})


def _contact(world: World, account: Account, digits: str, name: str, *, action: str) -> dict[str, Any]:
    person = world.people.known(digits) or world.people.add(world.people.by_number(digits))
    contact = {"full_name": name, "first_name": name.split()[0], "phone_number": digits}
    contact["user_id"] = world.people.user_id(person, account.portfolio_id)
    at = {"timestamp": str(world.now())}
    return {"type": "contact", "contact": contact, "action": action, "metadata": at}


def _tell_history(world: World, account: Account, number: Number, phone: PhoneApp) -> None:
    """Hand the old messages over in chunks that come in no order, as Meta does; or say that nobody wants to."""
    if phone.declines:
        error = async_error(DECLINED, "History sharing was turned off by the business.")
        world.emit(account, number, "history", {**_head(number), "history": [{"errors": [error]}]})
        return
    chunks = [chunk for phase in (0, 1, 2) for chunk in _chunks(world, number, phone, phase)]
    told = []
    for order, (phase, threads) in enumerate(chunks, 1):
        about = {"phase": phase, "chunk_order": order, "progress": round(100 * order / len(chunks))}
        told.append({**_head(number), "history": [{"metadata": about, "threads": threads}]})
    for value in [*told[1::2], *told[0::2]]:
        world.emit(account, number, "history", value)


def _chunks(world: World, number: Number, phone: PhoneApp, phase: int) -> list[tuple[int, list[dict[str, Any]]]]:
    of_person: dict[str, list[dict[str, Any]]] = {}
    for digits, from_us, text, at in phone.history:
        if _phase(world.now() - at) == phase:
            of_person.setdefault(digits, []).append(_old(world, number, digits, from_us, text, at))
    threads = [{"id": digits, "messages": messages} for digits, messages in of_person.items()]
    return [(phase, threads[start : start + THREADS_A_CHUNK]) for start in range(0, len(threads), THREADS_A_CHUNK)]


def _phase(age_s: int) -> int:
    return next((phase for most_s, phase in PHASES if age_s <= most_s), 2)


def _old(world: World, number: Number, digits: str, from_us: bool, text: str, at: int) -> dict[str, Any]:
    ends = {"from": number.digits, "to": digits} if from_us else {"from": digits}
    status = {"status": "READ" if from_us else "DELIVERED"}
    message = {**ends, "id": world.mint.message_id(digits), "timestamp": str(at), "type": "text"}
    return {**message, "text": {"body": text}, "history_context": status}


def say(world: World, account: Account, number: Number, person: Person, *, kind: str, content: dict[str, Any]) -> str:
    """Let somebody write, edit or delete in the phone app; the business platform hears an echo. Return its id."""
    to = {"to": person.wa_id} if person.wa_id and person.shows_phone else {}
    message_id = world.mint.message_id(person.wa_id or person.country)
    echo: dict[str, Any] = {
        "from": number.digits,
        **to,
        "to_user_id": world.people.user_id(person, account.portfolio_id),
    }
    echo |= {"id": message_id, "timestamp": str(world.now()), "type": kind, kind: content}
    world.emit(account, number, "smb_message_echoes", {**_head(number), "message_echoes": [echo]})
    return message_id


def disconnect(world: World, account: Account, number: Number, *, reason: str) -> None:
    """End the sharing in the phone app: the platform tells, and no token reaches the account any more."""
    if number.phone is not None:
        number.phone.shared_at = 0
        number.phone.synced.clear()
    told = {
        "event": "PARTNER_REMOVED",
        "phone_number": number.digits,
        "waba_info": {
            "waba_id": account.id,
            "owner_business_id": account.portfolio_id,
            "partner_app_id": account.app.id,
        },
        "disconnection_info": {"reason": reason, "initiated_by": "BUSINESS"},
    }
    world.emit(account, None, "account_update", told, at=world.now())
    for token in world.tokens.values():
        if any(one is account for one in token.reach):
            token.valid = False
    account.subscribed, account.callback = False, None
    world.changed()


def _head(number: Number) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "metadata": metadata(number)}
