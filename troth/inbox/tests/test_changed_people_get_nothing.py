"""Where a number asks for it, nothing leaves for somebody whose security code changed before a member made sure of them:
neither what was queued before, nor what failed and is sent again."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels.models import Channel
from troth.contacts import security_codes
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import CannotSend, offer_again
from troth.inbox.send import ledger
from troth.inbox.tests.sending import LANE, keep_connection, meet, statuses, write
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    keep_connection(monkeypatch)
    made = kopi()
    with scope(made.id):
        Channel.objects.update(confirms_identity=True)
    return made


@pytest.fixture
def bob(house: House, settings: Any) -> Client:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    client = Client(headers={"HX-Request": "true", "HX-Target": "pane"})
    client.force_login(house.users["Bob"])
    return client


def change_code(house: House, conversation: UUID) -> None:
    with scope(house.id):
        contact = Conversation.objects.get(id=conversation).contact
        security_codes.learn([security_codes.Code(contact.id, now(), "first")])
        security_codes.learn([security_codes.Code(contact.id, now() + timedelta(seconds=1), "second")])


def confirm(house: House, conversation: UUID) -> None:
    with scope(house.id):
        contact = Conversation.objects.get(id=conversation).contact_id
        assert security_codes.confirm(contact, by=Membership.objects.order_by("id")[0])


def claimed(house: House) -> list[UUID]:
    return [one.id for one in ledger.claim(house.id, house.channel, lane=LANE, most=100)]


def fail(house: House, message: UUID, *, kind: str = "text") -> Message:
    with scope(house.id):
        Message.objects.filter(id=message).update(status=Is.FAILED, failed_at=now(), error_code=131000, kind=kind)
        return Message.objects.get(id=message)


def refusal(house: House, message: Message) -> str:
    with scope(house.id), pytest.raises(CannotSend) as caught:
        offer_again(message)
    return caught.value.user_text


def test_what_was_queued_before_waits_until_somebody_made_sure(house: House) -> None:
    mei, joao = meet(house, 1, 2)
    [waits] = write(house, mei, "Your balance is 20")
    [goes] = write(house, joao, "This goes")
    change_code(house, mei)
    assert claimed(house) == [goes]
    assert statuses(house, [waits]) == [Is.QUEUED]
    confirm(house, mei)
    assert claimed(house) == [waits]


def test_a_number_that_does_not_ask_for_it_sends_on(house: House) -> None:
    [mei] = meet(house, 1)
    ids = write(house, mei, "This goes")
    change_code(house, mei)
    with scope(house.id):
        Channel.objects.update(confirms_identity=False)
    assert claimed(house) == ids


def test_a_farewell_tells_nothing_and_leaves(house: House) -> None:
    [mei] = meet(house, 1)
    ids = write(house, mei, "Everything was deleted")
    change_code(house, mei)
    with scope(house.id):
        Message.objects.filter(id__in=ids).update(farewell=True)
    assert claimed(house) == ids


def test_the_thread_says_why_it_waits_and_takes_it_back(house: House, bob: Client) -> None:
    [mei] = meet(house, 1)
    [waits] = write(house, mei, "Your balance is 20")
    change_code(house, mei)
    page = bob.get(f"/w/{house.handle}/inbox/{mei}/").content.decode()
    assert "leaves once somebody makes sure" in page
    assert bob.post(page.partition('data-undo="')[2].partition('"')[0]).status_code == 200
    with scope(house.id):
        assert not Message.objects.filter(id=waits).exists()


@pytest.mark.parametrize("kind", ["text", "template"])
def test_what_failed_is_not_sent_again_unconfirmed(house: House, bob: Client, kind: str) -> None:
    [mei] = meet(house, 1)
    [failed] = write(house, mei, "Your balance is 20")
    change_code(house, mei)
    message = fail(house, failed, kind=kind)
    assert "Make sure that it is still them" in refusal(house, message)
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/messages/{failed}/offer/")
    assert (answer.status_code, "still them" in answer.content.decode()) == (422, True)
    assert statuses(house, [failed]) == [Is.FAILED]
    confirm(house, mei)
    with scope(house.id):
        offer_again(message)
    assert statuses(house, [failed]) == [Is.QUEUED]


def test_free_text_is_not_sent_again_after_the_window_a_template_is(house: House) -> None:
    [mei] = meet(house, 1)
    said, named = write(house, mei, "Hello", "order_ready")
    with scope(house.id):
        Conversation.objects.update(window_expires_at=now() - timedelta(minutes=1))
    text, template = fail(house, said), fail(house, named, kind="template")
    assert "over 24 hours ago" in refusal(house, text)
    with scope(house.id):
        offer_again(template)
    assert statuses(house, [said, named]) == [Is.FAILED, Is.QUEUED]


def test_nothing_is_sent_again_to_somebody_whose_data_are_only_kept(house: House) -> None:
    [mei] = meet(house, 1)
    [failed] = write(house, mei, "Hello")
    fail(house, failed)
    with scope(house.id):
        Contact.objects.update(disputed_at=now())
        message = Message.objects.get(id=failed)
    assert "only kept" in refusal(house, message)
