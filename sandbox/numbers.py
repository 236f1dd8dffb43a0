"""What can be read and set of a phone number besides sending: registration, PIN, profile, blocked people."""

from typing import Any

from sandbox.accounts import Account, Number
from sandbox.errors import GraphError
from sandbox.http import Request, Response, answer
from sandbox.nodes import NUMBER_DEFAULTS, chosen, number_node, paged
from sandbox.phones import wa_id_of
from sandbox.rules.basics import unexpected_keys
from sandbox.rules.envelope import BSUID, check_product
from sandbox.subscriptions import configure_number
from sandbox.world import World

REGISTRATIONS_MAX = 10
BLOCKS_AT_ONCE_MAX = 1000
BLOCK_WINDOW_S = 24 * 3600
PROFILE_LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128, "vertical": 64}
WEBSITES_MAX, WEBSITE_CHARACTERS_MAX = 2, 256
VERTICALS = {
    "ALCOHOL", "APPAREL", "AUTO", "BEAUTY", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GOVT", "GROCERY", "HEALTH",
    "HOTEL", "MATRIMONY_SERVICE", "NONPROFIT", "NOT_A_BIZ", "ONLINE_GAMBLING", "OTC_DRUGS", "OTHER",
    "PHYSICAL_GAMBLING", "PROF_SERVICES", "RESTAURANT", "RETAIL", "TRAVEL", "UNDEFINED", "",
}  # fmt: skip
DEFAULT_STORAGE, LOCAL_STORAGE = "DEFAULT", "IN_COUNTRY_STORAGE_ENABLED"
REGIONS = {"AE", "AU", "BH", "BR", "CA", "CH", "DE", "GB", "ID", "IN", "JP", "KR", "SG", "ZA"}
PROFILE_KEYS = ("messaging_product", *PROFILE_LIMITS, "websites", "profile_picture_handle")


def read_number(account: Account, number: Number, request: Request) -> Response:
    """`GET /{PNID}`."""
    return answer(chosen(number_node(account, number), request.query.get("fields"), NUMBER_DEFAULTS))


async def change_number(world: World, request: Request, number: Number) -> Response:
    """`POST /{PNID}`: the callback of this number, or its two-step PIN."""
    body = request.parameters
    if "webhook_configuration" in body:
        await configure_number(world, number, body["webhook_configuration"])
    elif "pin" in body:
        number.pin = _pin(body["pin"])
        world.changed()
    else:
        raise GraphError(100, message="(#100) The parameter pin is required.")
    return answer({"success": True})


def read_settings(number: Number) -> Response:
    """`GET /{PNID}/settings`: where messages are kept, and whether changed security codes are told."""
    checks = {"enable_identity_key_check": number.checks_identity}
    return answer({"storage_configuration": _storage(number), "user_identity_change": checks})


def change_settings(world: World, request: Request, number: Number) -> Response:
    """`POST /{PNID}/settings`: whether changed security codes are told; or where messages are to be kept, which is taken
    from a number only while it is not registered."""
    if "user_identity_change" in request.parameters:
        return _change_identity_check(world, request.parameters["user_identity_change"], number)
    wanted = request.parameters.get("storage_configuration")
    if not isinstance(wanted, dict) or wanted.get("status") not in {LOCAL_STORAGE, DEFAULT_STORAGE}:
        raise GraphError(100, message="(#100) Param storage_configuration is not valid.")
    region = wanted.get("data_localization_region", "")
    if wanted["status"] == LOCAL_STORAGE and region not in REGIONS:
        raise GraphError(100, message="(#100) Param data_localization_region must be one of the offered countries.")
    if number.status == "CONNECTED":
        raise GraphError(100, message="(#100) Storage can only be changed while the number is not registered.")
    number.region = region if wanted["status"] == LOCAL_STORAGE else ""
    world.changed()
    return answer({"success": True})


def _change_identity_check(world: World, wanted: Any, number: Number) -> Response:
    on = wanted.get("enable_identity_key_check") if isinstance(wanted, dict) else None
    if not isinstance(on, bool):
        raise GraphError(100, message="(#100) Param user_identity_change is not valid.")
    number.checks_identity = on
    world.changed()
    return answer({"success": True})


def _storage(number: Number) -> dict[str, str]:
    if not number.region:
        return {"status": DEFAULT_STORAGE}
    return {"status": LOCAL_STORAGE, "data_localization_region": number.region}


def register(world: World, request: Request, number: Number) -> Response:
    """`POST /{PNID}/register`."""
    body = request.parameters
    check_product(body)
    pin = _pin(body.get("pin"))
    if number.phone is not None:
        raise GraphError(131005, "A number that lives in the phone app cannot be registered.")
    number.registrations += 1
    if number.registrations > REGISTRATIONS_MAX:
        raise GraphError(133016, "This number was registered or deregistered too often in 72 hours.")
    number.pin = number.pin or pin
    if pin != number.pin:
        raise GraphError(133005, "The PIN does not match the one that was set for two-step verification.")
    number.status = "CONNECTED"
    world.changed()
    return answer({"success": True})


