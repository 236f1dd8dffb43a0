"""Customers: who they are towards each portfolio, with or without a number that may be seen."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.ids import Mint
from sandbox.phones import country_of


@dataclass(slots=True)
class Person:
    """One customer. `key` is what the user id is made from: it changes when the number does."""

    key: str
    name: str | None
    wa_id: str | None
    country: str
    username: str | None = None
    shows_phone: bool = True
    online: bool = True
    reads: bool = True
    played: bool = False
    language: str = "en"
    role: str = ""
    moved: bool = False
    phones: int = 1

    @property
    def code(self) -> str:
        """The hash of the keys of this person's phone: another phone, another hash."""
        return hashlib.sha256(f"{self.key}|{self.phones}".encode()).hexdigest()[:24]


class People:
    """Everybody that the sandbox knows by name; strangers are made up on the spot and not kept."""

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._by_wa_id: dict[str, Person] = {}
        self._by_key: dict[str, Person] = {}
        self._by_user_id: dict[tuple[str, str], Person] = {}

    def __iter__(self) -> Iterator[Person]:
        return iter(list(self._by_key.values()))

    def add(self, person: Person) -> Person:
        """Keep a person; somebody with the same number or key is replaced."""
        self._by_key[person.key] = person
        if person.wa_id:
            self._by_wa_id[person.wa_id] = person
        return person

    def restore(self, person: Person) -> None:
        """Put somebody from an earlier run back, in place of the same role as it was cast."""
        if person.role:
            for other in self:
                if other.role == person.role:
                    self._by_key.pop(other.key)
                    self._by_wa_id.pop(other.wa_id or "", None)
        self.add(person)

    def known(self, key: str) -> Person | None:
        return self._by_key.get(key)

    def by_number(self, wa_id: str) -> Person:
        """Return the person with this number, a nameless one if nobody is known by it."""
        return self._by_wa_id.get(wa_id) or stranger(wa_id)

    def by_user_id(self, portfolio_id: str, user_id: str) -> Person | None:
        """Return the person whom this portfolio knows by this user id."""
        if found := self._by_user_id.get((portfolio_id, user_id)):
            return found
        for person in self._by_key.values():
            if self.user_id(person, portfolio_id) == user_id:
                return person
        return None

    def user_id(self, person: Person, portfolio_id: str) -> str:
        """Return a person's business-scoped user id."""
        user_id = self._mint.bsuid(portfolio_id, person.key, person.country)
        if person.key in self._by_key:
            self._by_user_id[portfolio_id, user_id] = person
        return user_id

    def change_number(self, person: Person, wa_id: str) -> None:
        """Give a person another number, and with it another user id everywhere."""
        self._by_wa_id.pop(person.wa_id or "", None)
        self._by_key.pop(person.key, None)
        self._by_user_id = {at: who for at, who in self._by_user_id.items() if who is not person}
        person.wa_id, person.key, person.country, person.moved = wa_id, wa_id, country_of(wa_id), True
        self.add(person)


def stranger(wa_id: str) -> Person:
    """Return a person of whom only the number is known."""
    return Person(key=wa_id, name=None, wa_id=wa_id, country=country_of(wa_id))


def contact_of(person: Person, user_id: str, *, with_username: bool = True, with_code: bool = False) -> dict[str, Any]:
    """Return the `contacts` entry of a person: what may not be seen is left out, not empty."""
    profile: dict[str, Any] = {}
    if person.name:
        profile["name"] = person.name
    if person.username and with_username:
        profile["username"] = person.username
    contact: dict[str, Any] = {"profile": profile} if profile else {}
    if person.wa_id and person.shows_phone:
        contact["wa_id"] = person.wa_id
    contact["user_id"] = user_id
    if with_code:
        contact["identity_key_hash"] = person.code
    return contact
