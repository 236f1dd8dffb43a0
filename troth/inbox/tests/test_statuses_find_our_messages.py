"""What becomes of a message of ours is told by Meta's id, by ours, before and after the answer to our request."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import deliver
from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.models import Conversation, Direction, Message, MessageStatus, PendingChange
from troth.inbox.outbox import offer_again
from troth.inbox.send import ledger
from troth.inbox.send.offer import Claimed, Result
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_700_000_000
WAMID = "wamid.OURS"
CLAIMED: list[Claimed] = []


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr(ledger, "close_old_connections", lambda: None)  # the test's transaction needs this one
    made = kopi()
    hello = bodies.text("Hello", id="wamid.IN", at=NOON)
    deliver(made, bodies.envelope(bodies.value(made.number_id, messages=[hello]), account=made.account_id))
    return made


def ours(house: House, *, status: MessageStatus = MessageStatus.SENDING) -> UUID:
    """Make a message that was offered to Meta a moment ago, whose answer is not written yet."""
    with scope(house.id):
        conversation = Conversation.objects.get()
        made = Message.objects.create(
            conversation=conversation,
            channel_id=house.channel,
            direction=Direction.OUT,
            kind="text",
            content={"kind": "text", "text": "Hi!"},
            status=MessageStatus.QUEUED,
            at=datetime.fromtimestamp(NOON + 1, UTC),
        )
        Conversation.objects.update(last_message_id=made.id, last_message_at=made.at, preview_status=status)
    offered(house)
    with scope(house.id):
        Message.objects.filter(id=made.id).update(status=status)
    id: UUID = made.id
    return id


def offered(house: House) -> None:
    CLAIMED[:] = ledger.claim(house.id, house.channel, lane=1, most=1)
    assert len(CLAIMED) == 1


def told(
    house: House, word: str, *, our_id: UUID | None = None, id: str = WAMID, at: int = NOON + 5, **more: Any
) -> str:
    """Deliver a status and return the rule of its outcome, or the outcome where it has none."""
    data = {"biz_opaque_callback_data": str(our_id)} if our_id else {}
    status = bodies.status(word, id=id, at=at, **data, **more)
    ((line,),) = deliver(
        house, bodies.envelope(bodies.value(house.number_id, statuses=[status]), account=house.account_id)
    )
    return line[2] or line[1]


def answered(house: House) -> None:
    """Write Meta's answer down as the send lane does."""
    result = Result(CLAIMED.pop(), MessageStatus.SENT, external_id=WAMID)
    ledger.record(house.id, house.channel, [result], lane=1)


def state(house: House, message: UUID) -> tuple[int, str | None]:
    with scope(house.id):
        found = Message.objects.get(id=message)
        assert Conversation.objects.get().preview_status == found.status
        return found.status, found.external_id


def send_again(house: House, message: UUID) -> None:
    """Somebody sends it again while the customer's window is open."""
    with scope(house.id):
        Conversation.objects.update(window_expires_at=now() + timedelta(hours=1))
        offer_again(Message.objects.get(id=message))


def test_our_own_id_finds_the_message_before_the_answer_is_known(house: House) -> None:
    message = ours(house)
    assert told(house, "delivered", our_id=message) == "applied"
    assert state(house, message) == (MessageStatus.DELIVERED, WAMID)
    answered(house)
    assert state(house, message) == (MessageStatus.DELIVERED, WAMID)


def test_metas_id_finds_the_message_once_a_status_has_told_it(house: House) -> None:
    message = ours(house)
    told(house, "sent", our_id=message)
    assert told(house, "read") == "applied"
    assert state(house, message) == (MessageStatus.READ, WAMID)


def test_metas_id_finds_the_message_after_the_answer(house: House) -> None:
    message = ours(house)
    answered(house)
    assert told(house, "read") == "applied"
    assert state(house, message) == (MessageStatus.READ, WAMID)


