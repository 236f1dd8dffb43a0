"""New numbers, new ids, new keys, the phone's address book, and choices about marketing."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import Event, IdentityChanged, MessageReceived, PreferenceChanged, Unrecognised, Who


def system(contacts: Any = (), /, *, message: Any = None, **parts: Any) -> Event:
    item = bodies.message("system", system=parts, from_user_id=None, **(message or {}))
    [event] = parse(bodies.messages_body(item, contacts=contacts))
    return event


def test_a_new_number_brings_a_new_user_id() -> None:
    event = system(
        type="user_changed_number", body="Ana moved", wa_id="34699", user_id="ES.new", previous_user_id=ANA_BSUID
    )
    assert isinstance(event, IdentityChanged)
    assert event.kind == "number"
    assert event.before == Who(phone=ANA_PHONE, bsuid=ANA_BSUID)
    assert event.after == Who(phone="34699", bsuid="ES.new")
    assert (event.text, event.external_id) == ("Ana moved", "wamid.in1")


def test_the_old_spelling_of_a_new_number() -> None:
    event = system(type="customer_changed_number", new_wa_id="34699", customer="34688", message={"from": None})
    assert isinstance(event, IdentityChanged)
    assert (event.before.phone, event.after.phone) == ("34688", "34699")


def test_a_new_user_id_without_any_number() -> None:
    event = system(type="user_changed_user_id", user_id="ES.new", previous_user_id=ANA_BSUID, message={"from": None})
    assert isinstance(event, IdentityChanged)
    assert (event.kind, event.before, event.after) == ("user_id", Who(bsuid=ANA_BSUID), Who(bsuid="ES.new"))


def test_new_keys() -> None:
    event = system([bodies.ANA], type="customer_identity_changed", message={"identity": {"hash": "h2"}})
    assert isinstance(event, IdentityChanged)
    assert (event.kind, event.after.phone, event.after.identity_hash) == ("security_code", ANA_PHONE, "h2")


def test_a_change_into_nobody_is_shown_as_what_it_is() -> None:
    event = system(type="user_changed_number", body="moved")
    assert isinstance(event, MessageReceived)
    assert event.content.kind == "system"


@pytest.mark.parametrize("user_id", ["ES.new", {"previous": ANA_BSUID, "current": "ES.new"}])
def test_the_field_that_was_withdrawn_is_still_understood(user_id: Any) -> None:
    item = {"wa_id": ANA_PHONE, "user_id": user_id, "previous_user_id": ANA_BSUID, "timestamp": bodies.AT}
    [event] = parse(bodies.body(bodies.change("user_id_update", bodies.value(user_id_update=[item]))))
    assert isinstance(event, IdentityChanged)
    assert (event.before.bsuid, event.after.bsuid) == (ANA_BSUID, "ES.new")


def synced(**parts: Any) -> Event:
    item = {"type": "contact", "action": "add", "metadata": {"timestamp": str(bodies.AT)}, **parts}
    [event] = parse(bodies.body(bodies.change("smb_app_state_sync", bodies.value(state_sync=[item]))))
    return event


def test_the_phones_address_book_names_people() -> None:
    event = synced(contact={"full_name": "Ana P.", "first_name": "Ana", "phone_number": "+34 600 111 222"})
    assert isinstance(event, IdentityChanged)
    assert (event.kind, event.after, event.removed) == ("address_book", Who(phone=ANA_PHONE, name="Ana P."), False)
    assert event.at is not None


def test_a_name_removed_there_is_told() -> None:
    event = synced(contact={"phone_number": ANA_PHONE, "user_id": ANA_BSUID}, action="remove")
    assert isinstance(event, IdentityChanged)
    assert (event.removed, event.after.bsuid) == (True, ANA_BSUID)


@pytest.mark.parametrize(
    ("parts", "why"), [({"type": "label"}, "unknown_state"), ({"contact": {"full_name": "Ana"}}, "no_person")]
)
def test_what_cannot_be_placed_is_named(parts: Any, why: str) -> None:
    event = synced(**parts)
    assert isinstance(event, Unrecognised)
    assert event.why == why


def preferred(**parts: Any) -> Event:
    item = {"wa_id": ANA_PHONE, "category": "marketing_messages", "value": "stop", "timestamp": bodies.AT, **parts}
    value = bodies.value(contacts=[bodies.ANA], user_preferences=[item])
    [event] = parse(bodies.body(bodies.change("user_preferences", value)))
    return event


@pytest.mark.parametrize("choice", ["stop", "resume", "signup"])
def test_a_choice_about_marketing(choice: str) -> None:
    event = preferred(value=choice, signup_id=77)
    assert isinstance(event, PreferenceChanged)
    assert (event.who.bsuid, event.category, event.value, event.signup_id) == (
        ANA_BSUID,
        "marketing_messages",
        choice,
        "77",
    )
    assert event.at is not None


def test_a_choice_that_says_nothing_is_named() -> None:
    event = preferred(value=None)
    assert isinstance(event, Unrecognised)
    assert event.why == "no_value"
