"""What waits for somebody who was blocked, or whom another responder answers, does not leave until that ends, says so,
and can be taken back; of a block that WhatsApp did in part, only that part holds."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels.registry import Blocked
from troth.contacts.merging import merge
from troth.inbox import blocking
from troth.inbox.models import Activity, Block, Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.send import ledger
from troth.inbox.tests.sending import LANE, keep_connection, meet, phone, statuses, write
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    keep_connection(monkeypatch)
    return kopi()


@pytest.fixture
def bob(house: House, settings: Any) -> Client:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client(headers={"HX-Request": "true", "HX-Target": "pane"})
    client.force_login(house.users["Bob"])
    return client


def block(house: House, conversation: UUID) -> None:
    with scope(house.id):
        one = Conversation.objects.get(id=conversation)
        Block.objects.create(channel_id=one.channel_id, contact_id=one.contact_id)


def claimed(house: House) -> list[UUID]:
    return [one.id for one in ledger.claim(house.id, house.channel, lane=LANE, most=100)]


def test_what_waits_for_somebody_blocked_stays_and_others_get_theirs(house: House) -> None:
    mei, joao = meet(house, 1, 2)
    [waits, after] = write(house, mei, "This waits", "And this after it")
    [goes] = write(house, joao, "This goes")
    block(house, mei)
    assert claimed(house) == [goes]
    assert statuses(house, [waits, after]) == [Is.QUEUED, Is.QUEUED]
    with scope(house.id):
        Block.objects.all().delete()
    assert claimed(house) == [waits]


def test_another_numbers_block_holds_nothing_back(house: House) -> None:
    [mei] = meet(house, 1)
    ids = write(house, mei, "This goes")
    block(house, mei)
    with scope(house.id):
        found = Conversation.objects.get(id=mei)
        other = found.channel
        other.pk, other.number_id = None, "999"
        other.save(force_insert=True)
        Block.objects.update(channel=other)
    assert claimed(house) == ids


def test_nothing_leaves_while_another_responder_answers(house: House, bob: Client) -> None:
    mei, joao = meet(house, 1, 2)
    [waits] = write(house, mei, "This waits")
    [goes] = write(house, joao, "This goes")
    with scope(house.id):
        theirs = Conversation.objects.filter(id=mei)
        theirs.update(observed_at=now() - timedelta(hours=1), window_expires_at=now() + timedelta(hours=20))
    assert claimed(house) == [goes]
    page = bob.get(f"/w/{house.handle}/inbox/{mei}/").content.decode()
    assert "Another responder answers this person now" in page
    taken_back = page.partition('data-undo="')[2].partition('"')[0]
    with scope(house.id):
        # Since then they wrote to us: their window begins after what the other responder got.
        theirs.update(window_expires_at=now() + timedelta(hours=23, minutes=30))
    assert bob.post(taken_back).status_code == 409  # it is about to leave
    assert claimed(house) == [waits]


def test_what_waits_for_another_responder_can_be_taken_back(house: House, bob: Client) -> None:
    [mei] = meet(house, 1)
    [waits] = write(house, mei, "This waits")
    with scope(house.id):
        Conversation.objects.filter(id=mei).update(observed_at=now(), window_expires_at=None)
    page = bob.get(f"/w/{house.handle}/inbox/{mei}/").content.decode()
    assert bob.post(page.partition('data-undo="')[2].partition('"')[0]).status_code == 200
    with scope(house.id):
        assert not Message.objects.filter(id=waits).exists()


def test_after_a_day_of_silence_nobody_owns_a_conversation(house: House) -> None:
    [mei] = meet(house, 1)
    ids = write(house, mei, "This waits")
    with scope(house.id):
        Conversation.objects.filter(id=mei).update(observed_at=now() - timedelta(hours=25), window_expires_at=None)
    assert claimed(house) == ids


def test_the_thread_says_why_it_waits_and_takes_it_back(house: House, bob: Client) -> None:
    [mei] = meet(house, 1)
    [waits] = write(house, mei, "This waits")
    address = f"/w/{house.handle}/inbox/{mei}/"
    undo = f"{address}messages/{waits}/undo/"
    assert "withdraw" not in bob.get(address).content.decode()
    block(house, mei)
    page = bob.get(address).content.decode()
    assert "leaves once somebody unblocks them" in page
    found = page.partition('data-undo="')[2].partition('"')[0]
    assert found
    assert bob.post(found).status_code == 200, undo
    with scope(house.id):
        assert not Message.objects.filter(id=waits).exists()


def test_nothing_else_than_held_messages_can_be_taken_back(house: House, bob: Client) -> None:
    [mei] = meet(house, 1)
    [waits] = write(house, mei, "This goes at once")
    block(house, mei)
    found = bob.get(f"/w/{house.handle}/inbox/{mei}/").content.decode().partition('data-undo="')[2].partition('"')[0]
    with scope(house.id):
        Block.objects.all().delete()
    assert bob.post(found).status_code == 409
    assert statuses(house, [waits]) == [Is.QUEUED]


def test_of_a_block_done_in_part_only_that_part_holds(house: House) -> None:
    mei, joao = meet(house, 1, 2)
    with scope(house.id):
        by = Membership.objects.order_by("id")[0]
        first, second = (Conversation.objects.get(id=id) for id in (mei, joao))
        merge(first.contact_id, second.contact_id, by=by, reason="member")
        asked = blocking.wish(Conversation.objects.get(id=mei), block=True)
        assert set(asked.people) == {phone(1), phone(2)}
        answer = Blocked(done=(phone(2), "+60999999999"), refused=(phone(1),), code="partly")
        assert blocking.keep(asked, answer, block=True, by=by) == 1
        assert set(Block.objects.values_list("contact_id", flat=True)) == {second.contact_id}
        assert not Activity.objects.filter(kind="blocked", conversation=joao).exists()  # it is folded: its head tells
        ended = Blocked(done=(), refused=(phone(2),), code="partly")
        unasked = blocking.wish(Conversation.objects.get(id=mei), block=False)
        assert set(unasked.people) == {phone(2)}  # only who is blocked is asked for
        assert blocking.keep(unasked, ended, block=False, by=by) == 0
        assert Block.objects.count() == 1
