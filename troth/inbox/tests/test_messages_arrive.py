"""What customers write stands in their thread: once, in order, whatever comes first."""

import pytest

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Conversation, Message, MessageStatus, PendingChange, Reaction
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_780_000_000


@pytest.fixture
def house() -> House:
    return kopi()


def said(house: House, text: str, *, id: str = "wamid.A", at: int = NOON, **more: object) -> bodies.Body:
    person = [bodies.contact(name="Mei Ling")]
    message = bodies.text(text, id=id, at=at, **more)  # type: ignore[arg-type]
    return bodies.envelope(bodies.value(house.number_id, contacts=person, messages=[message]), account=house.account_id)


def test_a_first_message_makes_a_contact_a_conversation_and_a_bubble(house: House) -> None:
    assert deliver(house, said(house, "Is the café open?")) == [[("MessageReceived", "applied", "")]]
    with scope(house.id):
        message = Message.objects.get()
        conversation = Conversation.objects.get()
        assert message.text() == "Is the café open?"
        assert conversation.preview == "Is the café open?"
        assert conversation.unread == 1
        assert conversation.window_expires_at is not None
        assert conversation.window_expires_at.timestamp() == NOON + 24 * 3600
        assert Contact.objects.get().profile_name == "Mei Ling"
        assert [i.value for i in Identity.objects.all()] == ["+60123456789"]


@pytest.mark.clause("A0.2")
def test_the_same_message_in_another_delivery_changes_nothing(house: House) -> None:
    deliver(house, said(house, "Hello"))
    again = bodies.encode(said(house, "Hello")) + b" "
    assert deliver(house, again) == [[("MessageReceived", "ignored", "repeated")]]
    with scope(house.id):
        assert Message.objects.count() == 1
        assert Conversation.objects.get().unread == 1


@pytest.mark.clause("A0.2")
def test_the_very_same_delivery_is_stored_once(house: House) -> None:
    body = said(house, "Hello")
    deliver(house, body, body)
    with scope(house.id):
        assert Message.objects.count() == 1


def test_a_status_that_comes_before_its_message_waits_for_it(house: House) -> None:
    status = bodies.status("read", id="wamid.OUT", at=NOON + 5)
    early = bodies.envelope(bodies.value(house.number_id, statuses=[status]), account=house.account_id)
    assert deliver(house, early) == [[("StatusChanged", "applied", "waits-for-its-message")]]
    echo = {
        "from": "60312345678",
        "to": "60123456789",
        "id": "wamid.OUT",
        "timestamp": str(NOON),
        "type": "text",
        "text": {"body": "We are!"},
    }
    value = bodies.value(house.number_id, message_echoes=[echo])
    deliver(house, bodies.envelope(value, account=house.account_id, field="smb_message_echoes"))
    with scope(house.id):
        assert Message.objects.get().status == MessageStatus.READ
        assert not PendingChange.objects.exists()


def test_a_reaction_hangs_on_its_message_and_the_newest_counts(house: House) -> None:
    def reacted(emoji: str | None, *, id: str, at: int) -> bodies.Body:
        reaction = {"message_id": "wamid.OUT", **({"emoji": emoji} if emoji else {})}
        message = {"from": "60123456789", "id": id, "timestamp": str(at), "type": "reaction", "reaction": reaction}
        value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei Ling")], messages=[message])
        return bodies.envelope(value, account=house.account_id)

    deliver(house, reacted(None, id="wamid.R2", at=NOON + 9), reacted("❤", id="wamid.R1", at=NOON + 1))
    with scope(house.id):
        assert [r.emoji for r in Reaction.objects.all()] == [None]
        assert not Conversation.objects.exists()


def test_a_number_that_nobody_connected_is_acknowledged_and_counted(house: House) -> None:
    stranger = bodies.envelope(bodies.value("999", messages=[bodies.text("Hi", id="wamid.X", at=NOON)]), account="998")
    assert deliver(house, stranger) == [[("MessageReceived", "ignored", "unknown-number")]]
