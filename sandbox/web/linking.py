"""How a device is linked to a phone, and all the ways in which that ends."""

import secrets
from typing import TYPE_CHECKING

from sandbox.web import syncing
from sandbox.web.device import ENDED, PASSKEY, WAITING, Device
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

PAIR_LETTERS = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"
PAIR_LENGTH = 8
ENDS = ("unlinked", "replaced", "banned", "restricted", "outdated", "phone_gone", "not_scanned", "logged_out")


def link(edge: "Edge", *, name: str) -> Device:
    """Return a new device, which shows codes from now on until one is scanned. Raises: No."""
    if edge.outdated:
        raise No("outdated", "This version is too old for WhatsApp.", status=405)
    edge.forget_silent_devices()
    # What opens a device must not be guessed by whoever knows the seed.
    device = Device(secrets.token_urlsafe(24), name=name)
    device.heard_at = edge.now_ms()
    edge.devices[device.id] = device
    _renew(edge, device)
    return device


def _renew(edge: "Edge", device: Device) -> None:
    if device.state != WAITING:
        return
    codes = edge.codes
    if device.codes_shown >= codes.count:
        end(edge, device, "not_scanned")
        return
    lasts_ms = codes.next_ms if device.codes_shown else codes.first_ms
    device.code, device.until = _new_code(), edge.in_ms(lasts_ms)
    device.codes_shown += 1
    if device.codes_shown > 1:  # the first is in the answer
        device.tell({"type": "code", "code": device.code, "until": device.until})
    edge.later(lasts_ms, _renew, edge, device)
    edge.changed()


def _new_code() -> str:
    """Return a code as long as WhatsApp's, which no real phone takes for one."""
    keys = [secrets.token_urlsafe(32) for _key in range(3)]
    return "sandbox:linked_devices#" + ",".join([f"2@{secrets.token_urlsafe(66)}", *keys, "1"])


def scan(edge: "Edge", phone: WebPhone, code: str) -> Device:
    """Scan a code with a phone. Raises: No."""
    for device in edge.devices.values():
        if device.state == WAITING and secrets.compare_digest(device.code.encode(), code.encode()):
            return _take(edge, phone, device)
    raise No("no_such_code", "This code is none, or it has been renewed. Scan the one that is shown now.", status=404)


def ask_pair_code(edge: "Edge", device: Device, digits: str) -> str:
    """Return eight characters to be typed on the phone with this number. Raises: No."""
    if device.state != WAITING:
        raise No("not_waiting", "This device waits for no code.", status=409)
    device.pair_code = "".join(secrets.choice(PAIR_LETTERS) for _letter in range(PAIR_LENGTH))
    device.pair_digits = digits
    edge.changed()
    return device.pair_code


def type_code(edge: "Edge", phone: WebPhone, typed: str) -> Device:
    """Type a code on a phone. Raises: No."""
    code = typed.upper().replace("-", "").replace(" ", "")
    for device in edge.devices.values():
        if code and device.state == WAITING and device.pair_code == code and device.pair_digits == phone.digits:
            return _take(edge, phone, device)
    raise No("no_such_code", f"No device waits for {typed} on {phone.owner}'s phone.", status=404)


def _take(edge: "Edge", phone: WebPhone, device: Device) -> Device:
    if phone.behaviour.passkey:
        device.state = PASSKEY
        device.tell({"type": "passkey_request"})
    else:
        device.phone = phone
        phone.devices.append(device)
        device.tell({"type": "linked", "owner": phone.owner, "number": phone.digits})
        syncing.begin(edge, phone, device)
    edge.changed()
    return device


def end(edge: "Edge", device: Device, why: str, *, until: int = 0) -> None:
    """End a device, once. It still hears why, and nothing after that."""
    if device.state == ENDED:
        return
    device.state, device.why, device.restricted_until = ENDED, why, until
    if device.phone is not None:
        device.phone.devices.remove(device)
        device.phone.note("ended", device=device.id, why=why, at=edge.now_ms())
    device.tell({"type": "ended", "why": why, **({"until": until} if until else {})})
    edge.changed()
