"""The envelope: nothing is dropped, and the changes add up."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.wire import parse
from troth.channels.contract import Event, MessageReceived, StatusChanged, Unrecognised


def reasons(events: list[Event]) -> list[tuple[int, str]]:
    return [(event.change, event.why) for event in events if isinstance(event, Unrecognised)]


def enveloped(*entries: Any, **parts: Any) -> bytes:
    return bodies.encoded({"object": "whatsapp_business_account", "entry": list(entries), **parts})


def test_all_entries_and_all_changes_are_read() -> None:
    said = bodies.change("messages", bodies.value(messages=[bodies.message(), bodies.message(id="wamid.in2")]))
    told = bodies.change("messages", bodies.value(statuses=[bodies.status(), bodies.status("read")]))
    events = parse(enveloped({"id": "1", "changes": [said, told]}, {"id": "2", "changes": [said]}))
    assert [(event.change, type(event), event.account_id) for event in events] == [
        (0, MessageReceived, "1"),
        (0, MessageReceived, "1"),
        (1, StatusChanged, "1"),
        (1, StatusChanged, "1"),
        (2, MessageReceived, "2"),
        (2, MessageReceived, "2"),
    ]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"hello", "not_json"),
        (b"[]", "not_an_object"),
        (b'"x"', "not_an_object"),
        (b"null", "not_an_object"),
        (b"{}", "empty"),
        (b'{"object":"whatsapp_business_account"}', "empty"),
        (b'{"object":"whatsapp_business_account","entry":[]}', "empty"),
        (b'{"object":"whatsapp_business_account","entry":[{}]}', "empty"),
        (b'{"object":"whatsapp_business_account","entry":["x"]}', "empty"),
        (b'{"object":"page","entry":[]}', "foreign_object"),
        (b'{"object":"page","entry":[{"id":"1","changes":[{"field":"messages"}]}]}', "foreign_object"),
        (b'{"object":["whatsapp_business_account"],"entry":[]}', "foreign_object"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 80 + b"1" + b"}" * 80, "too_deep"),
    ],
)
def test_a_body_that_is_none_is_one_event(body: bytes, why: str) -> None:
    assert reasons(parse(body)) == [(0, why)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (None, "empty"),
        ("?", "not_an_object"),
        ({}, "empty"),
        ({"field": "messages"}, "empty"),
        (bodies.change("messages", {}), "empty"),
        (bodies.change("messages", []), "empty"),
        (bodies.change("messages", "?"), "not_an_object"),
        (bodies.change("messages", bodies.value()), "empty"),
        (bodies.change("messages", bodies.value(contacts=[bodies.ANA], messages=[], statuses=[])), "empty"),
        (bodies.change("of_next_year", {"x": 1}), "unknown_field"),
        (bodies.change("of_next_year", bodies.value(messages=[bodies.message()])), "unknown_field"),
        ({"value": {"x": 1}}, "no_field"),
    ],
)
def test_a_change_that_says_nothing_still_counts(change: Any, why: str) -> None:
    said = bodies.change("messages", bodies.value(messages=[bodies.message()]))
    events = parse(bodies.body(change, said))
    assert reasons(events) == [(0, why)]
    assert [(event.change, type(event)) for event in events[1:]] == [(1, MessageReceived)]


def test_an_empty_entry_counts_as_a_change() -> None:
    said = bodies.change("messages", bodies.value(messages=[bodies.message()]))
    events = parse(enveloped({"id": "1"}, {"id": "2", "changes": []}, {"id": "3", "changes": [said]}))
    assert reasons(events) == [(0, "empty"), (1, "empty")]
    assert events[2].change == 2


def test_a_lone_object_stands_for_a_list_of_one() -> None:
    value = bodies.value(contacts=bodies.ANA, messages=bodies.message())
    entry = {"id": "1", "changes": bodies.change("messages", value)}
    [event] = parse(bodies.encoded({"object": "whatsapp_business_account", "entry": entry}))
    assert isinstance(event, MessageReceived)
    assert event.who.name == "Ana Prat"


def test_new_keys_are_ignored_and_new_items_are_not() -> None:
    value = bodies.value(messages=[bodies.message()], polls=[{"id": "p1"}], trace={"id": "t"}, tags=["a"], version=3)
    events = parse(bodies.body(bodies.change("messages", value)))
    assert reasons(events) == [(0, "unknown_part")]
    assert events[1].raw == {"polls": [{"id": "p1"}]}


def test_new_items_beside_entries_and_changes_are_named_too() -> None:
    said = bodies.change("messages", bodies.value(messages=[bodies.message()]))
    entry = {"id": "1", "changes": [said], "messaging": [{"sender": "x"}]}
    assert reasons(parse(enveloped(entry, hints=[{"x": 1}], meta={"x": 1}))) == [
        (0, "unknown_part"),
        (0, "unknown_part"),
    ]


def test_a_body_without_an_object_is_read_as_ours() -> None:
    said = bodies.change("messages", bodies.value(messages=[bodies.message()]))
    [event] = parse(bodies.encoded({"entry": [{"id": "1", "changes": [said]}]}))
    assert isinstance(event, MessageReceived)


def test_a_change_without_a_field_is_read_by_its_value() -> None:
    [event] = parse(bodies.body({"value": bodies.value(messages=[bodies.message()])}))
    assert isinstance(event, MessageReceived)
    assert event.field == ""


def test_a_thousand_updates_of_one_body_are_a_thousand_events() -> None:
    statuses = [bodies.status(id=f"wamid.{n}") for n in range(1_000)]
    assert len(parse(bodies.statuses_body(*statuses))) == 1_000
