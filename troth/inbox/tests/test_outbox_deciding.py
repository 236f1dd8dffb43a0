"""A person decides what the lane may not: to send again, or that it arrived."""

from uuid import UUID

import pytest

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.contract import NOT_ARRIVED
from troth.inbox.models import Conversation
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import offer_again, settle
from troth.inbox.send import ledger, offer
from troth.inbox.send.offer import Claimed, Result
from troth.inbox.tests.sending import LANE, keep_connection, meet, message, phone, write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    keep_connection(monkeypatch)
    return kopi()


def claimed(house: House) -> Claimed:
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=1)
    return one


def record(house: House, result: Result) -> None:
    ledger.record(house.id, house.channel, [result], lane=LANE)


def uncertain(house: House) -> UUID:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    record(house, offer.unsure(claimed(house)))
    return id


def news(house: House, word: str, our_id: UUID, *, id: str) -> None:
    told = bodies.status(word, id=id, at=int(now().timestamp()), phone=phone(1), biz_opaque_callback_data=str(our_id))
    deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[told]), account=house.account_id))


def test_an_uncertain_message_is_sent_again_only_because_a_person_says_so(house: House) -> None:
    id = uncertain(house)
    assert ledger.claim(house.id, house.channel, lane=LANE, most=9) == []
    with scope(house.id):
        offer_again(message(house, id))
    assert message(house, id).status == Is.QUEUED
    assert claimed(house).attempts == 1


def test_news_of_the_first_try_cancels_a_second_that_has_not_left_yet(house: House) -> None:
    id = uncertain(house)
    with scope(house.id):
        offer_again(message(house, id))
    news(house, "delivered", id, id="wamid.first")
    assert message(house, id).status == Is.DELIVERED
    assert ledger.claim(house.id, house.channel, lane=LANE, most=9) == []


def test_what_failed_after_it_was_taken_is_sent_again_under_a_new_id(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    record(house, Result(claimed(house), Is.SENT, external_id="wamid.first"))
    news(house, "failed", id, id="wamid.first")
    with scope(house.id):
        offer_again(message(house, id))
    row = message(house, id)
    assert (row.status, row.error_code, row.failed_at, row.external_id) == (Is.QUEUED, None, None, None)
    record(house, Result(claimed(house), Is.SENT, external_id="wamid.second"))
    news(house, "delivered", id, id="wamid.second")
    row = message(house, id)
    assert (row.status, row.external_id) == (Is.DELIVERED, "wamid.second")


def test_what_arrived_is_not_sent_again(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    record(house, Result(claimed(house), Is.SENT, external_id="wamid.first"))
    before = message(house, id)
    news(house, "delivered", id, id="wamid.first")
    with scope(house.id):
        offer_again(before)
    assert message(house, id).status == Is.DELIVERED


def test_a_person_says_that_it_arrived(house: House) -> None:
    id = uncertain(house)
    with scope(house.id):
        settle(message(house, id), arrived=True)
        row = message(house, id)
        assert Conversation.objects.get(id=row.conversation_id).preview_status == Is.SENT
    assert (row.status, row.sent_at) == (Is.SENT, row.sending_at)


def test_a_person_says_that_it_did_not_arrive(house: House) -> None:
    id = uncertain(house)
    with scope(house.id):
        settle(message(house, id), arrived=False)
    row = message(house, id)
    assert (row.status, row.error_code) == (Is.FAILED, NOT_ARRIVED)
    assert row.failed_at is not None


def test_only_what_is_uncertain_can_be_settled(house: House) -> None:
    (mei,) = meet(house, 1)
    (id,) = write(house, mei, "Hello")
    with scope(house.id):
        settle(message(house, id), arrived=True)
        settle(message(house, id), arrived=False)
    assert message(house, id).status == Is.QUEUED
