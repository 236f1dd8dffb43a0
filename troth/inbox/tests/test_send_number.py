"""One number's lane: who has to wait for what, what stops the number, and what is kept when the database is away."""

import asyncio
import random
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import OperationalError

from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels.contract import UNADDRESSED, Accepted, Unsupported, Who
from troth.channels.models import Channel as Connected
from troth.contacts.models import Identity
from troth.inbox.models import Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.send import ledger
from troth.inbox.send.offer import STOPPED_MAX
from troth.inbox.send.pace import PAIR_BURST, PAIR_EVERY_S
from troth.inbox.tests.sending import Channel, meet, message, phone, refusal, send_all, statuses, write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def send(house: House, monkeypatch: pytest.MonkeyPatch) -> Callable[..., float]:
    def sending(channel: Channel, **more: float) -> float:
        return send_all(house, channel, monkeypatch=monkeypatch, **more)  # type: ignore[arg-type]

    return sending


def connected(house: House, **facts: object) -> Connected:
    """Change the number, and return it."""
    with scope(house.id):
        if facts:
            Connected.objects.filter(id=house.channel).update(**facts)
        return Connected.objects.get(id=house.channel)


def test_one_person_s_limit_delays_that_conversation_only(house: House, send: Callable[..., float]) -> None:
    mei, omar = meet(house, 1, 2)
    write(house, mei, *(f"Mei {index}" for index in range(PAIR_BURST + 3)))
    write(house, omar, *(f"Omar {index}" for index in range(PAIR_BURST)))
    channel = Channel(takes_s=lambda: 0.01)
    send(channel)
    ended = {text: call.ended for text, call in ((call.text, call) for call in channel.calls)}
    assert ended[f"Omar {PAIR_BURST - 1}"] < PAIR_EVERY_S
    assert ended[f"Mei {PAIR_BURST - 1}"] < PAIR_EVERY_S
    assert [round(ended[f"Mei {PAIR_BURST + index}"] / PAIR_EVERY_S) for index in range(3)] == [1, 2, 3]


def test_waiting_for_one_person_does_not_use_up_attempts(house: House, send: Callable[..., float]) -> None:
    (mei,) = meet(house, 1)
    ids = write(house, mei, *(f"{index}" for index in range(PAIR_BURST + 2)))
    send(Channel())
    assert {message(house, id).attempts for id in ids} == {1}


def test_too_fast_for_one_person_at_whatsapp_delays_that_conversation_only(
    house: House, send: Callable[..., float]
) -> None:
    mei, omar = meet(house, 1, 2)
    write(house, mei, "Mei 1", "Mei 2")
    write(house, omar, *(f"Omar {index}" for index in range(10)))
    channel = Channel()
    channel.plan(1, *(refusal(131056, scope="pair", retry_after_s=4.0, retry_growth=4.0) for _ in range(2)))
    assert send(channel) > 20
    assert channel.texts(1) == ["Mei 1", "Mei 1", "Mei 1", "Mei 2"]
    assert max(call.ended for call in channel.calls if call.to == phone(2)) < 4


def test_too_fast_for_the_number_lets_the_number_rest(house: House, send: Callable[..., float]) -> None:
    conversations = meet(house, *range(1, 7))
    write(house, conversations[0], "first")
    channel = Channel()
    channel.plan(1, refusal(130429, scope="number", retry_after_s=5.0))
    for conversation in conversations[1:]:
        write(house, conversation, "Hello")
    connected(house, messages_per_second=1)
    send(channel)
    resting = [call for call in channel.calls if 0.5 < call.began < 5.0]
    assert resting == []
    assert len(channel.calls) == 7


def test_a_number_sends_at_its_own_speed(house: House, send: Callable[..., float]) -> None:
    for conversation in meet(house, *range(1, 31)):
        write(house, conversation, "Hello")
    connected(house, messages_per_second=10)
    channel = Channel()
    send(channel)
    began = sorted(call.began for call in channel.calls)
    assert all(began[index + 10] - began[index] >= 1.0 for index in range(20))
    assert began[-1] - began[0] < 3.0


def test_a_stopped_number_keeps_its_queue_and_says_why(house: House, send: Callable[..., float]) -> None:
    conversations = meet(house, 1, 2, 3)
    ids = [write(house, conversation, "Hello")[0] for conversation in conversations]
    channel = Channel()
    for person in (1, 2, 3):
        channel.plan(person, *(refusal(190, scope="account", retryable=False) for _ in range(100)))
    send(channel, for_s=50)
    assert statuses(house, ids) == [Is.QUEUED] * 3
    number = connected(house)
    assert number.problem_code == 190
    assert number.paused_until is not None
    assert len(channel.calls) <= 3


def test_a_stopped_number_is_tried_with_one_message_at_a_time_and_goes_on_when_it_works(
    house: House, send: Callable[..., float]
) -> None:
    conversations = meet(house, 1, 2, 3)
    ids = [write(house, conversation, "Hello")[0] for conversation in conversations]
    channel = Channel()
    dead = refusal(190, scope="account", retryable=False)
    channel.plan(1, dead, dead)
    channel.plan(2, dead, dead)
    channel.plan(3, dead, dead)
    send(channel, for_s=3000)
    assert statuses(house, ids) == [Is.SENT] * 3
    assert (connected(house).problem_code, connected(house).paused_until) == (None, None)
    tries = sorted(call.began for call in channel.calls)[3:6]
    assert tries[1] - tries[0] > 60


