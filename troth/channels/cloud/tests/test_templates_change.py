"""News of templates, read by their keys, since Meta's own samples print wrong field names."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.wire import parse
from troth.channels.contract import TemplateChanged, Unrecognised

NAMES = {
    "message_template_id": 300_000_000_000_003,
    "message_template_name": "hi",
    "message_template_language": "en-US",
}


def template(field: str = "message_template_status_update", /, **parts: Any) -> TemplateChanged:
    [event] = parse(bodies.body(bodies.change(field, {**NAMES, **parts}), time=bodies.AT))
    assert isinstance(event, TemplateChanged), event
    return event


def test_a_status() -> None:
    event = template(event="REJECTED", reason="INVALID_FORMAT", message_template_category="MARKETING")
    assert (event.aspect, event.value, event.reason, event.category) == (
        "status",
        "REJECTED",
        "INVALID_FORMAT",
        "MARKETING",
    )
    assert (event.template_id, event.name, event.language) == ("300000000000003", "hi", "en-US")
    assert (event.account_id, event.number_id) == (bodies.ACCOUNT, None)
    assert event.at is not None
    assert event.at.timestamp() == bodies.AT


@pytest.mark.parametrize("reason", ["NONE", "none", None, ""])
def test_no_reason_is_none(reason: Any) -> None:
    assert template(event="APPROVED", reason=reason).reason is None


def test_a_pause_says_which_it_is() -> None:
    assert template(event="PAUSED", reason="NONE", other_info={"title": "FIRST_PAUSE"}).reason == "FIRST_PAUSE"


@pytest.mark.parametrize("field", ["message_template_quality_update", "message_template_status_update", "messages"])
def test_a_quality_is_told_by_its_keys(field: str) -> None:
    event = template(field, previous_quality_score="GREEN", new_quality_score="RED")
    assert (event.aspect, event.previous, event.value) == ("quality", "GREEN", "RED")


def test_a_category_that_changed() -> None:
    event = template("template_category_update", previous_category="UTILITY", new_category="MARKETING")
    assert (event.aspect, event.previous, event.value, event.effective_at) == ("category", "UTILITY", "MARKETING", None)


def test_a_category_that_will_change_is_only_announced() -> None:
    event = template(
        "template_category_update",
        new_category="UTILITY",
        correct_category="MARKETING",
        category_update_timestamp=bodies.AT + 86_400,
    )
    assert (event.previous, event.value, event.reason) == ("UTILITY", "MARKETING", "announced")
    assert event.effective_at is not None
    assert event.effective_at.timestamp() == bodies.AT + 86_400


def test_a_text_that_changed_is_in_the_raw_part() -> None:
    event = template("message_template_components_update", message_template_element="Hi {{1}}")
    assert event.aspect == "components"
    assert event.raw["message_template_element"] == "Hi {{1}}"


@pytest.mark.parametrize("parts", [{}, {"colour": "blue"}])
def test_a_change_of_we_know_not_what_is_named(parts: Any) -> None:
    [event] = parse(bodies.body(bodies.change("message_template_status_update", {**NAMES, **parts})))
    assert isinstance(event, Unrecognised)
    assert event.why == "unknown_template_change"
