"""Contact cards: one or several in a message, each with as many numbers and addresses as somebody has."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from troth.base.phones import NotAPhone, Phone
from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Said, is_address

CARDS_MAX = 5  # Meta takes more and advises few; its own description of the call says five (read 2026-11-22)
PHONE_KINDS = ("CELL", "WORK", "HOME", "MAIN")
ADDRESS_KINDS = ("WORK", "HOME")
ADDRESS_LINES = ("street", "city", "state", "zip", "country")


class Number(Struct, forbid_unknown_fields=True):
    """A phone number, and which it is of somebody's."""

    phone: str = ""
    kind: str = "CELL"


class Line(Struct, forbid_unknown_fields=True):
    """An e-mail address, or the address of a page."""

    value: str = ""


class Address(Struct, forbid_unknown_fields=True):
    """Where somebody lives or works."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    kind: str = "WORK"


class Person(Struct, forbid_unknown_fields=True):
    """What one card says of somebody."""

    name: str = ""
    phones: list[Number] = []
    emails: list[Line] = []
    org: str = ""
    department: str = ""
    title: str = ""
    urls: list[Line] = []
    addresses: list[Address] = []
    birthday: str = ""

    def card(self) -> dict[str, Any]:
        """Return the card as the contract has it. Raises: CannotSend."""
        card: dict[str, Any] = {
            "name": self.name.strip(),
            "phones": [_phone(one) for one in self.phones if one.phone.strip()],
            "emails": [one.value.strip() for one in self.emails if one.value.strip()],
        }
        for key in ("org", "department", "title"):
            if said := getattr(self, key).strip():
                card[key] = said
        if urls := [_url(one.value.strip()) for one in self.urls if one.value.strip()]:
            card["urls"] = urls
        if addresses := [place for one in self.addresses if (place := _address(one))]:
            card["addresses"] = addresses
        if self.birthday:
            card["birthday"] = _day(self.birthday)
        if not card["name"]:
            raise CannotSend(_("A contact card needs a name."))
        if not card["phones"] and not card["emails"]:
            raise CannotSend(_("A contact card needs a phone number or an e-mail address."))
        return card


class Contacts(Said, tag="contacts"):
    """Contact cards."""

    cards: list[Person] = []

    def content(self) -> Content:
        if not 0 < len(self.cards) <= CARDS_MAX:
            raise CannotSend(_("Send between 1 and %(most)s contact cards at once.") % {"most": CARDS_MAX})
        return Content(kind="contacts", data={"cards": [one.card() for one in self.cards]})


def _phone(number: Number) -> dict[str, str]:
    try:
        phone = Phone.parse(number.phone)
    except NotAPhone as problem:
        raise CannotSend(_(str(problem))) from None
    return {"phone": phone.display(), "type": _one_of(number.kind, PHONE_KINDS), "wa_id": phone.wa_id}


def _url(written: str) -> str:
    if not is_address(written):
        raise CannotSend(_("The website needs its whole address, with https:// before it."))
    return written


def _address(address: Address) -> dict[str, str]:
    """Return an address as far as it was filled in, nothing where it was not."""
    lines = {key: said for key in ADDRESS_LINES if (said := getattr(address, key).strip())}
    return lines | {"type": _one_of(address.kind, ADDRESS_KINDS)} if lines else {}


def _day(written: str) -> str:
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError:
        raise CannotSend(_("The birthday has to be a day.")) from None


def _one_of(said: str, known: tuple[str, ...]) -> str:
    return said if said in known else known[0]
