"""What becomes of our messages."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import CallChanged, ChannelChanged, Event, Problem, StatusChanged, Unrecognised, Who


def event_of(*statuses: Any, **parts: Any) -> Event:
    [event] = parse(bodies.statuses_body(*statuses, **parts))
    return event


def changed(state: str = "delivered", /, **parts: Any) -> StatusChanged:
    event = event_of(bodies.status(state, **parts))
    assert isinstance(event, StatusChanged), event
    return event


@pytest.mark.parametrize("state", ["sent", "delivered", "read", "played", "failed", "teleported", "deleted"])
def test_the_wires_word_is_kept_also_an_unknown_one(state: str) -> None:
    event = changed(state)
    assert (event.status, event.external_id) == (state, "wamid.out1")
    assert event.at is not None


def test_our_own_id_comes_back_whatever_it_holds() -> None:
    assert changed(biz_opaque_callback_data="campaign=7;contact=42").our_id == "campaign=7;contact=42"
    assert changed().our_id is None


def test_a_status_may_be_known_by_our_id_alone() -> None:
    event = changed(id=None, biz_opaque_callback_data="01998a")
    assert (event.external_id, event.our_id) == (None, "01998a")


def test_a_status_of_nothing_is_named() -> None:
    event = event_of(bodies.status(id=None))
    assert isinstance(event, Unrecognised)
    assert event.why == "no_id"


def test_a_status_without_a_word_is_named() -> None:
    event = event_of(bodies.status(status=None))
    assert isinstance(event, Unrecognised)
    assert event.why == "no_value"


def test_the_recipient_is_joined_to_the_contacts() -> None:
    assert changed(recipient_id=None).who == Who(phone=ANA_PHONE, bsuid=ANA_BSUID, name="Ana Prat")


def test_a_failure_comes_without_contacts_and_with_its_reason() -> None:
    errors = [{"code": "131049", "title": "Not delivered", "error_data": {"details": "Ecosystem"}}, "odd"]
    event = event_of(bodies.status("failed", recipient_user_id=None, errors=errors), contacts=[])
    assert isinstance(event, StatusChanged)
    assert event.who == Who(phone=ANA_PHONE)
    assert event.problems == (Problem(code=131049, title="Not delivered", details="Ecosystem"), Problem(code=0))


def test_a_failure_may_name_nobody_at_all() -> None:
    event = event_of(bodies.status("failed", recipient_id=None, recipient_user_id=None), contacts=[])
    assert isinstance(event, StatusChanged)
    assert event.who == Who()


def test_prices_are_handed_on_unread() -> None:
    pricing = {"billable": True, "type": "regular", "category": "service"}
    conversation = {"id": "c", "expiration_timestamp": "1"}
    event = changed(pricing=pricing, conversation=conversation)
    assert (event.pricing, event.conversation) == (pricing, conversation)
    assert changed(pricing="free", conversation=[]).pricing is None


@pytest.mark.parametrize("key", ["recipient_participant_id", "participant_recipient_id"])
def test_in_a_group_a_status_speaks_of_one_participant(key: str) -> None:
    event = changed("read", recipient_type="group", recipient_id="G1", recipient_user_id=None, **{key: ANA_PHONE})
    assert (event.group_id, event.who.phone, event.who.bsuid) == ("G1", ANA_PHONE, ANA_BSUID)


def test_the_news_of_a_payment_does_not_fail_the_message() -> None:
    event = event_of(bodies.status("failed", type="payment", payment={"reference_id": "r"}))
    assert isinstance(event, ChannelChanged)
    assert (event.aspect, event.value) == ("order_payment", "failed")


def test_the_news_of_a_call_is_not_a_messages() -> None:
    event = event_of(bodies.status("RINGING", type="call", id="wacid.1"))
    assert isinstance(event, CallChanged)
    assert (event.event, event.from_us, event.external_id, event.who.phone) == ("RINGING", True, "wacid.1", ANA_PHONE)


def test_the_news_of_something_else_is_named() -> None:
    event = event_of(bodies.status(type="hologram"))
    assert isinstance(event, Unrecognised)
    assert event.why == "unknown_status_type"
    assert changed(type="message").status == "delivered"


def test_messages_and_statuses_of_one_value_are_both_read() -> None:
    value = bodies.value(contacts=[bodies.ANA], messages=[bodies.message()], statuses=[bodies.status()])
    events = parse(bodies.body(bodies.change("messages", value)))
    assert [type(event).__name__ for event in events] == ["MessageReceived", "StatusChanged"]
    assert {event.change for event in events} == {0}
