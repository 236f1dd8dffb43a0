"""Contacts as vCards (version 3, RFC 2426), for address books."""

from collections.abc import Iterable, Iterator
from typing import Any

from troth.base.phones import NotAPhone, Phone
from troth.contacts.models import IdentityKind
from troth.privacy.rights.exports.cells import whole
from troth.privacy.rights.exports.rows import Row
from troth.ui.formatting import clean_name

_KEPT_KINDS = {IdentityKind.BSUID.value: "X-WHATSAPP-BSUID", IdentityKind.GROUP.value: "X-WHATSAPP-GROUP"}


def cards(contacts: Iterable[Row], identities: dict[str, list[Row]]) -> Iterator[bytes]:
    """Yield a vCard for each contact; `identities` are the ways of knowing a contact, by its id."""
    for contact in contacts:
        yield _card(contact, identities.get(contact["id"], [])).encode("utf-8", "replace")


def _card(contact: Row, known: list[Row]) -> str:
    import vobject  # noqa: PLC0415  # for copies of data only

    card = vobject.vCard()
    card.add("uid").value = f"urn:uuid:{contact['id']}"
    phones = [one["value"] for one in known if one["kind"] == IdentityKind.PHONE and one["valid_to"] is None]
    name = _line(contact["name"] or contact["profile_name"] or "") or next(iter(phones), "") or contact["id"]
    card.add("fn").value = name
    card.add("n").value = vobject.vcard.Name(given=name)
    for phone in phones:
        if _is_phone(phone):
            line = card.add("tel")
            line.value, line.type_param = phone, "CELL"
    if contact["username"]:
        card.add("nickname").value = _line(contact["username"])
    for one in known:
        if one["kind"] in _KEPT_KINDS:
            card.add(_KEPT_KINDS[one["kind"]]).value = _line(one["value"])
    return str(card.serialize())


def _line(text: Any) -> str:
    return clean_name(whole(str(text)))


def _is_phone(text: str) -> bool:
    try:
        Phone(text)
    except NotAPhone:
        return False
    return True
