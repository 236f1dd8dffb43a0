"""What each of Meta's codes means for sending."""

import csv

import pytest

from troth.channels import contract
from troth.channels.cloud import errors, words
from troth.channels.cloud.errors import rule_for, rule_for_unknown
from troth.channels.cloud.tests.reference import REFERENCE, needs_reference

RETRYABLE_KINDS = {"RETRY", "RETRY_LIMITED", "THROTTLE", "THROTTLE_PAIR"}


@needs_reference
def test_the_table_is_that_of_the_reference() -> None:
    with (REFERENCE / "error_codes.tsv").open(newline="") as file:
        reference = {row["code"]: row["class"] for row in csv.DictReader(file, delimiter="\t")}
    ours = {str(first) if first == last else f"{first}-{last}": kind for first, last, kind, _ in errors.TABLE}
    assert ours == reference
    assert len(ours) == 123


def test_only_what_may_pass_is_retried() -> None:
    for first, last, kind, _ in errors.TABLE:
        for code in {first, last}:
            rule = rule_for(code)
            assert rule is not None
            assert rule.retryable == (kind in RETRYABLE_KINDS), code
            assert (rule.attempts_max > 1) == rule.retryable, code
            assert not rule.retryable or rule.retry_after_s, code


@pytest.mark.parametrize("code", [131047, 131026, 131049, 131050, 130472, 132001, 190, 368, 131042, 100, 131053])
def test_what_will_never_be_taken_is_not_offered_again(code: int) -> None:
    rule = rule_for(code)
    assert rule is not None
    assert not rule.retryable


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        (130429, "number"),
        (131056, "pair"),
        (131057, "number"),
        (4, "account"),
        (190, "account"),
        (10, "account"),
        (250, "account"),
        (131042, "account"),
        (133010, "number"),
        (131047, "pair"),
        (131000, "message"),
        (132000, "message"),
        (138007, "message"),
    ],
)
def test_only_what_has_to_wait_waits(code: int, scope: str) -> None:
    rule = rule_for(code)
    assert rule is not None
    assert rule.scope == scope


def test_too_fast_for_one_person_waits_four_to_the_power_of_n() -> None:
    rule = rule_for(131056)
    assert rule is not None
    assert (rule.retry_after_s, rule.growth) == (4.0, 4.0)


def test_maintenance_waits_a_minute() -> None:
    rule = rule_for(131057)
    assert rule is not None
    assert rule.retry_after_s == 60.0


def test_a_fault_that_may_pass_is_offered_three_times_in_all() -> None:
    for code in (1, 131000):
        rule = rule_for(code)
        assert rule is not None
        assert rule.attempts_max == 3


def test_a_missing_object_is_told_from_a_bad_request() -> None:
    missing, bad = rule_for(100, subcode=33), rule_for(100, subcode=2018)
    assert missing is not None
    assert bad is not None
    assert (missing.words, bad.words) == ("missing_object", "bad_request")
    assert (missing.scope, bad.scope) == ("number", "message")


@pytest.mark.parametrize(
    ("http_status", "is_transient", "retryable"),
    [
        (400, False, False),
        (404, False, False),
        (400, True, True),
        (429, False, True),
        (500, False, True),
        (503, True, True),
    ],
)
def test_an_unknown_code_goes_by_the_answers_own_hints(http_status: int, is_transient: bool, retryable: bool) -> None:
    assert rule_for(987_654) is None
    rule = rule_for_unknown(http_status=http_status, is_transient=is_transient)
    assert (rule.retryable, rule.attempts_max) == (retryable, 3 if retryable else 1)


def test_every_code_has_words_and_every_word_a_use() -> None:
    ours = {key for key, text in words.SENDING.items() if text in words.OURS.values()}
    assert ours == {
        *("uncertain", "unreachable", "refused", "address_refused", "not_arrived", "not_wanted"),
        *("file_lost", "file_refused"),
    }
    assert {key for *_, key in errors.TABLE} | ours == set(words.SENDING)


def test_words_are_whole_sentences_for_people() -> None:
    for text in (*words.SENDING.values(), *words.REFUSALS.values(), *words.CHECKS.values()):
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert "131" not in text, text


def test_an_unknown_code_has_words_too() -> None:
    assert words.text_for_code(987_654) == words.SENDING["refused"]
    assert words.text_for_code(131047) == words.SENDING["window_closed"]


def test_what_meta_has_no_code_for_has_words_of_its_own() -> None:
    assert words.text_for_code(contract.UNREACHED) == words.SENDING["unreachable"]
    assert words.text_for_code(contract.NO_ANSWER) == words.SENDING["uncertain"]
    assert words.text_for_code(contract.UNADDRESSED) == words.REFUSALS["recipient"]
    assert words.text_for_code(contract.NOT_WANTED) == words.SENDING["not_wanted"]
    assert set(words.OURS) == set(range(-10, 0))
