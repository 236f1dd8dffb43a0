"""Who wrote: by user id or number, never by the order of the lists."""

from typing import Any

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA, ANA_BSUID, ANA_PARENT, ANA_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import MessageReceived, Unrecognised, Who

BEN: dict[str, Any] = {"profile": {"name": "Ben Ode"}, "wa_id": "2348000000001", "user_id": "NG.ben"}


def who_of(body: bytes) -> Who:
    [event] = parse(body)
    assert isinstance(event, MessageReceived), event
    return event.who


def test_a_person_comes_with_all_that_is_said_of_them() -> None:
    contact = {
        "profile": {"name": "  Ana\n Prat ", "username": "@ana.p"},
        "wa_id": ANA_PHONE,
        "user_id": ANA_BSUID,
        "parent_user_id": ANA_PARENT,
        "identity_key_hash": "h1",
    }
    assert who_of(bodies.messages_body(bodies.message(), contacts=[contact])) == Who(
        phone=ANA_PHONE, bsuid=ANA_BSUID, parent_bsuid=ANA_PARENT, username="ana.p", name="Ana Prat", identity_hash="h1"
    )


def test_the_order_of_the_contacts_says_nothing() -> None:
    from_ben = bodies.message(from_user_id="NG.ben", **{"from": "2348000000001"}, id="wamid.in2")
    events = parse(bodies.messages_body(bodies.message(), from_ben, contacts=[BEN, ANA]))
    assert [event.who.name for event in events if isinstance(event, MessageReceived)] == ["Ana Prat", "Ben Ode"]


def test_a_number_finds_the_contact_where_the_message_has_no_user_id() -> None:
    assert who_of(bodies.messages_body(bodies.message(from_user_id=None))).bsuid == ANA_BSUID


def test_a_user_id_finds_the_contact_where_the_message_has_no_number() -> None:
    assert who_of(bodies.messages_body(bodies.message(**{"from": None}))).phone == ANA_PHONE


def test_a_person_may_be_known_by_user_id_only() -> None:
    contact = {"profile": {"username": "ana.p"}, "user_id": ANA_BSUID}
    who = who_of(bodies.messages_body(bodies.message(**{"from": None}), contacts=[contact]))
    assert (who.phone, who.bsuid, who.username) == (None, ANA_BSUID, "ana.p")


def test_a_number_that_changed_hands_lends_nobody_elses_name() -> None:
    somebody_else = {**ANA, "user_id": "ES.other"}
    who = who_of(bodies.messages_body(bodies.message(), contacts=[somebody_else]))
    assert (who.bsuid, who.name) == (ANA_BSUID, None)


def test_a_stranger_in_the_contacts_is_not_the_writer() -> None:
    assert who_of(bodies.messages_body(bodies.message(), contacts=[BEN])).name is None


def test_contacts_may_be_missing() -> None:
    assert who_of(bodies.messages_body(bodies.message(), contacts=[])) == Who(phone=ANA_PHONE, bsuid=ANA_BSUID)


def test_an_id_is_kept_letter_by_letter() -> None:
    who = who_of(bodies.messages_body(bodies.message(from_user_id="us.AbC.9"), contacts=[]))
    assert who.bsuid == "us.AbC.9"


def test_a_number_as_a_number_or_with_a_plus_is_the_same_number() -> None:
    assert who_of(bodies.messages_body(bodies.message(**{"from": int(ANA_PHONE)}))).phone == ANA_PHONE
    assert who_of(bodies.messages_body(bodies.message(**{"from": "+" + ANA_PHONE}))).phone == ANA_PHONE


def test_the_only_contact_stands_for_an_only_message_that_names_nobody() -> None:
    nameless = bodies.message(from_user_id=None, **{"from": None})
    assert who_of(bodies.messages_body(nameless)).bsuid == ANA_BSUID


def test_beside_another_message_it_stands_for_nobody() -> None:
    nameless = bodies.message(from_user_id=None, id="wamid.in2", **{"from": None})
    events = parse(bodies.messages_body(bodies.message(), nameless))
    assert isinstance(events[1], Unrecognised)
    assert events[1].why == "no_person"


def test_a_message_from_nobody_is_named_and_not_guessed() -> None:
    [event] = parse(bodies.messages_body(bodies.message(from_user_id=None, **{"from": "<PHONE>"}), contacts=[]))
    assert isinstance(event, Unrecognised)
    assert (event.why, event.external_id) == ("no_person", "wamid.in1")


def test_a_name_of_ten_kilobytes_is_cut_and_a_long_id_is_none() -> None:
    contact = {**ANA, "profile": {"name": "n" * 10_000}}
    who = who_of(bodies.messages_body(bodies.message(), contacts=[contact]))
    assert who.name == "n" * 256
    [event] = parse(bodies.messages_body(bodies.message(from_user_id="x" * 600, **{"from": None}), contacts=[]))
    assert isinstance(event, Unrecognised)


def test_in_a_group_the_writer_is_the_participant() -> None:
    [event] = parse(bodies.messages_body(bodies.message(group_id="G1"), contacts=[BEN, ANA]))
    assert isinstance(event, MessageReceived)
    assert (event.group_id, event.who.name) == ("G1", "Ana Prat")
