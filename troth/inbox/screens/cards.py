"""Contact cards: as a bubble shows them, and as a file for an address book."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from troth.contacts.masking import Veil
from troth.inbox.screens.offers import dicts


def cards_of(data: dict[str, Any], veil: Veil) -> list[dict[str, Any]]:
    """Return the cards of a message as a reader may see them."""
    return [
        {
            "name": veil.any(str(card.get("name") or _("Contact"))),
            "phones": [veil.any(str(phone.get("phone") or "")) for phone in dicts(card.get("phones"))],
            "emails": [str(address) for address in card.get("emails") or []],
            "org": ", ".join(str(card[part]) for part in ("title", "department", "org") if card.get(part)),
            "links": [str(url) for url in card.get("urls") or [] if str(url).startswith(("https://", "http://"))],
            "places": [place for one in card.get("addresses") or [] if (place := _address(one))],
            "birthday": _day(card.get("birthday")),
        }
        for card in dicts(data.get("cards"))
    ]


def _address(parts: Any) -> str:
    """Return an address in one line, as it is written in most places."""
    if not isinstance(parts, dict):
        return ""
    town = " ".join(str(parts[part]) for part in ("zip", "city") if parts.get(part))
    lines = [parts.get("street"), town, parts.get("state"), parts.get("country") or parts.get("country_code")]
    return ", ".join(str(line) for line in lines if line)


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "DATE_FORMAT")
    except ValueError:
        return ""


def vcard(card: dict[str, Any]) -> str:
    """Return a card as a vCard (version 3, RFC 2426)."""
    import vobject  # noqa: PLC0415  # for a card that somebody saves

    made = vobject.vCard()
    name = str(card.get("name") or _("Contact"))
    made.add("fn").value = name
    made.add("n").value = vobject.vcard.Name(given=name)
    for phone in dicts(card.get("phones")):
        if phone.get("phone"):
            line = made.add("tel")
            line.value, line.type_param = str(phone["phone"]), "CELL"
    for address in card.get("emails") or []:
        made.add("email").value = str(address)
    if card.get("org"):
        made.add("org").value = [str(card[part]) for part in ("org", "department") if card.get(part)]
    if card.get("title"):
        made.add("title").value = str(card["title"])
    for url in card.get("urls") or []:
        made.add("url").value = str(url)
    for parts in dicts(card.get("addresses")):
        made.add("adr").value = vobject.vcard.Address(
            street=str(parts.get("street") or ""),
            city=str(parts.get("city") or ""),
            region=str(parts.get("state") or ""),
            code=str(parts.get("zip") or ""),
            country=str(parts.get("country") or parts.get("country_code") or ""),
        )
    if card.get("birthday"):
        made.add("bday").value = str(card["birthday"])
    return str(made.serialize())
