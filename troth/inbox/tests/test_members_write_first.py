"""A member writes first, to a contact or to a number that they type: the thread is there, and opens with what is said."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, connect, kopi, rival
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.models import Channel, MessageTemplate
from troth.contacts.models import Contact, Identity, IdentityKind, Source, Suppression
from troth.contacts.recognise import identity_hash
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.sending import meet, phone
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NEW = "+60 11-2345 6789"


@pytest.fixture
def house(settings: Any) -> House:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    return kopi()


def client_of(house: House, who: str = "Bob") -> Client:
    client = Client()
    client.force_login(house.users[who], backend="troth.accounts.backend.Backend")
    return client


def begin(house: House, member: str = "Bob", **values: str) -> Any:
    return client_of(house, member).post(f"/w/{house.handle}/inbox/new/", values)


def conversations(house: House) -> list[Conversation]:
    with scope(house.id):
        return list(Conversation.objects.select_related("contact"))


def listed(house: House, show: str) -> str:
    return client_of(house).get(f"/w/{house.handle}/inbox/?show={show}").content.decode()


def template(house: House) -> UUID:
    body = {"type": "BODY", "text": "Hello there, dear friend."}
    facts: dict[str, Any] = {"name": "hello", "language": "en", "status": "APPROVED", "category": "UTILITY"}
    with scope(house.id):
        made = MessageTemplate.objects.create(account_id=house.account_id, components=[body], **facts)
        return UUID(str(made.pk))


def test_a_typed_number_becomes_a_contact_whose_thread_opens_with_a_template(house: House) -> None:
    answer = begin(house, who=NEW, name="Siti")
    [thread] = conversations(house)
    assert answer.url == f"/w/{house.handle}/inbox/{thread.id}/templates/"
    assert (thread.contact.name, thread.contact.source) == ("Siti", Source.MEMBER)
    assert "Siti" not in listed(house, "all")
    assert "Siti" in listed(house, "closed")
    sent: Any = client_of(house).post(f"{answer.url}{template(house)}/", {"client_id": str(new_id())})
    assert sent.url == f"/w/{house.handle}/inbox/{thread.id}/"
    with scope(house.id):
        [message] = Message.objects.all()
        assert (message.conversation_id, message.kind, message.category) == (thread.id, "template", "UTILITY")
    assert "Siti" in listed(house, "all")
    assert "Siti" not in listed(house, "closed")


def test_whoever_is_known_already_is_found_by_any_way_to_write_the_number(house: House) -> None:
    [mei] = meet(house, 1)
    answer = begin(house, who=phone(1).replace("+", "00"), name="Somebody else")
    [thread] = conversations(house)
    assert (thread.id, thread.contact.name) == (mei, None)
    assert answer.url == f"/w/{house.handle}/inbox/{mei}/"  # they wrote lately, so no template is needed


def test_a_contact_is_found_by_name_and_written_to_from_another_number(house: House) -> None:
    [mei] = meet(house, 1)
    thread = f"/w/{house.handle}/inbox/{mei}/"
    assert "Write from another number" not in client_of(house).get(thread).content.decode()
    with scope(house.id):
        other = connect(number_id="100000000000077", account_id=house.account_id, secret="another secret")
        Channel.objects.filter(id=other.id).update(name="Second number")
    assert "Write from another number" in client_of(house).get(thread).content.decode()
    found = begin(house, who="person", channel=str(other.id))
    contact = conversations(house)[0].contact_id
    assert f'name="contact" value="{contact}"' in found.content.decode()
    begin(house, contact=str(contact), channel=str(other.id))
    threads = {one.channel_id: one for one in conversations(house)}
    assert set(threads) == {house.channel, other.id}
    assert threads[other.id].contact_id == contact
    shown = client_of(house).get(f"/w/{house.handle}/inbox/new/?with={contact}").content.decode()
    assert f'name="contact" value="{contact}"' in shown
    begin(house, contact=str(contact), channel=str(other.id))
    assert len(conversations(house)) == 2
    assert threads[house.channel].id == mei


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("", "Enter a name or a phone number."),
        ("0123456789", "Start with + and the country code"),
        ("+60 3-1234 5678", "This is the number that you write from."),
        ("Nobody Known", "Nobody found"),
    ],
)
def test_nothing_begins_where_nobody_is_meant(house: House, who: str, words: str) -> None:
    answer = begin(house, who=who)
    assert words in answer.content.decode()
    assert conversations(house) == []
    with scope(house.id):
        assert not Contact.objects.exists()


def test_whoever_asked_to_be_forgotten_is_not_brought_back_by_their_number(house: House) -> None:
    with scope(house.id):
        digest = identity_hash(ring(), IdentityKind.PHONE, "+601123456789")
        Suppression.objects.create(kind="phone", value_hash=digest, erased_at=now(), erasure_id=new_id())
    answer = begin(house, who=NEW)
    assert (answer.status_code, "asked to be forgotten" in answer.content.decode()) == (422, True)
    assert conversations(house) == []


def test_whose_data_are_only_kept_is_not_written_to(house: House) -> None:
    meet(house, 1)
    with scope(house.id):
        Contact.objects.update(disputed_at=now())
    answer = begin(house, "Alice", who=phone(1))
    assert (answer.status_code, "only kept for now" in answer.content.decode()) == (422, True)


def test_whoever_has_no_address_any_more_cannot_be_written_to(house: House) -> None:
    meet(house, 1)
    with scope(house.id):
        Identity.objects.update(valid_to=now())
        contact = Contact.objects.get().id
    answer = begin(house, contact=str(contact))
    assert (answer.status_code, "cannot be written to" in answer.content.decode()) == (422, True)


def test_only_agents_write_first_and_only_from_numbers_that_they_see(house: House) -> None:
    assert begin(house, "Vera", who=NEW).status_code == 403
    with scope(house.id):
        Channel.objects.update(open_to_all=False)
    answer = begin(house, who=NEW, channel=str(house.channel))
    assert "No number is connected" in answer.content.decode()
    assert conversations(house) == []


def test_a_contact_of_another_workspace_is_not_there(house: House) -> None:
    other = rival()
    meet(other, 1)
    with scope(other.id):
        theirs = Contact.objects.get().id
    assert client_of(house).get(f"/w/{house.handle}/inbox/new/?with={theirs}").status_code == 404
    assert begin(house, contact=str(theirs)).status_code == 404
    assert conversations(house) == []


def test_whoever_writes_on_a_number_that_a_member_does_not_see_is_not_theirs_to_write_to(house: House) -> None:
    meet(house, 1)
    with scope(house.id):
        connect(number_id="100000000000077", account_id=house.account_id, secret="another secret")
        Channel.objects.filter(id=house.channel).update(open_to_all=False)
        contact = Contact.objects.get().id
    assert begin(house, contact=str(contact)).status_code == 404
    assert "Whom do you mean" not in begin(house, who="person").content.decode()
    typed = begin(house, who=phone(1))
    assert (typed.status_code, "not here for you" in typed.content.decode()) == (422, True)
    assert len(conversations(house)) == 1


def test_the_door_stands_in_the_list_for_agents_only(house: House) -> None:
    assert f"/w/{house.handle}/inbox/new/" in listed(house, "all")
    vera = client_of(house, "Vera").get(f"/w/{house.handle}/inbox/").content.decode()
    assert f"/w/{house.handle}/inbox/new/" not in vera
