"""Whatever arrives, `parse` answers with events, and they can be stored and sent on."""

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.wire import parse
from troth.channels.contract import Event, Unrecognised

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet=st.characters(codec=None), max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)

FIELDS = (
    "messages", "standby", "smb_message_echoes", "history", "smb_app_state_sync", "user_preferences", "user_id_update",
    "calls", "automatic_events", "group_lifecycle_update", "account_update", "account_alerts", "flows",
    "message_template_status_update", "template_category_update", "messaging_handovers", "phone_number_quality_update",
    "account_settings_update", "something_of_next_year", "",
)  # fmt: skip

WHOLE: dict[str, Any] = bodies.value(
    contacts=[bodies.ANA],
    messages=[
        bodies.message(
            context={"id": "wamid.q", "from": "1", "referred_product": {"catalog_id": "c"}}, referral={"a": 1}
        ),
        bodies.message("image", image={"id": "1", "mime_type": "image/jpeg", "caption": "c", "sha256": "h"}),
        bodies.message("location", location={"latitude": 1.5, "longitude": "2.5", "name": "n"}),
        bodies.message(
            "contacts", contacts=[{"name": {"first_name": "A"}, "phones": [{"phone": "+1"}], "emails": [{}]}]
        ),
        bodies.message("interactive", interactive={"type": "nfm_reply", "nfm_reply": {"response_json": '{"a": 1}'}}),
        bodies.message("order", order={"product_items": [{"item_price": 1.5, "quantity": "2"}]}),
        bodies.message("reaction", reaction={"message_id": "m", "emoji": "x"}),
        bodies.message("edit", edit={"original_message_id": "m", "message": bodies.message()}),
        bodies.message("revoke", revoke={"original_message_id": "m"}),
        bodies.message("system", system={"type": "user_changed_number", "wa_id": "1", "user_id": "ES.2"}),
        bodies.message("unsupported", errors=[{"code": 131051}], unsupported={"type": "poll_creation"}),
    ],
    message_echoes=[bodies.message(to="34600111222", type="text")],
    statuses=[bodies.status(errors=[{"code": 1, "error_data": {"details": "d"}}], pricing={"type": "regular"})],
    errors=[{"code": 131000}],
    calls=[{"id": "c", "from": "1", "event": "connect", "status": ["COMPLETED"], "duration": 3}],
    groups=[{"type": "group_create", "group_id": "g", "errors": [{"code": "1"}]}],
    history=[{"metadata": {"phase": 0}, "threads": [{"id": "34600111222", "messages": [bodies.message()]}]}],
    state_sync=[{"type": "contact", "contact": {"phone_number": "1", "full_name": "A"}, "action": "add"}],
    user_preferences=[{"wa_id": "1", "category": "marketing_messages", "value": "stop"}],
    user_actions=[{"action_type": "click"}],
    conversation_context={"type": "summary"},
    waba_info={"waba_id": "1"},
    restriction_info=[{"restriction_type": "x"}],
    alert_info={"alert_type": "x"},
    event="APPROVED",
    control_taken={"new_owner_role": "x"},
)


def check(body: bytes) -> list[Event]:
    events = parse(body)
    assert events
    assert [event.change for event in events] == sorted(event.change for event in events)
    for event in events:
        assert not (isinstance(event, Unrecognised) and event.why == "unreadable"), event
    stored = msgspec.json.encode(events)
    assert b"\\u0000" not in stored
    stored.decode()
    return events


@given(st.binary(max_size=200))
def test_any_bytes_give_events(body: bytes) -> None:
    check(body)


@given(anything)
def test_any_json_gives_events(tree: Any) -> None:
    check(json.dumps(tree).encode())


@given(st.sampled_from(FIELDS), anything)
def test_any_value_of_any_field_gives_events(field: str, value: Any) -> None:
    check(bodies.body(bodies.change(field, value)))


@given(st.sampled_from(FIELDS), st.sampled_from(sorted(WHOLE)), anything)
def test_any_part_of_a_value_gives_events(field: str, part: str, value: Any) -> None:
    check(bodies.body(bodies.change(field, {**WHOLE, part: value})))
    check(bodies.body(bodies.change(field, {**WHOLE, part: [value]})))


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, child in inner for found in _paths(child, (*path, key)))]


PATHS = [path for path in _paths(WHOLE) if path]


def _replaced(tree: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = _replaced(tree[path[0]], path[1:], new)
    return copy


@settings(max_examples=300)
@given(st.sampled_from(FIELDS), st.lists(st.tuples(st.sampled_from(PATHS), anything), min_size=1, max_size=3))
def test_a_mutated_body_gives_events(field: str, mutations: list[tuple[tuple[Any, ...], Any]]) -> None:
    tree: Any = WHOLE
    for path, new in mutations:
        try:
            tree = _replaced(tree, path, new)
        except (LookupError, TypeError, AttributeError):
            continue  # an earlier mutation took away what this one changes
    check(bodies.body(bodies.change(field, tree)))


@given(st.data())
def test_a_truncated_or_flipped_body_gives_events(data: st.DataObject) -> None:
    whole = bytearray(bodies.body(bodies.change("messages", WHOLE)))
    at = data.draw(st.integers(0, len(whole) - 1))
    check(bytes(whole[:at]))
    whole[at] = data.draw(st.integers(0, 255))
    check(bytes(whole))
