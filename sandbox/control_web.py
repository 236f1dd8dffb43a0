"""Control calls about phones whose WhatsApp Web is linked: they are made, scan a code, and their sessions end."""

from collections.abc import Callable
from typing import Any

import msgspec

from sandbox.control_parts import Refused, digits_of
from sandbox.http import Request, Response, answer
from sandbox.web import linking, shown
from sandbox.web.behaviour import Behaviour, Codes
from sandbox.web.cast import SHOP
from sandbox.web.device import WAITING, Device
from sandbox.web.furnish import furnish
from sandbox.web.phone import WebPhone
from sandbox.world import World

DAY_MS = 24 * 3_600_000


def phones(world: World, request: Request) -> Response:
    """List the phones and the devices that wait for one, or make a phone."""
    edge = world.web
    if request.method == "POST":
        return answer(shown.phone(edge, _made(world, request.json)), status=201)
    waiting = [shown.waiting(one) for one in edge.devices.values() if one.state == WAITING]
    listed = [shown.phone(edge, one) for one in edge.phones.values()]
    return answer({"phones": listed, "waiting": waiting, "codes": edge.codes, "outdated": edge.outdated})


def _made(world: World, body: dict[str, Any]) -> WebPhone:
    """Return a new phone: `owner`, `number`, `behaviour`, `chats` (see `web/furnish.py`), or those of the demo."""
    edge = world.web
    digits = digits_of(body.get("number"))
    if any(one.digits == digits for one in edge.phones.values()):
        raise Refused("There is a phone with this number already.")
    behaviour = msgspec.convert(body.get("behaviour", {}), Behaviour)
    owner = str(body.get("owner") or "Somebody")
    made = WebPhone(edge.mint.hexadecimal(12), owner=owner, digits=digits, behaviour=behaviour)
    furnish(edge, made, SHOP if body.get("chats") is None else body["chats"])
    edge.phones[made.id] = made
    edge.changed()
    return made


def phone_of(world: World, wanted: Any) -> WebPhone:
    """Return the phone meant: by id, owner or number; without any, the first that has a device, or the first. Raises:
    Refused."""
    known = list(world.web.phones.values())
    if not wanted:
        return next((one for one in known if one.devices), known[0])
    digits = "".join(character for character in str(wanted) if character.isdigit())
    for one in known:
        if str(wanted) in (one.id, one.owner) or digits == one.digits:
            return one
    raise Refused(f"The sandbox has no phone {wanted}. See GET /_sandbox/web/phones.", status=404)


def behave(world: World, request: Request) -> Response:
    """Change a phone's `behaviour`."""
    phone = phone_of(world, request.json.get("phone"))
    wishes = {**msgspec.structs.asdict(phone.behaviour), **request.json["behaviour"]}
    phone.behaviour = msgspec.convert(wishes, Behaviour)
    return answer(phone.behaviour)


def codes(world: World, request: Request) -> Response:
    """Set how long codes last from now on (`first_ms`, `next_ms`) and how many there are (`count`); without any, as at first."""
    world.web.codes = msgspec.convert(request.json, Codes)
    return answer(world.web.codes)


def scan(world: World, request: Request) -> Response:
    """Scan the `code` that a device shows, or that of the `device` that is named."""
    body = request.json
    code = str(body.get("code", ""))
    if wanted := body.get("device"):
        code = code or _device(world, wanted).code
    device = linking.scan(world.web, phone_of(world, body.get("phone")), code)
    return answer({"device": device.id, "state": device.state})


def type_code(world: World, request: Request) -> Response:
    """Type the `code` of eight characters on a phone."""
    body = request.json
    device = linking.type_code(world.web, phone_of(world, body.get("phone")), str(body["code"]))
    return answer({"device": device.id, "state": device.state})


def _device(world: World, id: Any) -> Device:
    if (device := world.web.devices.get(str(id))) is None:
        raise Refused("There is no such device.", status=404)
    return device


