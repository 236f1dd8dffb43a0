"""An account is closed at once, comes back by signing in within seven days, and leaves ids without a name after that."""

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import send_mail
from django.test import Client

from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.accounts.models import QueuedMail, Session, User
from troth.audit.record import Actor
from troth.inbox.acts import keep_draft
from troth.inbox.models import Conversation, Draft
from troth.privacy.forgetting import members
from troth.privacy.forgetting.contacts import TooLate
from troth.privacy.forgetting.tests.story import Story, begun, later, sweep
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.models import Membership, Role, Team, TeamMember
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Story:
    return begun()


def leave(user: User) -> Erasure:
    return members.request_erasure(user.pk, by=Actor.person(user.pk))


@pytest.mark.clause("B7.3", "A4.2b")
def test_an_account_is_signed_out_and_out_of_every_workspace_at_once(story: Story) -> None:
    bob = story.house.users["Bob"]
    client = Client()
    client.force_login(bob)
    leave(bob)
    assert not Session.objects.filter(user=bob).exists()
    assert client.get(f"/w/{story.house.handle}/inbox/")["Location"].startswith("/account/login/")
    with scope(story.id):
        assert not Membership.objects.filter(user=bob, removed_at=None).exists()


@pytest.mark.clause("B7.3")
def test_the_only_owner_has_to_hand_over_first(story: Story) -> None:
    with pytest.raises(members.LastOwner) as refusal:
        leave(story.house.users["Alice"])
    assert [place.handle for place in refusal.value.places] == [story.house.handle]
    with scope(story.id):
        Membership.objects.filter(id=story.house.members["Bob"]).update(role=Role.OWNER)
    leave(story.house.users["Alice"])
    with pytest.raises(members.LastOwner):
        leave(story.house.users["Bob"])


@pytest.mark.clause("B4.2")
def test_signing_in_within_seven_days_brings_everything_back(story: Story) -> None:
    bob = story.house.users["Bob"]
    bob.set_password("correct horse battery staple")
    bob.save()
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    with scope(story.id):
        team = Team.objects.create(name="Night shift")
        TeamMember.objects.create(team=team, membership_id=story.house.members["Bob"])
    leave(bob)
    client = Client()
    with later(days=6):
        answer = client.post(
            "/account/login/", {"login": bob.email, "password": "correct horse battery staple"}, follow=True
        )
        assert answer.status_code == 200
    with scope(story.id):
        assert Membership.objects.filter(user=bob, removed_at=None).count() == 1
        assert TeamMember.objects.filter(team=team).count() == 1
    with later(days=9):
        assert sweep() == 0


@pytest.mark.clause("B4.2")
def test_after_seven_days_nobody_comes_back(story: Story) -> None:
    bob = story.house.users["Bob"]
    erasure = leave(bob)
    with later(days=7), pytest.raises(TooLate):
        members.undo(bob.pk)
    with later(days=7, minutes=1):
        assert sweep() == 1
    assert Erasure.objects.get(id=erasure.id).state == ErasureState.PURGED


@pytest.mark.clause("A4.2b", "B4.2", "B7.3")
def test_after_the_purge_only_ids_are_left(story: Story) -> None:
    word = canary()
    bob = story.house.users["Bob"]
    bob.name, bob.email, bob.phone = f"Bob {word}", f"{word.lower()}@example.test", "+60123450000"
    bob.save()
    EmailAddress.objects.create(user=bob, email=bob.email, verified=True, primary=True)
    send_mail("Hello", f"Dear {word}", None, [bob.email])
    Client().force_login(bob)
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        member = Membership.objects.get(id=story.house.members["Bob"])
        keep_draft(Conversation.objects.get(), f"Draft by {word}", of=member)
    before = places_of(word, everything(story.id))
    assert before >= {"accounts_user.name", "accounts_user.email", "account_emailaddress.email", "inbox_draft.text"}
    erasure = leave(bob)
    with later(days=8):
        assert sweep() == 1
    assert places_of(word, everything(story.id)) == set()
    bob.refresh_from_db()
    assert (bob.is_active, bob.has_usable_password(), bob.phone) == (False, False, None)
    with scope(story.id):
        assert Membership.objects.get(id=story.house.members["Bob"]).name == "Former member"
        assert Draft.objects.count() == 0
    counts = Erasure.objects.get(id=erasure.id).counts
    assert counts["accounts.User"] == counts["account.EmailAddress"] == counts["inbox.Draft"] == 1
    assert QueuedMail.objects.filter(message__isnull=False).count() == 0