def test_a_message_that_alone_stops_the_number_fails_and_the_others_leave(
    house: House, send: Callable[..., float]
) -> None:
    mei, omar = meet(house, 1, 2)
    (bad,) = write(house, mei, "bad")
    good = write(house, omar, *(f"good {index}" for index in range(60)))
    channel = Channel()
    channel.plan(1, *(refusal(10, scope="account", retryable=False) for _ in range(20)))
    send(channel, for_s=3000)
    assert statuses(house, [bad]) == [Is.FAILED]
    assert set(statuses(house, good)) == {Is.SENT}
    assert len(channel.texts(1)) <= STOPPED_MAX + 1


def test_a_new_token_is_used_without_waiting_for_the_old_one_s_rest(
    house: House, send: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old token's refusal arrives after a person has entered a new one: the number is not stopped for it."""
    (mei,) = meet(house, 1)
    write(house, mei, "Hello")
    channel = Channel()
    channel.plan(1, refusal(190, scope="account", retryable=False))
    enter = _after_the_first_call(channel, lambda: connected(house, token="EAAnew"))
    assert send(enter) < 20
    assert connected(house).problem_code is None


def test_a_number_that_is_taken_away_while_it_sends_stops_sending(house: House, send: Callable[..., float]) -> None:
    conversations = meet(house, *range(1, 41))
    connected(house, messages_per_second=1)
    for conversation in conversations:
        write(house, conversation, "Hello")
    channel = _after_the_first_call(Channel(), lambda: connected(house, removed_at=now()))
    send(channel, for_s=60)
    assert 1 <= len(channel.calls) <= 10
    with scope(house.id):
        assert Message.objects.filter(status=Is.QUEUED).count() == 40 - len(channel.calls)


def test_what_the_channel_cannot_say_and_nobody_to_say_it_to_fail_with_their_reason(
    house: House, send: Callable[..., float]
) -> None:
    mei, omar = meet(house, 1, 2)
    unsupported, unaddressed = write(house, mei, "a")[0], write(house, omar, "b")[0]
    with scope(house.id):
        Identity.objects.filter(contact__conversations=omar).update(valid_to=now())
    channel = Channel()
    channel.plan(1, Unsupported())
    send(channel)
    assert statuses(house, [unsupported, unaddressed]) == [Is.FAILED, Is.FAILED]
    assert message(house, unaddressed).error_code == UNADDRESSED


def test_whatever_breaks_in_the_channel_leaves_the_message_uncertain_and_the_lane_running(
    house: House, send: Callable[..., float]
) -> None:
    mei, omar = meet(house, 1, 2)
    broken, fine = write(house, mei, "a")[0], write(house, omar, "b")[0]
    channel = Channel()
    channel.plan(1, ZeroDivisionError())
    send(channel)
    assert statuses(house, [broken, fine]) == [Is.UNCERTAIN, Is.SENT]
    assert len(channel.calls) == 2


def test_results_are_kept_while_the_database_is_away(
    house: House, send: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [write(house, conversation, "Hello")[0] for conversation in meet(house, 1, 2, 3)]
    monkeypatch.setattr(ledger, "record", _away(ledger.record, between=(0.0, 30.0)))
    channel = Channel()
    assert send(channel) >= 30
    assert statuses(house, ids) == [Is.SENT] * 3
    assert len(channel.calls) == 3


def test_a_claim_whose_answer_was_lost_is_made_good_without_calling_anything_uncertain(
    house: House, send: Callable[..., float], monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [write(house, conversation, "Hello")[0] for conversation in meet(house, 1, 2, 3)]
    monkeypatch.setattr(ledger, "claim", _away(ledger.claim, between=(0.0, 3.0), after=True))
    channel = Channel()
    send(channel)
    assert statuses(house, ids) == [Is.SENT] * 3
    assert len(channel.calls) == 3
    assert {message(house, id).attempts for id in ids} == {1}


def test_a_result_that_the_database_refuses_does_not_hold_up_the_others(
    house: House, send: Callable[..., float]
) -> None:
    """Two messages under one id: the second cannot have it, and is sent all the same."""
    ids = [write(house, conversation, "Hello")[0] for conversation in meet(house, 1, 2, 3)]
    channel = Channel()
    for person in (1, 2):
        channel.plan(person, Accepted(external_id="wamid.same", who=Who()))
    send(channel)
    assert statuses(house, ids) == [Is.SENT] * 3


def test_no_number_of_messages_leaves_faster_than_the_limit_whatever_the_channel_s_mood(
    house: House, send: Callable[..., float]
) -> None:
    chance = random.Random(3)
    connected(house, messages_per_second=20)
    for conversation in meet(house, *range(1, 61)):
        write(house, conversation, "one", "two")
    channel = Channel(takes_s=lambda: chance.uniform(0.01, 1.5))
    for person in range(1, 60, 7):
        channel.plan(person, refusal(131000), None)
    took_s = send(channel)
    began = sorted(call.began for call in channel.calls)
    assert all(late - early >= 1.0 for early, late in zip(began, began[20:], strict=False))
    assert took_s < len(began) / 20 + 12


def _after_the_first_call(channel: Channel, act: Callable[[], object]) -> Channel:
    """Return the channel, which now lets something happen while its first call is under way."""
    offer = channel.send

    async def send(outbound: object) -> object:
        if not channel.calls:
            await asyncio.get_running_loop().run_in_executor(channel.threads, act)
        return await offer(outbound)  # type: ignore[arg-type]

    channel.send = send  # type: ignore[method-assign,assignment]
    return channel


def _away(
    question: Callable[..., object], *, between: tuple[float, float], after: bool = False
) -> Callable[..., object]:
    """Return the same question, which loses the database meanwhile: before it is asked, or `after` it was done."""

    def asked(*args: object, **named: object) -> object:
        is_away = between[0] <= time.monotonic() < between[1]
        if is_away and not after:
            raise OperationalError("away")
        answer = question(*args, **named)
        if is_away:
            raise psycopg.OperationalError("away")
        return answer

    return asked
