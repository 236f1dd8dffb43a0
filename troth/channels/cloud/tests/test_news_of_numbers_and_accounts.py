"""News of our own numbers and accounts: routed as far as the wire lets us."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE, NUMBER_ID, OUR_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import ChannelChanged, Problem


def news(field: str, value: Any) -> ChannelChanged:
    [event] = parse(bodies.body(bodies.change(field, value), time=bodies.AT))
    assert isinstance(event, ChannelChanged), event
    assert event.account_id == bodies.ACCOUNT
    return event


@pytest.mark.parametrize(
    ("field", "value", "aspect", "word", "detail"),
    [
        ("account_update", {"event": "ACCOUNT_DELETED"}, "account", "ACCOUNT_DELETED", None),
        (
            "account_update",
            {
                "event": "ACCOUNT_RESTRICTION",
                "restriction_info": [{"restriction_type": "A"}, {"restriction_type": "B"}],
            },
            "account",
            "ACCOUNT_RESTRICTION",
            "A,B",
        ),
        (
            "account_update",
            {"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": ["DISABLE"], "waba_ban_date": "May 1, 2026"}},
            "account",
            "DISABLED_UPDATE",
            "DISABLE",
        ),
        (
            "account_update",
            {"event": "ACCOUNT_VIOLATION", "violation_info": {"violation_type": "SCAM"}},
            "account",
            "ACCOUNT_VIOLATION",
            "SCAM",
        ),
        (
            "account_alerts",
            {"entity_type": "BUSINESS", "alert_info": {"alert_type": "LIMIT", "alert_severity": "CRITICAL"}},
            "alert",
            "LIMIT",
            "CRITICAL",
        ),
        ("account_review_update", {"decision": "APPROVED"}, "review", "APPROVED", None),
        ("business_capability_update", {"max_daily_conversations_per_business": 2000}, "capability", "2000", None),
        (
            "business_capability_update",
            {"max_daily_conversations_per_business": "UNLIMITED"},
            "capability",
            "UNLIMITED",
            None,
        ),
        ("business_username_update", {"username": "acme", "status": "reserved"}, "username", "reserved", None),
        ("payment_configuration_update", {"status": "Needs Testing"}, "payment", "Needs Testing", None),
        ("partner_solutions", {"event": "SOLUTION_CREATED"}, "partner", "SOLUTION_CREATED", None),
        ("flows", {"event": "CLIENT_ERROR_RATE", "errors": [{"error_type": "x"}]}, "flow", "CLIENT_ERROR_RATE", None),
        ("phone_number_name_update", {"decision": "REJECTED", "rejection_reason": "R"}, "name", "REJECTED", "R"),
        ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_1K"}, "quality", "FLAGGED", None),
        ("security", {"event": "PIN_CHANGED"}, "security", "PIN_CHANGED", None),
    ],
)
def test_news(field: str, value: Any, aspect: str, word: str, detail: str | None) -> None:
    event = news(field, value)
    assert (event.aspect, event.value, event.detail) == (aspect, word, detail)
    assert event.raw == value
    assert event.problems == ()
    assert event.at is not None


@pytest.mark.parametrize("key", ["display_phone_number", "phone_number"])
def test_where_only_the_number_itself_is_named_it_is_handed_on(key: str) -> None:
    event = news("phone_number_quality_update", {"event": "FLAGGED", key: "+1 555-777-0100"})
    assert (event.number_id, event.display_number) == (None, OUR_PHONE)


def test_an_alert_about_a_number_names_it() -> None:
    assert news("account_alerts", {"entity_type": "PHONE_NUMBER", "entity_id": 5}).number_id == "5"
    assert news("account_alerts", {"entity_type": "BUSINESS", "entity_id": 5}).number_id is None


def test_settings_name_their_number_and_their_instant() -> None:
    value = {
        "type": ["phone_number_settings"],
        "timestamp": "1",
        "phone_number_settings": {"phone_number_id": NUMBER_ID},
    }
    event = news("account_settings_update", value)
    assert (event.aspect, event.value, event.number_id) == ("settings", "phone_number_settings", NUMBER_ID)
    assert event.at is not None
    assert event.at.timestamp() == 1


def test_the_account_that_the_news_names_can_be_another_than_the_one_it_went_to() -> None:
    value = {
        "event": "PARTNER_REMOVED",
        "waba_info": {"waba_id": "777"},
        "disconnection_info": {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"},
    }
    event = news("account_update", value)
    assert (event.account_id, event.named_account_id, event.detail) == (bodies.ACCOUNT, "777", "PRIMARY_INACTIVITY")


def test_trouble_of_the_number_is_no_trouble_of_a_message() -> None:
    value = bodies.value(
        errors=[{"code": 130429, "title": "Too fast", "error_data": {"details": "d"}}, {"code": 131000}]
    )
    events = parse(bodies.body(bodies.change("messages", value)))
    assert [(type(event), event.number_id) for event in events] == [(ChannelChanged, NUMBER_ID)] * 2
    [first, _] = events
    assert isinstance(first, ChannelChanged)
    assert (first.aspect, first.value) == ("problem", "130429")
    assert first.problems == (Problem(code=130429, title="Too fast", details="d"),)


def test_groups() -> None:
    item = {
        "type": "group_suspend",
        "group_id": "G1",
        "request_id": "r",
        "timestamp": "5",
        "errors": [{"code": "131207"}],
    }
    for field in (
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
    ):
        event = news(field, bodies.value(groups=[item]))
        assert (event.aspect, event.value, event.group_id, event.external_id) == ("group", "group_suspend", "G1", "r")
        assert event.problems == (Problem(code=131207),)


def test_who_answers_from_now_on() -> None:
    value = bodies.value(
        type="control_passed",
        timestamp=str(bodies.AT),
        contacts=[bodies.ANA],
        control_passed={"previous_owner_role": "ai_agent", "new_owner_role": "escalation"},
    )
    event = news("messaging_handovers", value)
    assert (event.aspect, event.value, event.detail) == ("handover", "control_passed", "escalation")
    assert event.who is not None
    assert event.who.bsuid == ANA_BSUID


def test_a_handover_without_a_type_is_told_by_its_key() -> None:
    assert news("messaging_handovers", bodies.value(control_taken={"new_owner_role": "x"})).value == "control_taken"


def test_clicks_conversions_and_summaries() -> None:
    clicked = {"action_type": "link_click", "user_id": ANA_BSUID, "timestamp": "9"}
    value = bodies.value(
        contacts=[bodies.ANA],
        user_actions=[clicked],
        automatic_events=[{"id": "e1", "event_name": "Purchase", "timestamp": 9}],
        conversation_context={"type": "summary", "summary": {"text": "Wants shoes"}},
    )
    events = [
        event for event in parse(bodies.body(bodies.change("messages", value))) if isinstance(event, ChannelChanged)
    ]
    assert [(event.aspect, event.value) for event in events] == [
        ("user_action", "link_click"),
        ("conversion", "Purchase"),
        ("context", "summary"),
    ]
    assert events[0].who is not None
    assert events[0].who.phone == ANA_PHONE
    assert events[2].raw["summary"] == {"text": "Wants shoes"}