def test_a_status_without_our_id_waits_for_the_answer(house: House) -> None:
    message = ours(house)
    assert told(house, "read") == "waits-for-its-message"
    assert state(house, message) == (MessageStatus.SENDING, None)
    answered(house)
    assert state(house, message) == (MessageStatus.READ, WAMID)
    with scope(house.id):
        assert not PendingChange.objects.exists()


def test_a_status_settles_a_message_of_which_we_were_not_sure(house: House) -> None:
    message = ours(house, status=MessageStatus.UNCERTAIN)
    assert told(house, "sent", our_id=message) == "applied"
    assert state(house, message) == (MessageStatus.SENT, WAMID)


def test_a_message_that_was_offered_twice_hears_of_both(house: House) -> None:
    message = ours(house)
    told(house, "sent", our_id=message, id="wamid.FIRST.TRY")
    assert told(house, "read", our_id=message, id="wamid.SECOND.TRY") == "applied"
    assert state(house, message) == (MessageStatus.READ, "wamid.FIRST.TRY")


def test_the_failure_of_an_earlier_offer_does_not_fail_the_new_one(house: House) -> None:
    message = ours(house)
    told(house, "failed", our_id=message, id="wamid.FIRST.TRY", errors=[{"code": 131026, "title": "No"}])
    send_again(house, message)
    assert told(house, "failed", our_id=message, id="wamid.FIRST.TRY", at=NOON + 6) == "another-offer"
    assert state(house, message) == (MessageStatus.QUEUED, None)
    offered(house)
    answered(house)
    assert told(house, "failed", our_id=message, id="wamid.FIRST.TRY", at=NOON + 7) == "another-offer"
    assert state(house, message) == (MessageStatus.SENT, WAMID)
    assert told(house, "failed", our_id=message, at=NOON + 8) == "applied"
    assert state(house, message) == (MessageStatus.FAILED, WAMID)


def test_a_message_that_waits_to_be_sent_again_and_has_arrived_after_all_is_not_sent_again(house: House) -> None:
    message = ours(house, status=MessageStatus.UNCERTAIN)
    send_again(house, message)
    assert told(house, "delivered", our_id=message) == "applied"
    assert state(house, message) == (MessageStatus.DELIVERED, WAMID)
    assert ledger.claim(house.id, house.channel, lane=1, most=1) == []


def test_the_reason_is_that_of_the_failure_not_of_an_earlier_try(house: House) -> None:
    message = ours(house)
    answered(house)
    with scope(house.id):
        Message.objects.filter(id=message).update(error_code=130429)  # left from a try that was put off
    told(house, "failed", our_id=message, errors=[{"code": 131026, "title": "Undeliverable"}])
    with scope(house.id):
        assert Message.objects.get(id=message).error_code == 131026


def test_a_word_that_we_do_not_know_is_a_gap_and_changes_nothing(house: House) -> None:
    message = ours(house)
    assert told(house, "teleported", our_id=message) == "unknown-status"
    assert state(house, message) == (MessageStatus.SENDING, None)


@pytest.mark.parametrize("data", ["no id of ours", "", "00000000-0000-0000-0000-000000000000", "é" * 200])
def test_whatever_stands_in_place_of_our_id_does_no_harm(house: House, data: str) -> None:
    message = ours(house)
    assert told(house, "sent", biz_opaque_callback_data=data) == "waits-for-its-message"
    assert state(house, message) == (MessageStatus.SENDING, None)


def test_our_id_means_nothing_on_a_message_of_a_customer(house: House) -> None:
    with scope(house.id):
        theirs = Message.objects.get()
    assert told(house, "read", our_id=theirs.id) == "waits-for-its-message"
    with scope(house.id):
        assert Message.objects.get().status == MessageStatus.RECEIVED


def test_our_id_means_nothing_in_another_workspace(house: House) -> None:
    message = ours(house)
    other = rival()
    assert told(other, "read", our_id=message) == "waits-for-its-message"
    assert state(house, message) == (MessageStatus.SENDING, None)


def test_a_status_of_a_message_that_we_do_not_know_waits(house: House) -> None:
    told(house, "read", our_id=new_id())
    with scope(house.id):
        assert PendingChange.objects.get().detail["kind"] == "read"
