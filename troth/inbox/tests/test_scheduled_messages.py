"""What is to be said later waits outside the outbox, is checked again at its time, and tells its author when it cannot be said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from tests.cast import House, kopi
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.inbox.models import Conversation, Message, ScheduledMessage, ScheduledState
from troth.inbox.saying import scheduling
from troth.inbox.send import ledger
from troth.inbox.tests.sending import LANE, keep_connection, meet, write
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, settings: Any) -> House:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"
    keep_connection(monkeypatch)
    return kopi()


@pytest.fixture
def bob(house: House) -> Client:
    client = Client()
    client.force_login(house.users["Bob"])
    return client


def later(
    house: House, bob: Client, conversation: UUID, *, hours: float = 2, zone: str = "Asia/Kuching"
) -> ScheduledMessage:
    """Schedule a text in so many hours."""
    at = (now() + timedelta(hours=hours, minutes=1)).astimezone(scheduling._zone(zone))
    form = {"text": "We open soon", "at": f"{at:%Y-%m-%dT%H:%M}", "zone": zone}
    answer = bob.post(f"/w/{house.handle}/inbox/{conversation}/scheduled/", form)
    assert answer.status_code == 201, answer.content
    with scope(house.id):
        return ScheduledMessage.objects.get()


def due(house: House, *, hours: float = 3) -> None:
    """Let it be some hours later, and the minute's job run."""
    with time_machine.travel(now() + timedelta(hours=hours)):
        scheduling._send_due_of(house.id)


def test_it_is_said_at_its_time_and_holds_up_nothing_before(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei)
    (other,) = write(house, mei, "Said meanwhile")
    assert [one.id for one in ledger.claim(house.id, house.channel, lane=LANE, most=9)] == [other]
    scheduling._send_due_of(house.id)
    with scope(house.id):
        assert Message.objects.filter(direction="out").count() == 1
    due(house)
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        assert Message.objects.latest("id").text() == "We open soon"


def test_it_is_not_said_when_the_window_has_closed_by_then_and_its_author_is_told(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei, hours=30)
    due(house, hours=31)
    with scope(house.id):
        one = ScheduledMessage.objects.get()
        assert (one.state, one.reason) == (ScheduledState.NOT_SENT, "window")
        assert not Message.objects.filter(direction="out").exists()
    mail = bytes(QueuedMail.objects.latest("id").message).decode()
    assert "A scheduled message was not sent" in mail
    assert "We open soon" not in mail
    page = bob.get(f"/w/{house.handle}/inbox/{mei}/", headers={"HX-Target": "pane"}).content.decode()
    assert "message-missed" in page


@pytest.mark.parametrize("role", ["viewer", None])
def test_it_is_not_said_for_somebody_who_may_not_write_any_more(role: str | None, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei)
    with scope(house.id):
        theirs = Membership.objects.filter(id=house.members["Bob"])
        if role:
            theirs.update(role=role)
        else:
            theirs.update(removed_at=now(), removed_by=house.members["Alice"])
    due(house)
    with scope(house.id):
        assert ScheduledMessage.objects.get().reason == "left"


def test_the_time_is_of_the_clock_of_the_zone_that_was_chosen(house: House) -> None:
    (mei,) = meet(house, 1)
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        bob = Client()
        bob.force_login(house.users["Bob"])
        form = {"text": "Hi", "at": "2026-03-02T09:00", "zone": "America/New_York"}
        bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form)
    with scope(house.id):
        assert ScheduledMessage.objects.get().send_at == datetime(2026, 3, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        ("2020-01-01T10:00", "Asia/Kuching", "has passed"),
        ("2999-01-01T10:00", "Asia/Kuching", "90 days"),
        ("tomorrow", "Asia/Kuching", "Choose a day"),
        ("2026-12-01T10:00+08:00", "Asia/Kuching", "Choose a day"),
        ("2026-12-01T10:00", "../../etc/passwd", "Choose a day"),
    ],
)
def test_a_time_that_is_none_is_refused_with_words(at: str, zone: str, words: str, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", {"text": "Hi", "at": at, "zone": zone})
    assert (answer.status_code, words in answer.json()["error"]) == (422, True)


def test_it_is_taken_back_or_said_at_once(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    one = later(house, bob, mei)
    place = f"/w/{house.handle}/inbox/{mei}/scheduled/"
    assert bob.post(f"{place}{one.id}/").json()["text"] == "We open soon"
    one = later(house, bob, mei)
    assert bob.post(f"{place}{one.id}/", {"now": "1"}).status_code == 200
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        assert Message.objects.filter(direction="out").count() == 1


def test_a_number_tells_one_zone_several_or_none(house: House) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        conversation = Conversation.objects.get(id=mei)
        assert scheduling.zones_of(conversation).one == "Asia/Kuching"
        phone = conversation.contact.identities.get(kind="phone")
        for number, count in (("+61412345678", 8), ("+447700900123", 0)):
            phone.value = number
            phone.save(update_fields=["value"])
            assert len(scheduling.zones_of(conversation).names) == count
