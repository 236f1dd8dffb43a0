"""What a refusal means: for the message, for its person, for the number."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from troth.channels.contract import UNADDRESSED, Accepted, SendError, Who
from troth.inbox.models import MessageStatus as Is
from troth.inbox.send import offer
from troth.inbox.send.offer import STILL_STOPPED_S, STOPPED_MAX, STOPPED_S, WAIT_MAX_S, Claimed, Verdict

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def claimed(*, attempts: int = 1, problem: int | None = None) -> Claimed:
    return Claimed(UUID(int=1), UUID(int=2), NOON, attempts, None, problem)


def refused(*, attempts: int = 1, troubled: bool = False, **facts: object) -> Verdict:
    given = {"retryable": False, "user_text": "", **facts}
    return offer.refused(claimed(attempts=attempts), SendError(7, **given), troubled=troubled)  # type: ignore[arg-type]


def test_what_was_taken_is_sent() -> None:
    verdict = offer.accepted(claimed(), Accepted(external_id="wamid.1", who=Who(), held=True))
    assert (verdict.result.status, verdict.result.external_id, verdict.result.held) == (Is.SENT, "wamid.1", True)
    assert (verdict.rest_s, verdict.stop_s) == (0, 0)


def test_what_may_have_left_is_uncertain_whatever_else_is_said_of_it() -> None:
    verdict = refused(uncertain=True, retryable=True, attempts_max=9, scope="account")
    assert (verdict.result.status, verdict.result.code, verdict.stop_s) == (Is.UNCERTAIN, None, 0)


def test_what_will_never_be_taken_fails_with_its_code() -> None:
    verdict = refused(scope="pair", window_closed=True)
    assert (verdict.result.status, verdict.result.code, verdict.result.window_closed) == (Is.FAILED, 7, True)


def test_what_may_be_taken_later_waits_ever_longer_and_then_fails() -> None:
    waits = []
    for attempts in (1, 2, 3, 4, 5):
        result = refused(
            attempts=attempts, retryable=True, attempts_max=5, retry_after_s=4.0, retry_growth=4.0, scope="pair"
        ).result
        waits.append(result.retry_after_s)
        assert result.status == (Is.QUEUED if attempts < 5 else Is.FAILED)
    assert waits == [4, 16, 64, 256, None]


def test_only_what_concerns_the_number_lets_the_number_rest() -> None:
    passing: dict[str, Any] = {"retryable": True, "attempts_max": 9, "retry_after_s": 3.0}
    assert [refused(scope=scope, **passing).rest_s for scope in ("message", "pair", "number")] == [0, 0, 3.0]


def test_nobody_waits_longer_than_a_minute_for_a_number_to_work_again() -> None:
    passing: dict[str, Any] = {"retryable": True, "attempts_max": 99, "retry_growth": 2.0, "scope": "number"}
    assert refused(attempts=20, retry_after_s=2.0, **passing).result.retry_after_s == WAIT_MAX_S
    assert refused(attempts=3, retry_after_s=300.0, **passing).result.retry_after_s == 300.0


@pytest.mark.parametrize(("scope", "retryable"), [("account", False), ("account", True), ("number", False)])
def test_what_stops_the_number_keeps_the_message_and_does_not_make_it_wait_after(scope: str, retryable: bool) -> None:
    verdict = refused(scope=scope, retryable=retryable, attempts_max=9)
    assert (verdict.result.status, verdict.result.code) == (Is.QUEUED, 7)
    assert verdict.result.retry_after_s == 0
    assert verdict.stop_s == STOPPED_S


def test_a_number_that_is_stopped_still_rests_longer_and_its_messages_are_not_blamed() -> None:
    verdict = refused(scope="account", troubled=True, attempts=200)
    assert (verdict.result.status, verdict.result.counted) == (Is.QUEUED, False)
    assert verdict.stop_s == STILL_STOPPED_S


def test_a_number_rests_as_long_as_it_is_told_to() -> None:
    assert refused(scope="account", retryable=True, attempts_max=9, retry_after_s=1800.0).stop_s == 1800.0


def test_a_message_that_stops_a_working_number_again_and_again_fails_alone() -> None:
    assert refused(scope="account", attempts=STOPPED_MAX - 1).result.counted
    verdict = refused(scope="account", attempts=STOPPED_MAX)
    assert (verdict.result.status, verdict.stop_s) == (Is.FAILED, 0)


def test_a_message_without_a_recipient_fails_with_the_reason() -> None:
    result = offer.hopeless(claimed(problem=UNADDRESSED))
    assert (result.status, result.code) == (Is.FAILED, UNADDRESSED)


def test_what_was_not_offered_goes_back_as_if_nothing_had_been() -> None:
    result = offer.not_offered(claimed(), retry_after_s=3.0)
    assert (result.status, result.counted, result.retry_after_s, result.code) == (Is.QUEUED, False, 3.0, None)
