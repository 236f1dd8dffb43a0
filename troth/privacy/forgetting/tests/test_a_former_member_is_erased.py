"""An owner has a former member's traces erased: no name is left here, and the account is as it was elsewhere."""

import pytest
from django.test import Client

from tests.cast import rival
from tests.opened import everything, places_of
from troth.accounts.models import User
from troth.audit.models import Entry
from troth.audit.record import Actor
from troth.base import holding, tombstones
from troth.base.holding import Held
from troth.inbox.models import Conversation, Draft
from troth.privacy.forgetting import former, members, replay
from troth.privacy.forgetting.tests.story import Story, begun
from troth.workspaces.members import leave, remove
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B7.3")]


@pytest.fixture
def story() -> Story:
    made = begun()
    made.says("Hello", id="wamid.A")
    return made


def member(story: Story, who: str) -> Membership:
    return Membership.objects.select_related("user").get(pk=story.house.members[who])


def gone(story: Story) -> None:
    """Let Bob leave, who had begun to write."""
    with scope(story.id):
        Draft.objects.create(conversation=Conversation.objects.get(), member=member(story, "Bob"), text="Dear Mei")
        Workspace.objects.update(created_by=story.house.users["Bob"])
        leave(by=member(story, "Bob"))


def browser(story: Story, who: str) -> Client:
    client = Client()
    client.force_login(story.house.users[who])
    return client


def erase(story: Story, who: str = "Alice", whom: str = "Bob") -> int:
    path = f"/w/{story.house.handle}/privacy/former/{story.house.members[whom]}/erasure/"
    return browser(story, who).post(path).status_code


def test_no_name_is_left_here_and_the_account_stays(story: Story) -> None:
    other, bob = rival(), story.house.users["Bob"]
    with scope(other.id):
        elsewhere = Membership.objects.create(user=bob, role=Role.AGENT).pk
    gone(story)
    page = f"/w/{story.house.handle}/privacy/former/"
    assert "Bob" in browser(story, "Alice").get(page).content.decode()
    assert erase(story) == 302
    assert ">Bob<" not in browser(story, "Alice").get(page).content.decode()
    log = browser(story, "Alice").get(f"/w/{story.house.handle}/access-log/").content.decode()
    assert "Bob" not in log
    assert "Former member" in log
    with scope(story.id):
        assert member(story, "Bob").name == "Former member"
        assert not Draft.objects.exists()
        assert Workspace.current().created_by_id is None
        assert Entry.objects.filter(action="member.forgotten").count() == 1
    assert places_of("Dear Mei", everything(story.id)) == set()
    with scope(other.id):
        assert Membership.objects.select_related("user").get(pk=elsewhere).name == "Bob"
    assert User.objects.get(pk=bob.pk).is_active


def test_nobody_can_sign_in_as_whoever_stands_in_for_them(story: Story) -> None:
    gone(story)
    erase(story)
    with scope(story.id):
        nobody = member(story, "Bob").user
    assert (nobody.is_active, nobody.has_usable_password(), nobody.name) == (False, False, "")
    assert nobody.pk != story.house.users["Bob"].pk


def test_only_owners_do_it_and_only_to_those_who_left(story: Story) -> None:
    assert erase(story) == 404
    with scope(story.id):
        Membership.objects.filter(pk=story.house.members["Vera"]).update(role=Role.ADMIN)
    gone(story)
    assert erase(story, "Vera") == 403
    with scope(story.id):
        with pytest.raises(former.NotAllowed):
            former.forget(story.house.members["Bob"], by=member(story, "Vera"))
        Membership.objects.create(user=story.house.users["Bob"], role=Role.AGENT)
        with pytest.raises(former.NotAllowed):
            former.forget(story.house.members["Bob"], by=member(story, "Alice"))
        assert former.former() == []
        assert member(story, "Bob").name == "Bob"


def test_a_hold_on_the_whole_workspace_keeps_them(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "_holders", [lambda id: [Held("workspace", id, secret=True)]])
    gone(story)
    assert erase(story) == 302
    with scope(story.id):
        assert member(story, "Bob").name == "Bob"


def test_a_restored_backup_forgets_them_again(story: Story) -> None:
    gone(story)
    with scope(story.id):
        remove(story.house.members["Vera"], by=member(story, "Alice"))
    erase(story)
    buried = {(stone.kind, stone.subject_id) for stone in tombstones.read() if stone.workspace_id == story.id}
    assert buried == {(tombstones.Kind.FORMER, story.house.members["Bob"])}
    with scope(story.id):
        # As the older database had it.
        Membership.objects.filter(pk=story.house.members["Bob"]).update(user=story.house.users["Bob"])
    assert replay.forget_again() == 1
    assert replay.forget_again() == 0
    with scope(story.id):
        assert [member(story, who).name for who in ("Bob", "Vera")] == ["Former member", "Vera"]


def test_taking_back_the_deletion_of_an_account_does_not_fill_the_place_again(story: Story) -> None:
    bob = story.house.users["Bob"]
    members.request_erasure(bob.pk, by=Actor.person(bob.pk))
    assert erase(story) == 302
    assert members.undo(bob.pk)
    with scope(story.id):
        assert member(story, "Bob").removed_at is not None
