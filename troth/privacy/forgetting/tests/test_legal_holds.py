"""A hold stops the deletion of what it lists once two have decided, opens nothing, and ends."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.audit.record import Actor
from troth.base import holding
from troth.base.clock import now
from troth.base.holding import Held
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Message
from troth.privacy.forgetting import holds
from troth.privacy.forgetting.tests.story import OTHER, PHONE, Story, begun, later, sweep
from troth.privacy.models import ErasureState, HeldKind, Hold
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B4.3")]


@pytest.fixture
def story() -> Story:
    made = begun()
    with scope(made.id):
        Membership.objects.filter(id=made.house.members["Bob"]).update(role=Role.ADMIN)
    return made


def ask(story: Story, kind: HeldKind, target: UUID, *, days: float = 30) -> Hold:
    day = (now() + timedelta(days=days)).date()
    by = Membership.objects.get(id=story.house.members["Alice"])
    return holds.ask([(kind, target)], basis="A claim in court", reference="B 12", review_on=day, by=by)


def hold(story: Story, kind: HeldKind, target: UUID, *, days: float = 30) -> Hold:
    made = ask(story, kind, target, days=days)
    return holds.approve(made.id, by=Actor.member(story.house.members["Bob"]))


def test_one_alone_decides_nothing(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        made = ask(story, HeldKind.CONTACT, story.contact().id)
        with pytest.raises(holds.NotAllowed):
            holds.approve(made.id, by=Actor.member(story.house.members["Alice"]))
        with pytest.raises(holds.NotAllowed):
            holds.approve(made.id, by=Actor.staff(story.house.users["Alice"].pk))
        with pytest.raises(IntegrityError), transaction.atomic():
            Hold.objects.filter(id=made.id).update(approved_at=now(), approver_id=made.asked_by_id)
    erasure = story.erase()
    with later(days=8):
        assert sweep() == 1
    assert story.read(erasure).state == ErasureState.PURGED


def test_a_hold_needs_a_reason_and_an_end_within_180_days(story: Story) -> None:
    story.says("Hello", id="wamid.A")
    with scope(story.id):
        id = story.contact().id
        with pytest.raises(holds.NotAllowed):
            ask(story, HeldKind.CONTACT, id, days=181)
        ask(story, HeldKind.CONTACT, id, days=180)
        by = Membership.objects.get(id=story.house.members["Alice"])
        with pytest.raises(holds.NotAllowed):
            holds.ask([(HeldKind.CONTACT, id)], basis=" ", reference="", review_on=now().date(), by=by)
        with pytest.raises(holds.NotAllowed):
            ask(story, HeldKind.CONVERSATION, id)


def test_a_held_person_stays_out_of_sight_and_goes_when_the_hold_is_over(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A", name=f"Mei {word}")
    story.says("Not held", id="wamid.B", phone=OTHER)
    with scope(story.id):
        thread = story.contact().conversations.get()
        hold(story, HeldKind.CONTACT, story.contact().id)
    erasure, other = story.erase(), story.erase(OTHER)
    with later(days=8):
        assert sweep() == 1
        assert story.read(other).state == ErasureState.PURGED
        assert story.read(erasure).state == ErasureState.PURGING
        assert "inbox_message.content" in places_of(word, everything(story.id))
        client = Client()
        client.force_login(story.house.users["Alice"])
        assert client.get(f"/w/{story.house.handle}/inbox/{thread.id}/").status_code == 404
        for page in ("inbox/", "privacy/holds/", "privacy/forgetting/", f"privacy/forgetting/{erasure.id}/"):
            answer = client.get(f"/w/{story.house.handle}/{page}")
            assert answer.status_code == 200
            assert word.encode() not in answer.content
    with later(days=31):
        assert sweep() == 1
    assert story.read(erasure).state == ErasureState.PURGED
    assert places_of(word, everything(story.id)) == set()


def test_a_held_conversation_stays_and_all_else_of_the_person_goes(story: Story) -> None:
    word = canary()
    story.says(f"Held {word}", id="wamid.A", name=f"Mei {word}")
    with scope(story.id):
        contact = story.contact()
        hold(story, HeldKind.CONVERSATION, contact.conversations.get().id)
    erasure = story.erase()
    with later(days=8):
        assert sweep() == 0
    assert places_of(word, everything(story.id)) == {"inbox_message.content", "inbox_conversation.preview"}
    assert places_of(PHONE, everything(story.id)) == set()
    with scope(story.id):
        assert Identity.objects.filter(contact=contact).count() == 0
        Hold.objects.get()
        holds.release(Hold.objects.get().id, by=Membership.objects.get(id=story.house.members["Alice"]))
    with later(days=9):
        assert sweep() == 1
    done = story.read(erasure)
    assert (done.state, done.counts["inbox.Message"], done.counts["contacts.Contact"]) == (ErasureState.PURGED, 1, 1)
    with scope(story.id):
        assert Message.objects.count() == Contact.objects.count() == 0


def test_a_workspace_with_a_hold_is_not_purged_before_it_ends(story: Story) -> None:
    from troth.base.sealing import store  # noqa: PLC0415
    from troth.privacy.forgetting import workspaces  # noqa: PLC0415

    story.says("Hello", id="wamid.A")
    with scope(story.id):
        hold(story, HeldKind.CONTACT, story.contact().id)
    workspaces.request_erasure(story.id, by=Actor.member(story.house.members["Alice"]))
    with later(days=8):
        assert sweep() == 0
        assert str(story.id) in store().rings()
    with later(days=31):
        assert sweep() == 1
        assert str(story.id) not in store().rings()


# What binds the operator


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> list[Held]:
    """What the operator has to keep, of whichever workspace is asked about."""
    listed: list[Held] = []
    monkeypatch.setattr(holding, "_holders", [lambda _workspace_id: listed])
    return listed


@pytest.mark.parametrize("secret", [True, False])
def test_what_binds_the_operator_stays_too_and_is_not_told_where_that_is_forbidden(
    secret: bool, story: Story, bound: list[Held]
) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A", name=f"Mei {word}")
    with scope(story.id):
        bound.append(Held("contact", story.contact().id, secret=secret))
    erasure = story.erase()
    with later(days=8):
        assert sweep() == 0
        client = Client()
        client.force_login(story.house.users["Alice"])
        told = client.get(f"/w/{story.house.handle}/privacy/forgetting/").content.decode()
        assert str(erasure.id) in told
        assert word not in told
        assert (">Held<" in told) is not secret
        bound.clear()
        assert sweep() == 1
    assert places_of(word, everything(story.id)) == set()


def test_a_conversation_and_a_workspace_that_bind_the_operator_stay(story: Story, bound: list[Held]) -> None:
    word = canary()
    story.says(f"Held {word}", id="wamid.A")
    story.says("Not held", id="wamid.B", phone=OTHER)
    with scope(story.id):
        bound.append(Held("conversation", story.contact().conversations.get().id))
    story.erase(), story.erase(OTHER)
    with later(days=8):
        assert sweep() == 1
        assert "inbox_message.content" in places_of(word, everything(story.id))
    bound[:] = [Held("workspace", story.id)]
    with later(days=9):
        assert sweep() == 0
        assert "inbox_message.content" in places_of(word, everything(story.id))
