"""Each of Meta's codes has its four sentences, and what is said to happen by itself is what the rules make happen."""

import csv

import pytest

from troth.channels.cloud.adapter import _send_error
from troth.channels.cloud.errors import TABLE, rule_for
from troth.channels.cloud.meanings import ITSELF, meaning_of
from troth.channels.cloud.tests.reference import REFERENCE
from troth.channels.cloud.words import SENDING

CODES = [first for first, _last, _kind, _words in TABLE]


def test_there_are_as_many_as_meta_has() -> None:
    path = REFERENCE / "error_codes.tsv"
    if not path.exists():
        pytest.skip("the reference is not here")
    with path.open() as file:
        theirs = [row["code"] for row in csv.DictReader(file, delimiter="\t")]
    ours = [str(first) if first == last else f"{first}-{last}" for first, last, _kind, _words in TABLE]
    assert sorted(ours) == sorted(theirs)
    assert len(ours) == 123


@pytest.mark.parametrize("code", CODES)
def test_a_code_has_four_sentences_for_people(code: int) -> None:
    meaning = meaning_of(code)
    for words in (meaning.agent, meaning.admin, meaning.by_itself, meaning.advice):
        assert words.endswith(".")
        assert words[0].isupper()
        assert "!" not in words


@pytest.mark.parametrize("code", CODES)
def test_what_happens_by_itself_is_what_the_send_lane_is_told(code: int) -> None:
    """Where a message may be refused with the code: whether it is tried again, and what has to wait meanwhile."""
    rule, said = rule_for(code), meaning_of(code).by_itself
    assert rule is not None
    refusal = _send_error(code, rule)
    waits = {
        ITSELF[name] for name in ("number_again", "account_rests", "few_times", "again", "pair", "new_token", "stops")
    }
    about_sending = waits | {ITSELF["not_sent"], ITSELF["window"]}
    if said not in about_sending:
        return
    stops = refusal.scope == "account" or (refusal.scope == "number" and not refusal.retryable)
    assert (said in waits) == (refusal.retryable or stops)
    assert (said == ITSELF["pair"]) == (refusal.retryable and refusal.scope == "pair")
    assert (said in (ITSELF["stops"], ITSELF["new_token"])) == (stops and not refusal.retryable)


def test_a_pair_waits_as_long_as_is_said() -> None:
    rule = rule_for(131056)
    assert rule is not None
    assert rule.retry_after_s is not None
    waits = [rule.retry_after_s * rule.growth**n for n in range(rule.attempts_max - 1)]
    assert waits == [4, 16, 64, 256]


def test_a_code_that_nobody_knows_has_sentences_too() -> None:
    assert meaning_of(999_999).agent == SENDING["refused"]
