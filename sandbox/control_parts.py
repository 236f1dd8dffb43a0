"""What control calls speak of: a business number, an account, a customer; and the refusal when there is none."""

from typing import Any

from sandbox.accounts import Account, Number
from sandbox.people import Person
from sandbox.phones import wa_id_of
from sandbox.world import World


class Refused(Exception):
    """The control address cannot do what was asked; the message says why."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


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
        wa_id = digits_of(typed)
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


def account_of(world: World, waba_id: Any) -> Account:
    if waba_id is None:
        return next(iter(world.accounts.values()))
    if str(waba_id) not in world.accounts:
        raise Refused(f"The sandbox has no business account {waba_id}.", status=404)
    return world.accounts[str(waba_id)]


def digits_of(typed: Any) -> str:
    wa_id = wa_id_of(str(typed))
    if wa_id is None:
        raise Refused(f"{typed!r} is not a phone number in international form, such as +44 7700 900123.")
    return wa_id
