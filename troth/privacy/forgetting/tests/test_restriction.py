"""Disputed data are only kept; who objects to marketing is known to; both can be taken back."""

import pytest
from django.test import Client

from troth.audit.record import Actor
from troth.base.ids import new_id
from troth.contacts.models import Consent
from troth.inbox.models import Conversation, MessageStatus
from troth.inbox.outbox import CannotSend, offer_again, say
from troth.inbox.send import ledger
from troth.privacy.forgetting import restriction
from troth.privacy.forgetting.tests.story import Story, begun
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L2")]


@pytest.fixture
def story() -> Story:
    made = begun()
    made.says("That is not true", id="wamid.A", name="Mei")
    return made


def thread(story: Story) -> Conversation:
    return Conversation.objects.select_related("contact", "channel").get()


def alice(story: Story) -> Membership:
    return Membership.objects.get(id=story.house.members["Alice"])


def test_nothing_is_sent_to_somebody_whose_data_are_disputed(story: Story) -> None:
    with scope(story.id):
        waiting = say(thread(story), "Hello", by=alice(story), client_id=new_id())
        restriction.restrict(thread(story).contact_id, by=Actor.system())
        waiting.refresh_from_db()
        assert waiting.status == MessageStatus.FAILED
        with pytest.raises(CannotSend):
            offer_again(waiting)
        waiting.refresh_from_db()
        assert waiting.status == MessageStatus.FAILED
        with pytest.raises(CannotSend):
            say(thread(story), "Hello", by=alice(story), client_id=new_id())
        assert ledger._people([waiting.id]) == {}
        restriction.lift(thread(story).contact_id, by=Actor.system())
        say(thread(story), "Hello", by=alice(story), client_id=new_id())


def test_owners_see_a_disputed_conversation_and_agents_do_not(story: Story) -> None:
    with scope(story.id):
        restriction.restrict(thread(story).contact_id, by=Actor.system())
    for who, seen in (("Alice", True), ("Bob", False)):
        client = Client()
        client.force_login(story.house.users[who])
        page = client.get(f"/w/{story.house.handle}/inbox/")
        assert (b"That is not true" in page.content) == seen


def test_a_disputed_profile_is_not_changed_by_what_whatsapp_says(story: Story) -> None:
    with scope(story.id):
        restriction.restrict(thread(story).contact_id, by=Actor.system())
    assert story.says("Hello again", id="wamid.B", name="Somebody else")[1] == "applied"
    with scope(story.id):
        assert thread(story).contact.profile_name == "Mei"


def test_an_objection_is_a_fact_about_consent(story: Story) -> None:
    with scope(story.id):
        restriction.object_to_marketing(thread(story).contact_id, by=Actor.system())
        restriction.object_to_marketing(thread(story).contact_id, by=Actor.system())
        assert [(one.category, one.value) for one in Consent.objects.all()] == [("marketing_messages", "stop")]
        assert thread(story).contact.objected_at is not None
        restriction.withdraw_objection(thread(story).contact_id, by=Actor.system())
        assert thread(story).contact.objected_at is None
