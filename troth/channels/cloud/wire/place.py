"""Where in a body an event stands, and who is named there."""

from datetime import datetime
from typing import Any

from troth.channels.cloud.wire.reading import identifier, items, name, phone, piece, word
from troth.channels.contract import Unrecognised, Who

USERNAME_CHARS_MAX = 100
PARTS_WITH_PEOPLE = ("messages", "message_echoes", "statuses", "calls", "user_preferences", "history")


class Place:
    """One change of a body: its number, its route, and the people whom its value lists."""

    __slots__ = ("account_id", "at", "change", "contacts", "display", "field", "number_id")

    def __init__(self, change: int, field: str, *, account_id: str | None, at: datetime | None) -> None:
        self.change = change
        self.field = field
        self.account_id = account_id
        self.at = at
        self.number_id: str | None = None
        self.display: str | None = None
        self.contacts: Contacts | None = None

    def enter(self, value: dict[str, Any]) -> None:
        """Take the route and the people from the change's value."""
        metadata = piece(value.get("metadata"))
        self.number_id = identifier(metadata.get("phone_number_id"))
        self.display = phone(metadata.get("display_phone_number"))
        self.contacts = Contacts(value)

    def facts(
        self, raw: dict[str, Any], *, at: datetime | None = None, external_id: str | None = None
    ) -> dict[str, Any]:
        """Return the facts that all events share, for an event that stands here."""
        return {
            "change": self.change,
            "field": self.field,
            "number_id": self.number_id,
            "account_id": self.account_id,
            "at": at or self.at,
            "external_id": external_id,
            "raw": raw,
        }

    def unrecognised(self, why: str, part: Any, *, external_id: str | None = None) -> Unrecognised:
        """Return an event that says that this part could not be read, and why in a short code."""
        raw = part if isinstance(part, dict) else {"part": part}
        return Unrecognised(why=why, **self.facts(raw, external_id=external_id))

    def who(
        self,
        *,
        phone: str | None,
        bsuid: str | None,
        parent_bsuid: str | None = None,
        identity_hash: str | None = None,
    ) -> Who | None:
        """Return the person of these ids, with all that the value's contacts say of them, or None if nobody is named.

        The only contact of a value's only item stands for an item that names nobody at all.
        """
        contact = self.contacts.find(phone=phone, bsuid=bsuid) if self.contacts else None
        if contact is None:
            if phone is None and bsuid is None:
                return None
            return Who(phone=phone, bsuid=bsuid, parent_bsuid=parent_bsuid, identity_hash=identity_hash)
        found = _who(contact)
        return Who(
            phone=phone or found.phone,
            bsuid=bsuid or found.bsuid,
            parent_bsuid=parent_bsuid or found.parent_bsuid,
            username=found.username,
            name=found.name,
            identity_hash=identity_hash or found.identity_hash,
        )


class Contacts:
    """The people whom a value lists. They are joined by their ids, never by their order."""

    __slots__ = ("_by_bsuid", "_by_phone", "_listed", "_value")

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value
        self._listed = listed = [contact for contact in items(value.get("contacts")) if isinstance(contact, dict)]
        self._by_bsuid: dict[str, dict[str, Any]] = {}
        self._by_phone: dict[str, dict[str, Any]] = {}
        for contact in listed:
            bsuid = identifier(contact.get("user_id"))
            number = phone(contact.get("wa_id"))
            if bsuid:
                self._by_bsuid.setdefault(bsuid, contact)
            if number:
                self._by_phone.setdefault(number, contact)

    def find(self, *, phone: str | None, bsuid: str | None) -> dict[str, Any] | None:
        """Return the contact of these ids; the user id is the stronger one."""
        if bsuid is None and phone is None:
            return self.only()
        if bsuid and (contact := self._by_bsuid.get(bsuid)):
            return contact
        contact = self._by_phone.get(phone) if phone else None
        if contact and bsuid and contact.get("user_id"):
            # The number is the same and the person is not: numbers change hands.
            return None
        return contact

    def only(self) -> dict[str, Any] | None:
        """Return the contact that can only be meant: one contact with an id, and no more than one item."""
        if len(self._listed) != 1 or not (self._by_bsuid or self._by_phone):
            return None
        return self._listed[0] if sum(len(items(self._value.get(part))) for part in PARTS_WITH_PEOPLE) <= 1 else None


def _who(contact: dict[str, Any]) -> Who:
    profile = piece(contact.get("profile"))
    username = word(profile.get("username"), chars_max=USERNAME_CHARS_MAX)
    return Who(
        phone=phone(contact.get("wa_id")),
        bsuid=identifier(contact.get("user_id")),
        parent_bsuid=identifier(contact.get("parent_user_id")),
        username=username.removeprefix("@") or None if username else None,
        name=name(profile.get("name")),
        identity_hash=identifier(contact.get("identity_key_hash")),
    )
