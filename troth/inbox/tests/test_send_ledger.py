"""What the send lane writes holds against receipts, people, other lanes and its own repetitions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.contract import NOT_SUPPORTED, UNADDRESSED
from troth.contacts.models import Identity
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import offer_again
from troth.inbox.send import ledger, offer
from troth.inbox.send.offer import Claimed, Result
from troth.inbox.tests.sending import LANE, keep_connection, meet, message, phone, statuses, write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
OTHER_LANE = 8


@pytest.fixture(autouse=True)
def _connection(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_connection(monkeypatch)


@pytest.fixture
def house() -> House:
    return kopi()


def claim(house: House, *, most: int = 100, lane: int = LANE, probing: bool = False) -> list[Claimed]:
    return ledger.claim(house.id, house.channel, lane=lane, most=most, probing=probing)


def record(house: House, *results: Result, lane: int = LANE) -> None:
    ledger.record(house.id, house.channel, results, lane=lane)


def sent(one: Claimed, *, id: str = "wamid.OUT") -> Result:
    return Result(one, Is.SENT, external_id=id)


def later(one: Claimed, *, seconds: float = 60.0) -> Result:
    return Result(one, Is.QUEUED, code=130429, retry_after_s=seconds)


def news(house: House, word: str, our_id: UUID, *, id: str = "wamid.OUT", **more: object) -> None:
    """Let WhatsApp tell what became of a message."""
    told = bodies.status(
        word, id=id, at=int(now().timestamp()), phone=phone(1), biz_opaque_callback_data=str(our_id), **more
    )
    deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[told]), account=house.account_id))


def texts(claimed: Sequence[Claimed]) -> list[str | None]:
    return [one.outbound.content.text if one.outbound else None for one in claimed]


def test_a_claim_takes_the_oldest_of_each_conversation_and_no_more_than_asked(house: House) -> None:
    mei, omar, ana = meet(house, 1, 2, 3)
    for conversation, name in ((mei, "Mei"), (omar, "Omar"), (ana, "Ana")):
        write(house, conversation, f"{name} 1", f"{name} 2")
    assert texts(claim(house, most=2)) == ["Mei 1", "Omar 1"]
    assert texts(claim(house)) == ["Ana 1"]
    assert claim(house) == []


def test_a_claim_is_marked_in_the_row_and_counts_as_an_attempt(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    row = message(house, id)
    assert (row.status, row.lane, row.sending_at, row.attempts) == (Is.SENDING, LANE, one.claimed_at, 1)
    assert one.attempts == 1


def test_what_waits_for_its_time_is_not_claimed_nor_is_what_stands_behind_it(house: House) -> None:
    (mei,) = meet(house, 1)
    write(house, mei, "one", "two")
    (one,) = claim(house)
    record(house, later(one))
    assert claim(house) == []
    with scope(house.id):
        Message.objects.filter(id=one.id).update(next_attempt_at=now())
    assert texts(claim(house)) == ["one"]


def test_an_older_message_that_a_person_offers_again_waits_for_the_one_that_is_on_its_way(house: House) -> None:
    (mei,) = meet(house, 1)
    old, _ = write(house, mei, "old", "new")
    (one,) = claim(house)
    record(house, offer.unsure(one))
    assert texts(claim(house)) == ["new"]
    with scope(house.id):
        offer_again(message(house, old))
    assert claim(house) == []


def test_probing_begins_with_what_the_number_was_not_stopped_at(house: House) -> None:
    mei, omar = meet(house, 1, 2)
    write(house, mei, "stops the number")
    (one,) = claim(house)
    record(house, later(one, seconds=0.0))
    write(house, omar, "never tried")
    assert texts(claim(house, most=1, probing=True)) == ["never tried"]


def test_another_house_s_messages_are_not_there(house: House) -> None:
    stranger = rival()
    (mei,) = meet(house, 1)
    write(house, mei, "Hello")
    assert ledger.claim(stranger.id, house.channel, lane=LANE, most=9) == []


def test_nobody_to_send_to_and_nothing_to_read_are_no_reason_to_stand_still(house: House) -> None:
    mei, omar, ana = meet(house, 1, 2, 3)
    nobody, garbled, fine = write(house, mei, "a")[0], write(house, omar, "b")[0], write(house, ana, "c")[0]
    with scope(house.id):
        Identity.objects.filter(contact__conversations=mei).update(valid_to=now())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE inbox_message SET content = NULL WHERE id = %s", [garbled])
    problems = {one.id: one.problem for one in claim(house)}
    assert problems == {nobody: UNADDRESSED, garbled: NOT_SUPPORTED, fine: None}


def test_what_was_taken_is_sent_under_its_id(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, sent(one))
    row = message(house, id)
    assert (row.status, row.external_id, row.error_code) == (Is.SENT, "wamid.OUT", None)
    assert row.sent_at is not None
    with scope(house.id):
        assert Conversation.objects.get(id=mei).preview_status == Is.SENT


def test_news_that_came_first_is_not_undone_by_the_answer(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    news(house, "read", id)
    record(house, sent(one))
    assert statuses(house, [id]) == [Is.READ]
    with scope(house.id):
        assert Conversation.objects.get(id=mei).preview_status == Is.READ


def test_news_that_came_first_is_not_undone_by_a_refusal_either(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    news(house, "delivered", id)
    record(house, later(one), Result(one, Is.FAILED, code=131000), offer.unsure(one))
    row = message(house, id)
    assert (row.status, row.next_attempt_at) == (Is.DELIVERED, None)
    assert claim(house) == []


def test_news_without_our_id_that_came_first_is_applied_with_the_answer(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    told = bodies.status("delivered", id="wamid.OUT", at=int(now().timestamp()), phone=phone(1))
    deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[told]), account=house.account_id))
    record(house, sent(one))
    assert statuses(house, [id]) == [Is.DELIVERED]


def test_the_words_of_a_failure_are_the_last_offer_s_not_an_earlier_one_s(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, later(one, seconds=0.0))
    assert message(house, id).error_code == 130429
    (again,) = claim(house)
    record(house, sent(again))
    assert message(house, id).error_code is None
    news(house, "failed", id, errors=[{"code": 131026, "title": "Undeliverable"}])
    row = message(house, id)
    assert (row.status, row.error_code) == (Is.FAILED, 131026)


def test_an_uncertain_message_keeps_the_place_for_the_reason_of_a_failure(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, offer.unsure(one))
    news(house, "failed", id, errors=[{"code": 131026, "title": "Undeliverable"}])
    assert message(house, id).error_code == 131026


def test_news_settles_what_was_uncertain(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, offer.unsure(one))
    news(house, "delivered", id)
    row = message(house, id)
    assert (row.status, row.external_id) == (Is.DELIVERED, "wamid.OUT")


def test_writing_the_same_result_twice_does_not_touch_what_was_claimed_again_meanwhile(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    for back in (partial(later, seconds=0.0), offer.not_offered):
        (one,) = claim(house)
        record(house, back(one))
        assert statuses(house, [id]) == [Is.QUEUED]
        (again,) = claim(house)
        record(house, back(one))
        assert statuses(house, [id]) == [Is.SENDING]
        record(house, back(again))


def test_what_was_not_offered_is_not_counted(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, offer.not_offered(one))
    assert message(house, id).attempts == 0


def test_another_lane_s_word_counts_for_nothing_unless_the_message_was_taken(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, later(one), Result(one, Is.FAILED, code=1), lane=OTHER_LANE)
    assert statuses(house, [id]) == [Is.SENDING]
    record(house, sent(one), lane=OTHER_LANE)
    assert statuses(house, [id]) == [Is.SENT]


def test_what_an_ended_lane_was_sending_is_uncertain_and_its_own_late_word_still_holds(house: House) -> None:
    conversations = meet(house, 1, 2, 3)
    ids = [write(house, conversation, "Hello")[0] for conversation in conversations]
    taken, refused, unknown = claim(house)
    assert ledger.disown(house.id, house.channel) == 3
    assert ledger.disown(house.id, house.channel) == 0
    assert statuses(house, ids) == [Is.UNCERTAIN] * 3
    record(house, sent(taken), later(refused), offer.unsure(unknown))
    assert statuses(house, ids) == [Is.SENT, Is.QUEUED, Is.UNCERTAIN]


def test_a_late_word_does_not_undo_what_a_person_decided(house: House) -> None:
    mei, omar = meet(house, 1, 2)
    ids = [write(house, conversation, "Hello")[0] for conversation in (mei, omar)]
    claimed = claim(house)
    ledger.disown(house.id, house.channel)
    with scope(house.id):
        for id in ids:
            offer_again(message(house, id))
    record(house, offer.unsure(claimed[0]), sent(claimed[1]))
    assert statuses(house, ids) == [Is.QUEUED, Is.SENT]


def test_what_was_claimed_without_learning_of_it_goes_back_and_nothing_else_does(house: House) -> None:
    mei, omar, ana = meet(house, 1, 2, 3)
    ids = [write(house, conversation, "Hello")[0] for conversation in (mei, omar, ana)]
    known, _, other = claim(house)
    with scope(house.id):
        Message.objects.filter(id=other.id).update(lane=OTHER_LANE)
    assert ledger.put_back_lost(house.id, house.channel, lane=LANE, known=[known.id]) == 1
    assert statuses(house, ids) == [Is.SENDING, Is.QUEUED, Is.SENDING]
    assert message(house, ids[1]).attempts == 0


def test_a_closed_window_is_closed_here_too(house: House) -> None:
    (mei,) = meet(house, 1)
    write(house, mei, "Hello")
    (one,) = claim(house)
    record(house, Result(one, Is.FAILED, code=131047, window_closed=True))
    with scope(house.id):
        assert not Conversation.objects.get(id=mei).window_is_open(at=now())


def test_a_window_that_the_customer_has_opened_since_stays_open(house: House) -> None:
    (mei,) = meet(house, 1)
    write(house, mei, "Hello")
    (one,) = claim(house)
    with scope(house.id):
        expires = now() + timedelta(hours=24, seconds=1)
        Conversation.objects.filter(id=mei).update(window_expires_at=expires)
    record(house, Result(one, Is.FAILED, code=131047, window_closed=True))
    with scope(house.id):
        assert Conversation.objects.get(id=mei).window_expires_at == expires


def test_a_refused_write_changes_nothing_for_the_others_and_can_be_tried_without_the_id(house: House) -> None:
    mei, omar = meet(house, 1, 2)
    ids = [write(house, conversation, "Hello")[0] for conversation in (mei, omar)]
    first, second = claim(house)
    record(house, sent(first))
    with pytest.raises(Exception, match="inbox_message_once"), scope(house.id):
        record(house, sent(second))
    record(house, replace(sent(second), external_id=None))
    assert statuses(house, ids) == [Is.SENT, Is.SENT]
