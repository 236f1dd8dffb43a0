"""Calls: a person's call opens the service window, so it must be clear who called."""

from typing import Any

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE, OUR_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import CallChanged, Event, Unrecognised


def call(contacts: Any = (bodies.ANA,), /, **parts: Any) -> Event:
    item = {
        "id": "wacid.1",
        "from": ANA_PHONE,
        "to": OUR_PHONE,
        "event": "connect",
        "direction": "USER_INITIATED",
        "timestamp": str(bodies.AT),
        **parts,
    }
    [event] = parse(bodies.body(bodies.change("calls", bodies.value(contacts=list(contacts), calls=[item]))))
    return event


def test_a_person_calls() -> None:
    event = call()
    assert isinstance(event, CallChanged)
    assert (event.event, event.from_us, event.external_id, event.duration_s) == ("connect", False, "wacid.1", None)
    assert (event.who.phone, event.who.bsuid) == (ANA_PHONE, ANA_BSUID)


def test_we_call() -> None:
    event = call(
        **{"from": OUR_PHONE, "to": ANA_PHONE}, direction="BUSINESS_INITIATED", event="terminate", duration="12"
    )
    assert isinstance(event, CallChanged)
    assert (event.from_us, event.who.phone, event.duration_s) == (True, ANA_PHONE, 12)


def test_a_call_that_names_us_at_both_ends_is_the_only_contacts() -> None:
    event = call(**{"from": "19990000", "to": OUR_PHONE}, direction="BUSINESS_INITIATED")
    assert isinstance(event, CallChanged)
    assert event.who.phone == ANA_PHONE


def test_an_old_call_has_another_id_and_a_status_for_an_event() -> None:
    event = call(id=None, wacid="wacid.2", event=None, status=["COMPLETED"], timestamp=None, start_time=bodies.AT)
    assert isinstance(event, CallChanged)
    assert (event.external_id, event.event) == ("wacid.2", "COMPLETED")
    assert event.at is not None


def test_a_call_of_nobody_and_a_call_of_nothing_are_named() -> None:
    nobody = call((), **{"from": None})
    nothing = call(event=None)
    assert isinstance(nobody, Unrecognised)
    assert isinstance(nothing, Unrecognised)
    assert (nobody.why, nothing.why) == ("no_person", "no_value")
