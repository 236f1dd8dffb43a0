"""Instants that cannot be: what says it comes from the future came when it came, what says nothing did too."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import House, kopi
from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.arriving import NOON, said, told, value
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X38")]
DAY = timedelta(hours=24)


@pytest.fixture
def house() -> House:
    return kopi()


def written(house: House, timestamp: object) -> tuple[Message, Conversation]:
    """Deliver a message with this timestamp and return it with its conversation."""
    body = said(house, "Hello", id="wamid.1", name="Mei")
    body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"] = timestamp
    assert told(house, body) == [[("MessageReceived", "applied", "")]]
    with scope(house.id):
        return Message.objects.get(), Conversation.objects.get()


def ahead(**by: float) -> str:
    return str(int((now() + timedelta(**by)).timestamp()))


@pytest.mark.parametrize(
    "timestamp",
    ["4000000000", "4102444799", "9999999999", ahead(days=400), ahead(hours=2)],
    ids=["2096", "2099", "2286", "in over a year", "in two hours"],
)
def test_no_message_opens_a_window_in_the_future(house: House, timestamp: str) -> None:
    message, conversation = written(house, timestamp)
    assert message.at <= now()
    assert conversation.window_expires_at is not None
    assert conversation.window_expires_at <= now() + DAY


@pytest.mark.parametrize(
    "timestamp", ["", "0", "-1", "abc", None, [], {}, True, "1e9", "99999999999999999999999999", -5, 1.5e300, "\u0661"]
)
def test_what_is_no_instant_counts_as_now(house: House, timestamp: object) -> None:
    message, conversation = written(house, timestamp)
    assert now() - timedelta(minutes=1) < message.at <= now()
    assert conversation.window_is_open(at=now())


@pytest.mark.parametrize("timestamp", ["1", "86400", "1700000000", 1_700_000_000])
def test_an_instant_long_ago_is_believed(house: House, timestamp: object) -> None:
    message, conversation = written(house, timestamp)
    assert message.at == datetime.fromtimestamp(int(str(timestamp)), UTC)
    assert not conversation.window_is_open(at=now())


def test_a_clock_that_is_a_little_ahead_is_believed(house: House) -> None:
    timestamp = ahead(seconds=30)
    message, _ = written(house, timestamp)
    assert message.at == datetime.fromtimestamp(int(timestamp), UTC)


def test_a_name_from_the_future_is_replaced_like_any_other(house: House) -> None:
    told(house, said(house, "x", id="wamid.1", at=4_000_000_000, name="Ghost"))
    told(house, said(house, "x", id="wamid.2", at=int(now().timestamp()) + 30, name="Mei"))
    with scope(house.id):
        assert Contact.objects.get().profile_name == "Mei"


def test_a_call_from_the_future_opens_no_window_there(house: House) -> None:
    call = {"id": "wacid.1", "from": "60123456789", "to": "60312345678", "event": "connect", "timestamp": "4000000000"}
    told(house, value(house, "calls", calls=[{**call, "direction": "USER_INITIATED"}]))
    with scope(house.id):
        found = Conversation.objects.get()
        assert found.window_expires_at is not None
        assert found.window_expires_at <= now() + DAY


def test_a_history_from_the_future_stands_where_it_came(house: House) -> None:
    old = {"from": "60123456789", "id": "wamid.1", "timestamp": "4000000000", "type": "text", "text": {"body": "x"}}
    thread = {"id": "60123456789", "messages": [old]}
    told(house, value(house, "history", history=[{"metadata": {"phase": 0}, "threads": [thread]}]))
    with scope(house.id):
        assert Message.objects.get().at <= now()
        assert Conversation.objects.get().window_expires_at is None


def test_a_late_message_never_shortens_a_window(house: House) -> None:
    told(house, said(house, "new", id="wamid.2", at=NOON + 500), said(house, "old", id="wamid.1", at=NOON))
    with scope(house.id):
        found = Conversation.objects.get()
        assert found.window_expires_at == datetime.fromtimestamp(NOON + 500, UTC) + DAY
        assert found.opened_at == datetime.fromtimestamp(NOON, UTC)
