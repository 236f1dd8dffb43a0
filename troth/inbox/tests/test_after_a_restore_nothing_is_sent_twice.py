"""What a restored database shows as waiting to be sent may have left since: a fact or a person decides, not the lane."""

import pytest
from django.db import connection

from tests.cast import House, kopi, rival
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import settle
from troth.inbox.send import ledger
from troth.inbox.send.restored import doubt_all
from troth.inbox.tests.sending import LANE, keep_connection, meet, message, write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _connection(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_connection(monkeypatch)


@pytest.fixture
def house() -> House:
    return kopi()


def test_what_waited_and_what_was_on_its_way_is_uncertain_in_every_workspace(house: House) -> None:
    other = rival()
    (mei, omar), (zoe,) = meet(house, 1, 2), meet(other, 3)
    write(house, mei, "on its way", "waits behind it")
    ledger.claim(house.id, house.channel, lane=LANE, most=1)
    write(house, omar, "waits")
    write(other, zoe, "waits elsewhere")
    assert doubt_all() == 4
    for one in (house, other):
        with scope(one.id):
            assert set(Message.objects.filter(direction="out").values_list("status", flat=True)) == {Is.UNCERTAIN}
            assert set(Conversation.objects.values_list("preview_status", flat=True)) == {Is.UNCERTAIN}
    assert ledger.waiting() == []
    assert doubt_all() == 0


def test_what_came_of_a_message_before_is_left_alone(house: House) -> None:
    (mei,) = meet(house, 1)
    (sent,) = write(house, mei, "sent long ago")
    with scope(house.id):
        Message.objects.filter(id=sent).update(status=Is.READ)
    assert doubt_all() == 0
    assert message(house, sent).status == Is.READ


def test_somebody_who_knows_that_it_arrived_can_say_so(house: House) -> None:
    (mei,) = meet(house, 1)
    (waiting,) = write(house, mei, "waits")
    doubt_all()
    with scope(house.id):
        settle(Message.objects.get(id=waiting), arrived=True)
    found = message(house, waiting)
    assert found.status == Is.SENT
    assert found.sent_at == found.at


def test_the_database_keeps_the_walls_while_it_is_settled(house: House) -> None:
    (mei,) = meet(house, 1)
    write(house, mei, "waits")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inbox_message")
        assert cursor.fetchone() == (0,), "the role sees nothing outside of a scope"
    assert doubt_all() == 1
