"""The screen with which a form (Flow) begins is read from its definition, whatever that holds."""

from typing import Any

import pytest

from troth.channels.cloud.flows import screen_in


@pytest.mark.parametrize("definition", [None, [], {}, {"screens": [1, {"title": "x"}]}, {"screens": "x"}])
def test_what_is_no_form_has_no_screen(definition: Any) -> None:
    assert not screen_in(definition).check.ok


def test_the_first_screen_is_the_one_that_nothing_leads_to() -> None:
    screens = [{"id": "B", "title": "second"}, {"id": "A", "title": "first", "data": {"x": {"type": "object"}}}]
    assert screen_in({"screens": screens}).id == "B"
    found = screen_in({"screens": screens, "routing_model": {"A": ["B"], "B": []}})
    assert (found.id, found.title, found.values, found.more) == ("A", "first", (), True)
