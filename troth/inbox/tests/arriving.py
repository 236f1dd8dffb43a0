"""Bodies of a house's number, one call each."""

from typing import Any

from tests import bodies
from tests.cast import House
from tests.deliver import deliver

NOON = 1_700_000_000
Outcomes = list[tuple[str, str, str]]


def value(house: House, field: str = "messages", **parts: Any) -> bodies.Body:
    """Return a body with one change about the house's number."""
    return bodies.envelope(bodies.value(house.number_id, **parts), account=house.account_id, field=field)


def said(
    house: House,
    text: str,
    *,
    id: str,
    at: int = NOON,
    name: str | None = None,
    referral: bodies.Body | None = None,
    **who: Any,
) -> bodies.Body:
    """A customer wrote, perhaps led by an advertisement."""
    contacts: dict[str, Any] = {"contacts": [bodies.contact(name=name, **who)]} if name else {}
    message = bodies.text(text, id=id, at=at, **who) | ({"referral": referral} if referral else {})
    return value(house, messages=[message], **contacts)


def echoed(house: House, text: str, *, id: str, at: int = NOON, to: str = "60123456789") -> bodies.Body:
    """Somebody of the house wrote in the phone app."""
    echo = {"from": "60312345678", "to": to, "id": id, "timestamp": str(at), "type": "text", "text": {"body": text}}
    return value(house, "smb_message_echoes", message_echoes=[echo])


def edited(house: House, target: str, text: str, *, at: int = NOON) -> bodies.Body:
    """A customer changed what was written."""
    edit = {"original_message_id": target, "message": {"type": "text", "text": {"body": text}}}
    return value(house, messages=[_after("edit", edit, target, at)])


def revoked(house: House, target: str, *, at: int = NOON) -> bodies.Body:
    """A customer deleted what was written."""
    return value(house, messages=[_after("revoke", {"original_message_id": target}, target, at)])


def _after(kind: str, part: bodies.Body, target: str, at: int) -> bodies.Body:
    return {"from": "60123456789", "id": f"{target}.{kind}.{at}", "timestamp": str(at), "type": kind, kind: part}


def moved(
    house: House, *, before: dict[str, str], after: dict[str, str], at: int, id: str = "wamid.MOVE"
) -> bodies.Body:
    """A customer changed number."""
    system = {"type": "user_changed_number", "body": "changed"}
    system |= {"wa_id": after["phone"]} if "phone" in after else {}
    system |= {"user_id": after["bsuid"]} if "bsuid" in after else {}
    system |= {"previous_user_id": before["bsuid"]} if "bsuid" in before else {}
    message: bodies.Body = {"id": id, "timestamp": str(at), "type": "system", "system": system}
    if "phone" in before:
        message["from"] = before["phone"]
    return value(house, messages=[message])


def told(house: House, *bodies_: bodies.Body | bytes, together: bool = False) -> list[Outcomes]:
    """Deliver these bodies, each in a batch of its own or all in one, and return what became of their changes."""
    if together:
        return deliver(house, *bodies_)
    return [outcome for body in bodies_ for outcome in deliver(house, body)]
