"""How people come to be known in another way: new numbers, new ids, new keys, the phone's address book."""

from typing import Any

from msgspec.structs import replace

from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, instant, items, name, phone, piece, text, word
from troth.channels.contract import Event, IdentityChanged, PreferenceChanged, Who

NUMBER_CHANGES = ("user_changed_number", "customer_changed_number")


def from_system_message(item: dict[str, Any], place: Place, *, who: Who | None) -> Event | None:
    """Return the change of identity that a system message tells, or None where it tells something else."""
    part = piece(item.get("system"))
    kind = part.get("type")
    facts = place.facts(item, at=instant(item.get("timestamp")), external_id=identifier(item.get("id")))
    said = text(part.get("body"))
    if kind == "customer_identity_changed" and who:
        return IdentityChanged(kind="security_code", before=Who(), after=who, text=said, **facts)
    if kind not in NUMBER_CHANGES and kind != "user_changed_user_id":
        return None
    before = Who(
        phone=phone(part.get("customer")) or phone(item.get("from")),
        bsuid=identifier(part.get("previous_user_id")),
        parent_bsuid=identifier(part.get("previous_parent_user_id")),
    )
    after = Who(
        phone=phone(part.get("wa_id")) or phone(part.get("new_wa_id")),
        bsuid=identifier(part.get("user_id")),
        parent_bsuid=identifier(part.get("parent_user_id")),
    )
    if (after.phone, after.bsuid) == (None, None):
        return None
    return IdentityChanged(
        kind="number" if kind in NUMBER_CHANGES else "user_id", before=before, after=after, text=said, **facts
    )


def with_shared_number(who: Who | None, item: dict[str, Any]) -> Who | None:
    """Return a person known by an id only with the number that they gave when we asked for it.

    WhatsApp itself fills in such a card, marked as the answer to our request. One that names somebody else is not theirs.
    Source: Meta, "Request contact information" (read 2026-11-30).
    """
    if who is None or who.phone is not None or who.bsuid is None:
        return who
    cards = [piece(card) for card in items(item.get("contacts"))]
    if item.get("type") != "contacts" or len(cards) != 1 or cards[0].get("origin") != "contact_request":
        return who
    for entry in map(piece, items(cards[0].get("phones"))):
        number = phone(entry.get("wa_id")) or phone(entry.get("phone"))
        if number and identifier(entry.get("user_id")) in (None, who.bsuid):
            return replace(who, phone=number)
    return who


def new_user_id(item: Any, place: Place) -> Event:
    """Return the event of one item of `user_id_update`, a field that Meta announced and withdrew in 2026."""
    part = piece(item)
    ids = part.get("user_id")
    current = identifier(ids.get("current")) if isinstance(ids, dict) else identifier(ids)
    previous = identifier(part.get("previous_user_id")) or identifier(piece(ids).get("previous"))
    if current is None:
        return place.unrecognised("no_person", item)
    number = phone(part.get("wa_id"))
    return IdentityChanged(
        kind="user_id",
        before=Who(phone=number, bsuid=previous),
        after=Who(phone=number, bsuid=current),
        text=word(part.get("detail"), chars_max=1_000),
        **place.facts(part, at=instant(part.get("timestamp"))),
    )


def address_book_entry(item: Any, place: Place) -> Event:
    """Return the event of one item of `state_sync`: the phone app's own contact list."""
    part = piece(item)
    if part.get("type", "contact") != "contact":
        return place.unrecognised("unknown_state", item)
    contact = piece(part.get("contact"))
    after = Who(
        phone=phone(contact.get("phone_number")),
        bsuid=identifier(contact.get("user_id")),
        username=word(contact.get("username")),
        name=name(contact.get("full_name")) or name(contact.get("first_name")),
    )
    if (after.phone, after.bsuid) == (None, None):
        return place.unrecognised("no_person", item)
    return IdentityChanged(
        kind="address_book",
        before=Who(),
        after=after,
        removed=part.get("action") == "remove",
        **place.facts(part, at=instant(piece(part.get("metadata")).get("timestamp"))),
    )


def preference(item: Any, place: Place) -> Event:
    """Return the event of one item of `user_preferences`: a choice made in WhatsApp's own screen."""
    part = piece(item)
    who = place.who(
        phone=phone(part.get("wa_id")),
        bsuid=identifier(part.get("user_id")),
        parent_bsuid=identifier(part.get("parent_user_id")),
    )
    if who is None:
        return place.unrecognised("no_person", item)
    category, value = word(part.get("category")), word(part.get("value"))
    if category is None or value is None:
        return place.unrecognised("no_value", item)
    return PreferenceChanged(
        who=who,
        category=category,
        value=value,
        signup_id=identifier(part.get("signup_id")),
        **place.facts(part, at=instant(part.get("timestamp"))),
    )
