"""The service window opens by what a customer does and nothing else, and WhatsApp's word that it is closed counts."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests import bodies
from tests.cast import House, kopi
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.tests.arriving import NOON, echoed, said, told, value
from troth.inbox.tests.sending import meet, write
from troth.workspaces.scope import scope

DAY = timedelta(hours=24)
CUSTOMER = "60123456789"
SOON_AFTER = datetime.fromtimestamp(NOON + 60, UTC)


@pytest.fixture
def house(db: Any) -> House:
    return kopi()


def window(house: House) -> datetime | None:
    with scope(house.id):
        return Conversation.objects.get().window_expires_at


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(NOON + seconds, UTC)


def call(house: House, **facts: Any) -> bodies.Body:
    made = {"id": "wacid.1", "from": CUSTOMER, "to": "60312345678", "event": "connect", "timestamp": str(NOON + 30)}
    return value(house, "calls", calls=[{**made, "direction": "USER_INITIATED", **facts}])


def test_a_message_opens_it_from_whatsapps_own_instant(house: House) -> None:
    with time_machine.travel(SOON_AFTER + timedelta(hours=5)):
        told(house, said(house, "Hello", id="wamid.1"))
    assert window(house) == at(0) + DAY


def test_a_call_opens_it_too_and_ours_does_not(house: House) -> None:
    with time_machine.travel(SOON_AFTER):
        told(house, said(house, "Hello", id="wamid.1"), call(house))
        assert window(house) == at(30) + DAY
        ours = {"direction": "BUSINESS_INITIATED", "from": "60312345678", "to": CUSTOMER, "timestamp": str(NOON + 50)}
        told(house, call(house, id="wacid.2", **ours))
    assert window(house) == at(30) + DAY


def test_what_another_responder_answers_opens_nothing_here(house: House) -> None:
    """A copy of what a customer wrote to somebody else: it is shown as unread, and is not ours to answer."""
    copy = value(house, "standby", messages=[bodies.text("Hello", id="wamid.1", at=NOON)])
    with time_machine.travel(SOON_AFTER):
        told(house, copy)
    assert window(house) is None
    with scope(house.id):
        assert Conversation.objects.get().unread == 1


def test_neither_our_own_words_nor_a_reaction_open_it(house: House) -> None:
    with time_machine.travel(SOON_AFTER):
        told(house, echoed(house, "From the phone", id="wamid.1"))
        reaction = {"from": CUSTOMER, "id": "wamid.2", "timestamp": str(NOON + 5), "type": "reaction"}
        told(house, value(house, messages=[{**reaction, "reaction": {"message_id": "wamid.1", "emoji": "👍"}}]))
    assert window(house) is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["refused last", "refused first"])
def test_whatsapps_word_that_it_is_closed_counts_in_any_order(house: House, order: tuple[int, ...]) -> None:
    """The customer wrote, we answered 20 hours later, and WhatsApp says that the window had closed by then."""
    with time_machine.travel(SOON_AFTER):
        (mei,) = meet(house, 1)
    with time_machine.travel(SOON_AFTER + timedelta(hours=20)):
        (ours,) = write(house, mei, "An answer")
        with scope(house.id):
            Message.objects.filter(id=ours).update(status=MessageStatus.SENDING)
    late = {"code": 131047, "title": "Re-engagement message"}
    status = bodies.status("failed", id="wamid.out", at=NOON + 72_060, phone="60123000001", errors=[late])
    failed = value(house, statuses=[{**status, "biz_opaque_callback_data": str(ours)}])
    wrote = said(house, "I wrote before", id="wamid.late", at=NOON + 36_000, phone="60123000001")
    with time_machine.travel(SOON_AFTER + timedelta(hours=20, minutes=1)):
        told(house, *[(failed, wrote)[which] for which in order])
        with scope(house.id):
            assert Message.objects.get(id=ours).error_code == 131047
            assert not Conversation.objects.get().window_is_open(at=SOON_AFTER + timedelta(hours=20, minutes=1))
        told(house, said(house, "Still here", id="wamid.new", at=NOON + 72_070, phone="60123000001"))
    assert window(house) == at(72_070) + DAY
