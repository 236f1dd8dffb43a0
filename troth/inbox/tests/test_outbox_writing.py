"""What an agent writes is a row before it is a packet: once, or refused with words."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.cast import House, kopi
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.models import Channel
from troth.inbox import outbox
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import TEXT_MAX, CannotSend, say
from troth.inbox.tests.sending import meet
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


def said(house: House, conversation: UUID, text: str, *, client_id: UUID | None = None) -> Message:
    with scope(house.id):
        author = Membership.objects.get(id=house.members["Bob"])
        found = Conversation.objects.get(id=conversation)
        return say(found, text, by=author, client_id=client_id or new_id())


def refused(house: House, conversation: UUID, text: str, *, client_id: UUID | None = None) -> str:
    with pytest.raises(CannotSend) as refusal:
        said(house, conversation, text, client_id=client_id)
    return refusal.value.user_text


def test_a_text_waits_in_the_outbox_and_stands_in_the_list(house: House) -> None:
    (mei,) = meet(house, 1)
    message = said(house, mei, "  We are open until nine.  ")
    with scope(house.id):
        row, conversation = Message.objects.get(id=message.id), Conversation.objects.get(id=mei)
    assert (row.status, row.text(), row.attempts) == (Is.QUEUED, "We are open until nine.", 0)
    assert (conversation.preview, conversation.preview_status) == ("We are open until nine.", Is.QUEUED)
    assert (conversation.unread, conversation.last_message_id) == (0, message.id)


def test_the_same_request_again_is_the_same_message(house: House) -> None:
    (mei,) = meet(house, 1)
    client_id = new_id()
    assert said(house, mei, "Hello", client_id=client_id).id == said(house, mei, "Hello", client_id=client_id).id
    with scope(house.id):
        assert Message.objects.filter(direction="out").count() == 1


def test_the_same_request_twice_at_once_is_one_message(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looks before the first has written, and finds out when it writes."""
    (mei,) = meet(house, 1)
    client_id = new_id()
    first = said(house, mei, "Hello", client_id=client_id)
    look, looks = outbox.said_before, iter([False, True])

    def blind_at_first(conversation: Conversation, id: UUID) -> Message | None:
        return look(conversation, id) if next(looks) else None

    monkeypatch.setattr(outbox, "said_before", blind_at_first)
    assert said(house, mei, "Hello", client_id=client_id).id == first.id


def test_a_request_of_another_conversation_is_refused(house: House) -> None:
    mei, omar = meet(house, 1, 2)
    client_id = new_id()
    said(house, mei, "Hello", client_id=client_id)
    assert "another conversation" in refused(house, omar, "Hello", client_id=client_id)


@pytest.mark.parametrize(("text", "words"), [("  \n ", "Write something"), ("x" * (TEXT_MAX + 1), "4,096 characters")])
def test_what_whatsapp_would_not_take_is_refused_with_words(house: House, text: str, words: str) -> None:
    (mei,) = meet(house, 1)
    assert words in refused(house, mei, text)
    said(house, mei, "x" * TEXT_MAX)


def test_a_closed_window_is_told_before_anything_is_sent(house: House) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Conversation.objects.filter(id=mei).update(window_expires_at=now() - timedelta(seconds=1))
    assert "over 24 hours ago" in refused(house, mei, "Hello")


def test_nothing_is_written_for_a_number_that_was_taken_away(house: House) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Channel.objects.filter(id=house.channel).update(removed_at=now())
    assert "no longer connected" in refused(house, mei, "Hello")
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()