def _devices(world: World, body: dict[str, Any]) -> list[Device]:
    """Return the one `device` that is named, or those of a phone. Raises: Refused, where it has none."""
    if wanted := body.get("device"):
        return [_device(world, wanted)]
    phone = phone_of(world, body.get("phone"))
    if not phone.devices:
        raise Refused(f"No device is linked to {phone.owner}'s phone.")
    return list(phone.devices)


def saw(world: World, request: Request) -> Response:
    """Return what a phone's devices did, and what is on it of one conversation (`chat`)."""
    phone = phone_of(world, request.query.get("phone"))
    chat = request.query.get("chat")
    return answer({"acts": list(phone.acts), "lines": shown.lines(phone.chat(chat)) if chat else []})


def _line(connected: bool) -> Callable[[World, Request], Response]:
    def change(world: World, request: Request) -> Response:
        """Interrupt the connection of a phone's devices, or let it be there again."""
        devices = _devices(world, request.json)
        for device in devices:
            device.connected = connected
            device.wake()
        world.web.changed()
        return answer({"devices": len(devices)})

    return change


def _ending(why: str) -> Callable[[World, Request], Response]:
    def end(world: World, request: Request) -> Response:
        """End the devices of a phone, or one `device`."""
        devices = _devices(world, request.json)
        until = int(request.json.get("until") or world.web.now_ms() + DAY_MS) if why == "restricted" else 0
        for device in devices:
            linking.end(world.web, device, why, until=until)
        return answer({"ended": len(devices), **({"until": until} if until else {})})

    return end


def outdated(world: World, request: Request) -> Response:
    """End the devices of a phone as too old for WhatsApp; with `new` (true or false) say so to new ones, or no more."""
    if "new" not in request.json:
        return _ending("outdated")(world, request)
    world.web.outdated = bool(request.json["new"])
    return answer({"outdated": world.web.outdated})


def passkey(world: World, request: Request) -> Response:
    """Let WhatsApp ask for a passkey where this phone scans a code, or, with `on` false, no more."""
    phone = phone_of(world, request.json.get("phone"))
    phone.behaviour = msgspec.structs.replace(phone.behaviour, passkey=bool(request.json.get("on", True)))
    world.web.changed()
    return answer({"passkey": phone.behaviour.passkey})


def limit(world: World, request: Request) -> Response:
    """Take no first messages from a phone (error 463) `until` an instant in ms; `sends`: refuse so many, whoever they are
    for; `announced`: its devices are told at once."""
    body = request.json
    phone = phone_of(world, body.get("phone"))
    phone.locked_until = int(body.get("until", 0))
    phone.refuses_next = int(body.get("sends", 0))
    if body.get("announced"):
        phone.tell(lambda _device: {"type": "time_lock", "until": phone.locked_until})
    return answer({"until": phone.locked_until, "sends": phone.refuses_next})


HANDLERS: dict[tuple[str, str], Callable[[World, Request], Response]] = {
    ("GET", "/web/phones"): phones,
    ("POST", "/web/phones"): phones,
    ("POST", "/web/behave"): behave,
    ("POST", "/web/codes"): codes,
    ("POST", "/web/scan"): scan,
    ("POST", "/web/type"): type_code,
    ("GET", "/web/saw"): saw,
    ("POST", "/web/offline"): _line(connected=False),
    ("POST", "/web/online"): _line(connected=True),
    ("POST", "/web/unlink"): _ending("unlinked"),
    ("POST", "/web/replace"): _ending("replaced"),
    ("POST", "/web/ban"): _ending("banned"),
    ("POST", "/web/restrict"): _ending("restricted"),
    ("POST", "/web/gone"): _ending("phone_gone"),
    ("POST", "/web/outdated"): outdated,
    ("POST", "/web/passkey"): passkey,
    ("POST", "/web/limit"): limit,
}