def deregister(world: World, number: Number) -> Response:
    """`POST /{PNID}/deregister`."""
    if number.phone is not None:
        raise GraphError(131005, "A number that lives in the phone app cannot be deregistered.")
    number.status = "DISCONNECTED"
    world.changed()
    return answer({"success": True})


def _pin(value: Any) -> str:
    if not (isinstance(value, str | int) and str(value).isdigit() and len(str(value)) == 6):
        raise GraphError(100, message="(#100) Param pin must be a 6 digit number.")
    return str(value)


def read_profile(number: Number, request: Request) -> Response:
    """`GET /{PNID}/whatsapp_business_profile`: what is not set is not there."""
    fields = request.query.get("fields")
    wanted = fields.split(",") if fields else list(number.profile)
    profile = {name: value for name, value in number.profile.items() if name in wanted}
    return answer({"data": [{**profile, "messaging_product": "whatsapp"}]})


def change_profile(world: World, request: Request, number: Number) -> Response:
    """`POST /{PNID}/whatsapp_business_profile`: what is given replaces what was, empty takes it away."""
    body = request.parameters
    check_product(body)
    unexpected_keys(body, "profile", PROFILE_KEYS)
    for name, most in PROFILE_LIMITS.items():
        value = body.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise GraphError(100, message=f"(#100) Param {name} must be at most {most} characters long.")
    if body.get("vertical", "") not in VERTICALS:
        raise GraphError(100, message="(#100) Param vertical is not a known industry.")
    _check_websites(body.get("websites", []))
    handle = body.get("profile_picture_handle")
    if handle is not None and handle not in {upload.get("handle") for upload in world.uploads.values()}:
        raise GraphError(100, message="(#100) Param profile_picture_handle is not a valid handle.")
    if handle is not None:
        number.profile["profile_picture_url"] = f"https://pps.whatsapp.net/v/{handle[-12:]}.jpg"
    for name in (*PROFILE_LIMITS, "websites"):
        if name in body:
            number.profile[name] = body[name]
            if not body[name]:
                del number.profile[name]
    world.changed()
    return answer({"success": True})


def _check_websites(value: Any) -> None:
    if not isinstance(value, list) or len(value) > WEBSITES_MAX:
        raise GraphError(100, message=f"(#100) Param websites must have at most {WEBSITES_MAX} elements.")
    for website in value:
        if not isinstance(website, str) or len(website) > WEBSITE_CHARACTERS_MAX or "://" not in website:
            raise GraphError(100, message="(#100) Param websites has an element that is not a valid URI.")


def blocked(number: Number, request: Request, *, address: str) -> Response:
    """`GET /{PNID}/block_users`."""
    items = [{"messaging_product": "whatsapp", **_who(person)} for person in sorted(number.blocked)]
    return answer(paged(items, request.query, address=address))


def change_blocks(world: World, request: Request, account: Account, number: Number, *, block: bool) -> Response:
    """`POST` and `DELETE /{PNID}/block_users`: what can be done is done, the rest is told."""
    body = request.parameters
    check_product(body)
    users = body.get("block_users")
    if not isinstance(users, list) or not 1 <= len(users) <= BLOCKS_AT_ONCE_MAX:
        raise GraphError(100, message=f"(#100) Param block_users must have 1 to {BLOCKS_AT_ONCE_MAX} elements.")
    done: list[dict[str, str]] = []
    failed: list[dict[str, Any]] = []
    for user in users:
        typed, who = _named(user)
        reason = None if who is None else _refusal(world, account, number, who, block=block)
        if who is None or reason:
            failed.append({"input": typed, "errors": [{"message": reason or "Invalid user", "code": 139100}]})
            continue
        (number.blocked.add if block else number.blocked.discard)(who)
        done.append({"input": typed, **_who(who)})
    result: dict[str, Any] = {"added_users" if block else "removed_users": done}
    if failed:
        result["failed_users"] = failed
        raise GraphError(139100, "Some users failed.", extra={"block_users": result, "messaging_product": "whatsapp"})
    world.changed()
    return answer({"messaging_product": "whatsapp", "block_users": result})


def _named(user: Any) -> tuple[str, str | None]:
    if not isinstance(user, dict):
        return "", None
    if isinstance(user_id := user.get("user_id"), str):
        return user_id, user_id if BSUID.fullmatch(user_id) else None
    typed = user.get("user")
    return (typed, wa_id_of(typed)) if isinstance(typed, str) else ("", None)


def _refusal(world: World, account: Account, number: Number, who: str, *, block: bool) -> str | None:
    if not block:
        return None if who in number.blocked else "User is not blocked"
    person = None if who.isdigit() else world.people.by_user_id(account.portfolio_id, who)
    wrote_at = number.wrote_at.get(person.key if person else who, 0)
    return None if world.now() - wrote_at <= BLOCK_WINDOW_S else "User has not written in the last 24 hours"


def _who(person: str) -> dict[str, str]:
    return {"wa_id": person} if person.isdigit() else {"user_id": person}
