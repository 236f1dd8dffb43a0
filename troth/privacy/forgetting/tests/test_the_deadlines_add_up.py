"""Undo, purge and backups together stay within what is promised."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from troth.privacy.forgetting import deadlines


@pytest.mark.clause("B4.2", "A4.2b")
def test_gone_everywhere_within_twenty_nine_days_backups_too(record_property: Callable[[str, object], None]) -> None:
    assert deadlines.UNDO + deadlines.PURGE + deadlines.BACKUPS == deadlines.IN_ALL
    assert deadlines.IN_ALL <= timedelta(days=29) < deadlines.PROMISED
    record_property("measured:days until a purge is whole", deadlines.IN_ALL / timedelta(days=1))


@pytest.mark.clause("B4.3")
def test_a_hold_ends_within_half_a_year() -> None:
    assert timedelta(days=180) >= deadlines.HOLD_MAX
