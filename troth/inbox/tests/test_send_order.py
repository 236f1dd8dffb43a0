"""Each conversation's messages leave one after the other, in their order, whatever happens to some of them."""

import random
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.cast import House, kopi
from troth.inbox.models import MessageStatus
from troth.inbox.tests.sending import Answer, Channel, meet, phone, refusal, send_all, statuses, write
from troth.workspaces.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


def test_a_conversations_messages_leave_in_their_order_and_one_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei, omar = meet(house, 1, 2)
    for text in "abcdef":
        write(house, mei, f"Mei {text}")
        write(house, omar, f"Omar {text}")
    channel = Channel(takes_s=lambda: random.uniform(0.01, 0.4))
    send_all(house, channel, monkeypatch=monkeypatch)
    assert channel.texts(1) == [f"Mei {text}" for text in "abcdef"]
    assert channel.texts(2) == [f"Omar {text}" for text in "abcdef"]
    nothing_overlaps(channel)


def test_what_has_to_be_offered_again_keeps_its_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (mei,) = meet(house, 1)
    ids = write(house, mei, "one", "two", "three")
    channel = Channel()
    channel.plan(1, refusal(131000), None, refusal(131000), refusal(131000))
    send_all(house, channel, monkeypatch=monkeypatch)
    assert channel.texts(1) == ["one", "one", "two", "two", "two", "three"]
    assert statuses(house, ids) == [MessageStatus.SENT] * 3


def test_what_cannot_be_sent_does_not_hold_up_what_follows(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    (mei,) = meet(house, 1)
    ids = write(house, mei, "one", "two", "three")
    channel = Channel()
    channel.plan(1, refusal(131053, retryable=False), refusal(-6, retryable=False, uncertain=True))
    send_all(house, channel, monkeypatch=monkeypatch)
    assert channel.texts(1) == ["one", "two", "three"]
    assert statuses(house, ids) == [MessageStatus.FAILED, MessageStatus.UNCERTAIN, MessageStatus.SENT]


ANSWERS = st.sampled_from(["ok", "ok", "ok", "busy", "fault", "pair", "never", "unsure"])


@given(st.lists(st.tuples(st.integers(1, 4), ANSWERS), min_size=1, max_size=25), st.integers(0, 99))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_whatever_the_answers_order_holds_and_nothing_that_was_taken_is_offered_again(
    plan: list[tuple[int, str]], seed: int
) -> None:
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as monkeypatch:
        house = a_new_house()
        conversations = dict(zip((1, 2, 3, 4), meet(house, 1, 2, 3, 4), strict=True))
        channel = Channel(takes_s=lambda: chance.uniform(0.001, 0.5))
        written: dict[int, list[str]] = {1: [], 2: [], 3: [], 4: []}
        for index, (person, answer) in enumerate(plan):
            written[person].append(f"{index}")
            write(house, conversations[person], f"{index}")
            channel.plan(person, *answers_of(answer))
        send_all(house, channel, monkeypatch=monkeypatch, for_s=3000)
    nothing_overlaps(channel)
    for person, texts in written.items():
        offered = channel.texts(person)
        assert sorted(offered, key=texts.index) == offered
        assert set(offered) == set(texts)
        assert len(offered) == len(texts) + sum(len(answers_of(a)) - 1 for who, a in plan if who == person)


def answers_of(word: str) -> list[Answer]:
    """Return the answers that one message gets, the last one final."""
    answers: dict[str, list[Answer]] = {
        "ok": [None],
        "busy": [refusal(130429, scope="number", retry_growth=2.0), None],
        "fault": [refusal(131000, retry_growth=3.0), refusal(131000, retry_growth=3.0), None],
        "pair": [refusal(131056, scope="pair", retry_after_s=4.0, retry_growth=4.0), None],
        "never": [refusal(131026, retryable=False)],
        "unsure": [refusal(-6, retryable=False, uncertain=True)],
    }
    return answers[word]


def nothing_overlaps(channel: Channel) -> None:
    """At most one message of a conversation is on its way."""
    for person in range(1, 5):
        calls = sorted((call for call in channel.calls if call.to == phone(person)), key=lambda call: call.began)
        for before, after in pairwise(calls):
            assert after.began >= before.ended


_made = 0


def a_new_house() -> House:
    """Make a house whose numbers nobody has: examples share a transaction."""
    global _made
    _made += 1
    return cast.house(
        f"House {_made}", people={f"Alice{_made}": Role.OWNER}, number_id=f"3{_made:014d}", account_id=f"4{_made:014d}"
    )
