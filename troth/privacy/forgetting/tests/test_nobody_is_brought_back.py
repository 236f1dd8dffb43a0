"""No late delivery, history, address book or import brings back who was forgotten; who writes again is somebody new."""

from datetime import datetime, timedelta

import pytest

from tests import bodies
from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact, Identity
from troth.contacts.suppressions import is_suppressed
from troth.inbox.models import Conversation, Gap, Message, PendingChange
from troth.privacy.forgetting import contacts
from troth.privacy.forgetting.tests.story import PHONE, Story, begun, later, sweep
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
DROPPED = ("ignored", "person-was-forgotten")


@pytest.fixture
def story() -> Story:
    made = begun()
    made.says("Hello", id="wamid.A")
    return made


@pytest.fixture(params=["in the undo time", "after the purge"])
def days(request: pytest.FixtureRequest) -> int:
    return 2 if request.param == "in the undo time" else 8


@pytest.mark.clause("B7.3", "B4.2")
def test_a_message_from_before_that_comes_late_is_dropped_and_counted(story: Story, days: int) -> None:
    story.erase()
    before = now() - timedelta(minutes=1)
    with later(days=days):
        sweep()
        assert story.says(word := canary(), id="wamid.LATE", at=before)[1:] == DROPPED
    assert places_of(word, everything(story.id)) == set()


@pytest.mark.clause("B7.3")
def test_a_message_of_the_very_second_of_the_request_is_dropped(story: Story, days: int) -> None:
    erasure = story.erase()
    with later(days=days):
        sweep()
        assert story.says("Then", id="wamid.THEN", at=erasure.requested_at)[1:] == DROPPED
        assert story.says("After", id="wamid.AFTER", at=erasure.requested_at + timedelta(seconds=1))[1] == "applied"


@pytest.mark.clause("B7.3")
def test_who_writes_again_is_somebody_new_without_a_memory(story: Story, days: int) -> None:
    story.erase()
    with scope(story.id):
        old = Contact.objects.get().id
    with later(days=days):
        sweep()
        assert story.says("Me again", id="wamid.NEW", name="May")[1] == "applied"
        with scope(story.id):
            contact = story.contact()
            assert contact.id != old
            assert contact.profile_name == "May"
            thread = Conversation.objects.get(contact=contact)
            assert [m.text() for m in Message.objects.filter(conversation=thread)] == ["Me again"]
    with later(days=9):
        sweep()
        with scope(story.id):
            assert Contact.objects.count() == Message.objects.count() == 1


@pytest.mark.clause("B7.3")
def test_somebody_known_by_an_id_of_metas_is_new_too(story: Story, days: int) -> None:
    """Such ids never change hands, so they find even who has ended: but not who was forgotten."""
    hidden = {"phone": None, "bsuid": "MY.1001"}
    story.says_as("Hello", id="wamid.M", **hidden)
    with scope(story.id):
        old = Identity.objects.get(kind="bsuid").contact_id
        contacts.request_erasure(old, by=Actor.system())
    with later(days=days):
        sweep()
        assert story.says_as("Me again", id="wamid.N", **hidden)[1] == "applied"
        with scope(story.id):
            assert Identity.objects.get(kind="bsuid", valid_to=None).contact_id != old


@pytest.mark.clause("B7.3")
def test_a_history_does_not_bring_the_person_back_but_brings_others(story: Story, days: int) -> None:
    story.erase()
    before = now() - timedelta(days=3)
    with later(days=days):
        sweep()
        assert story.hears("history", history=[history({PHONE: before})])[1:] == DROPPED
        assert story.hears("history", history=[history({PHONE: before, "60111111111": before})])[1] == "applied"
    with scope(story.id):
        assert story.contact("60111111111")
        with pytest.raises(Contact.DoesNotExist):
            story.contact()


@pytest.mark.clause("B7.3")
def test_the_phones_address_book_does_not_bring_the_person_back(story: Story, days: int) -> None:
    story.erase()
    with later(days=days):
        sweep()
        person = {"full_name": "Mei", "first_name": "Mei", "phone_number": PHONE}
        sync = {"type": "contact", "contact": person, "action": "add", "metadata": {"timestamp": stamp(now())}}
        assert story.hears("smb_app_state_sync", state_sync=[sync])[1:] == DROPPED
        with scope(story.id), pytest.raises(Contact.DoesNotExist):
            story.contact()


@pytest.mark.clause("B7.3", "L14")
def test_a_change_of_number_does_not_bring_the_person_back(story: Story, days: int) -> None:
    story.erase()
    with later(days=days):
        sweep()
        system = {"type": "user_changed_number", "body": "changed", "wa_id": "60122222222"}
        said = {"from": PHONE, "id": "wamid.MOVE", "timestamp": stamp(now()), "type": "system", "system": system}
        assert story.hears(messages=[said])[1:] == DROPPED


@pytest.mark.clause("B7.3")
def test_facts_about_messages_that_are_gone_do_not_wait(story: Story) -> None:
    story.erase()
    with later(days=8):
        sweep()
        told = bodies.status("read", id="wamid.OURS", at=int(now().timestamp()))
        assert story.hears(statuses=[told])[1:] == DROPPED
        changed = {"original_message_id": "wamid.A", "message": {"type": "text", "text": {"body": "New"}}}
        edit = {"from": PHONE, "id": "wamid.E", "timestamp": stamp(now()), "type": "edit", "edit": changed}
        assert story.hears(messages=[edit])[1:] == DROPPED
        with scope(story.id):
            assert PendingChange.objects.count() == Contact.objects.count() == 0


@pytest.mark.clause("B7.3")
def test_what_cannot_be_read_and_names_the_person_from_before_makes_no_gap(story: Story) -> None:
    before = now() - timedelta(minutes=5)
    story.erase()
    with later(days=8):
        sweep()
        said = {"from": PHONE, "id": "wamid.Q", "timestamp": stamp(before), "type": "text"}
        outcome = story.hears(messages=[said])
        with scope(story.id):
            assert [gap.raw for gap in Gap.objects.all() if PHONE in str(gap.raw)] == []
        assert outcome[1] == "ignored"


@pytest.mark.clause("B7.3")
def test_an_import_can_ask_whether_somebody_was_forgotten(story: Story) -> None:
    with scope(story.id):
        assert not is_suppressed("phone", f"+{PHONE}")
    story.erase()
    with later(days=8):
        sweep()
    with scope(story.id):
        assert is_suppressed("phone", f"+{PHONE}")
        assert not is_suppressed("phone", "+60111111111")


def test_taking_it_back_after_the_person_wrote_leaves_two_entries_and_says_that_they_may_be_one(story: Story) -> None:
    erasure = story.erase()
    with later(days=2):
        story.says("Me again", id="wamid.NEW")
        story.undo(erasure)
        with scope(story.id):
            assert Contact.objects.filter(erasing_at=None).count() == 2
            assert story.contact().conversations.get().preview == "Me again"


def history(people: dict[str, datetime]) -> bodies.Body:
    """Return a chunk of history in which each of these people once wrote."""
    threads = [
        {
            "id": phone,
            "messages": [
                {
                    "from": phone,
                    "id": f"wamid.H.{phone}",
                    "timestamp": stamp(at),
                    "type": "text",
                    "text": {"body": "Long ago"},
                    "history_context": {"status": "read"},
                }
            ],
        }
        for phone, at in people.items()
    ]
    return {"metadata": {"phase": 0, "chunk_order": 1, "progress": 100}, "threads": threads}


def stamp(at: datetime) -> str:
    return str(int(at.timestamp()))
