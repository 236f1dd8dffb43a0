"""Whoever asks to be forgotten is out of sight at once, can be brought back for seven days, and is gone after that."""

import base64

import pytest
from django.test import Client

from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.models import Contact, Identity, Suppression
from troth.contacts.suppressions import is_suppressed
from troth.inbox.acts import keep_draft
from troth.inbox.models import Conversation, Gap, Message, MessageStatus, PendingChange, Reaction
from troth.inbox.outbox import CannotSend, say
from troth.privacy.forgetting import contacts
from troth.privacy.forgetting.certificate import certificate_of
from troth.privacy.forgetting.papers import as_pdf, as_text
from troth.privacy.forgetting.tests.story import OTHER, PHONE, Story, begun, later, sweep
from troth.privacy.models import ErasureState
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return begun()


def alice(story: Story) -> Client:
    client = Client()
    client.force_login(story.house.users["Alice"])
    return client


@pytest.mark.clause("B7.3", "L2")
def test_a_person_who_is_to_be_forgotten_is_out_of_sight_and_out_of_reach_at_once(story: Story) -> None:
    story.says("My secret order", id="wamid.A")
    with scope(story.id):
        conversation = Conversation.objects.get()
        member = Membership.objects.get(id=story.house.members["Alice"])
        waiting = say(conversation, "Good morning", by=member, client_id=new_id())
    story.erase()
    page = alice(story).get(f"/w/{story.house.handle}/inbox/")
    assert b"secret order" not in page.content
    assert alice(story).get(f"/w/{story.house.handle}/inbox/{conversation.id}/").status_code == 404
    with scope(story.id):
        waiting.refresh_from_db()
        assert waiting.status == MessageStatus.FAILED
        hidden = Conversation.objects.select_related("contact", "channel").get()
        with pytest.raises(CannotSend):
            say(hidden, "Still there?", by=member, client_id=new_id())


@pytest.mark.clause("B4.2", "B7.3")
def test_undoing_within_seven_days_brings_everything_back(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    erasure = story.erase()
    with later(days=6, hours=23):
        assert sweep() == 0
        story.undo(erasure)
    assert b"Hello" in alice(story).get(f"/w/{story.house.handle}/inbox/").content
    with scope(story.id):
        assert story.contact().erasing_at is None
        assert not is_suppressed("phone", f"+{PHONE}")
    with later(days=9):
        assert sweep() == 0
    assert story.says("Again", id="wamid.B")[1] == "applied"
    with scope(story.id):
        assert Contact.objects.count() == 1


@pytest.mark.clause("B4.2", "X38")
def test_the_undo_time_ends_to_the_second(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    erasure = story.erase()
    left = erasure.undo_until - now()
    with later(seconds=left.total_seconds()):
        assert now() >= erasure.undo_until
        with pytest.raises(contacts.TooLate):
            story.undo(erasure)
        assert sweep() == 1
    assert story.read(erasure).state == ErasureState.PURGED


@pytest.mark.clause("A4.2b", "B4.2", "B7.3", "L4")
def test_after_the_purge_nothing_of_the_person_is_left_and_the_certificate_counts_what_went(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id=wamid("1"), name=f"Mei {word}")
    story.hears(messages=[reaction(wamid("1"), word)])
    story.says("Somebody else", id="wamid.OTHER", phone=OTHER, name="Raj")
    with scope(story.id):
        thread = story.contact().conversations.get()
        member = Membership.objects.get(id=story.house.members["Alice"])
        keep_draft(thread, f"Dear {word}", of=member)
        say(thread, f"To {word}", by=member, client_id=new_id())
    unknown = {"from": PHONE, "id": wamid("2"), "timestamp": stamp(), "type": "strange", "strange": {"word": word}}
    story.hears(field="a_new_field", strange=[unknown], word=word)
    story.hears(messages=[edit(wamid("9"), f"Early {word}")])
    with scope(story.id):
        assert PendingChange.objects.count() == 1
        assert Gap.objects.filter(conversation=None).exists()
    found = everything(story.id)
    assert {"inbox_message.content", "contacts_contact.profile_name", "inbox_draft.text", "inbox_gap.raw"} <= places_of(
        word, found
    ), "the search finds what is there"
    assert "inbox_pendingchange.detail" in places_of(word, found)
    erasure = story.erase()
    with later(days=7, minutes=1):
        assert sweep() == 1
    found = everything(story.id)
    assert places_of(word, found) == set()
    assert places_of(PHONE, found) == set()
    assert places_of(base64.b64encode(PHONE.encode()).decode()[:12], found) == set()
    with scope(story.id):
        assert [message.text() for message in Message.objects.all()] == ["Somebody else"]
        assert story.contact(OTHER)
        assert Suppression.objects.count() == 1
    done = story.read(erasure)
    assert done.counts["inbox.Message"] == 2
    assert done.counts["contacts.Contact"] == done.counts["inbox.Conversation"] == done.counts["inbox.Draft"] == 1
    certificate = certificate_of(done)
    assert certificate.backups_until is not None
    assert (certificate.backups_until - done.requested_at).days <= 29
    text = as_text(done)
    assert "Conversations: 1" in text
    assert "fingerprint" in text
    assert as_pdf(done).startswith(b"%PDF")
    assert PHONE not in text
    assert word not in text


def wamid(number: str) -> str:
    """Return a message's id as WhatsApp makes them: the number stands inside."""
    return "wamid." + base64.b64encode(b"\x1d\x08\x0b" + PHONE.encode() + b"\x15\x02" + number.encode()).decode()


def stamp() -> str:
    return str(int(now().timestamp()))


def reaction(target: str, word: str) -> dict[str, object]:
    emoji = {"message_id": target, "emoji": word[:8]}
    return {"from": PHONE, "id": f"{target}R", "timestamp": stamp(), "type": "reaction", "reaction": emoji}


def edit(target: str, text: str) -> dict[str, object]:
    said = {"original_message_id": target, "message": {"type": "text", "text": {"body": text}}}
    return {"from": PHONE, "id": f"{target}E", "timestamp": stamp(), "type": "edit", "edit": said}


@pytest.mark.clause("B7.3")
def test_reactions_of_others_and_ours_on_the_persons_messages_go_with_them(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    story.says("Hi", id="wamid.B", phone=OTHER, name="Raj")
    story.hears(messages=[reaction("wamid.A", "HEARTHEART")])
    with scope(story.id):
        Reaction.objects.update(reactor=None)
    story.erase()
    with later(days=8):
        sweep()
    with scope(story.id):
        assert Reaction.objects.count() == 0


def test_what_the_person_was_known_by_long_ago_is_forgotten_as_of_then(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        gave_up = now()
        Identity.objects.update(valid_to=gave_up)
    with later(days=30):
        story.says("I am the new owner of this number", id="wamid.B", name="Nadia")
        with scope(story.id):
            old = Contact.objects.get(profile_name__isnull=False, id__in=Contact.objects.order_by("id")[:1])
            by = Actor.member(story.house.members["Alice"])
            contacts.request_erasure(old.id, by=by)
    with later(days=30, hours=1):
        said = story.says("Written before that", id="wamid.C", at=now(), name="Nadia")
        assert said[1] == "applied"
    with scope(story.id):
        assert Message.objects.filter(sender=None, conversation__contact=story.contact()).count() == 2
