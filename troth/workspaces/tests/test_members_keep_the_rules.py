"""Who may change whom: only owners make owners, nobody acts on a higher role, there is always an owner."""

import pytest

from troth.workspaces.members import NotAllowed, change_role, leave, remove
from troth.workspaces.models import Membership, Role, TeamMember
from troth.workspaces.scope import scope
from troth.workspaces.teams import choose_members, create_team
from troth.workspaces.tests.conftest import Cast, person

pytestmark = pytest.mark.clause("X9")


def test_an_owner_makes_an_agent_an_admin(cast: Cast) -> None:
    with scope(cast.here.pk):
        change_role(cast.member(cast.bob).pk, to=Role.ADMIN, by=cast.member(cast.alice))
        assert cast.member(cast.bob).role == Role.ADMIN


def test_an_admin_does_not_make_owners_not_even_of_themselves(cast: Cast) -> None:
    admin = cast.joins(person("Dora"), Role.ADMIN)
    with scope(cast.here.pk):
        for target in (admin.pk, cast.member(cast.bob).pk):
            with pytest.raises(NotAllowed):
                change_role(target, to=Role.OWNER, by=admin)


def test_an_admin_does_not_act_on_an_owner(cast: Cast) -> None:
    cast.joins(person("Olga"), Role.OWNER)
    admin = cast.joins(person("Dora"), Role.ADMIN)
    owner = cast.member(cast.alice)
    with scope(cast.here.pk):
        with pytest.raises(NotAllowed):
            change_role(owner.pk, to=Role.VIEWER, by=admin)
        with pytest.raises(NotAllowed):
            remove(owner.pk, by=admin)


def test_an_agent_changes_nobody(cast: Cast) -> None:
    viewer, agent = cast.joins(person("Vera"), Role.VIEWER), cast.member(cast.bob)
    with scope(cast.here.pk):
        with pytest.raises(NotAllowed):
            change_role(viewer.pk, to=Role.AGENT, by=agent)
        with pytest.raises(NotAllowed):
            remove(viewer.pk, by=agent)
        with pytest.raises(NotAllowed):
            change_role(agent.pk, to=Role.ADMIN, by=agent)


def test_the_last_owner_neither_leaves_nor_steps_down_nor_is_removed(cast: Cast) -> None:
    owner = cast.member(cast.alice)
    with scope(cast.here.pk):
        with pytest.raises(NotAllowed):
            leave(by=owner)
        with pytest.raises(NotAllowed):
            change_role(owner.pk, to=Role.ADMIN, by=owner)
        with pytest.raises(NotAllowed):
            remove(owner.pk, by=owner)
        assert Membership.objects.filter(role=Role.OWNER, removed_at=None).count() == 1


def test_an_owner_who_is_not_the_last_may_leave(cast: Cast) -> None:
    cast.joins(person("Olga"), Role.OWNER)
    with scope(cast.here.pk):
        leave(by=cast.member(cast.alice))
        assert cast.member(cast.alice).removed_at is not None


def test_whoever_was_removed_acts_on_nobody_any_more(cast: Cast) -> None:
    admin, agent = cast.joins(person("Dora"), Role.ADMIN), cast.member(cast.bob)
    with scope(cast.here.pk):
        remove(admin.pk, by=cast.member(cast.alice))
        with pytest.raises(NotAllowed):
            remove(agent.pk, by=admin)


def test_whoever_was_demoted_acts_with_the_role_of_now_and_not_with_the_one_they_came_with(cast: Cast) -> None:
    admin, agent = cast.joins(person("Dora"), Role.ADMIN), cast.member(cast.bob)
    with scope(cast.here.pk):
        change_role(admin.pk, to=Role.VIEWER, by=cast.member(cast.alice))
        with pytest.raises(NotAllowed):
            remove(agent.pk, by=admin)


def test_a_member_of_elsewhere_is_not_there_at_all(cast: Cast) -> None:
    with scope(cast.elsewhere.pk):
        stranger = Membership.objects.get()
    with scope(cast.here.pk), pytest.raises(Membership.DoesNotExist):
        remove(stranger.pk, by=cast.member(cast.alice))


def test_removal_takes_the_member_out_of_the_teams(cast: Cast) -> None:
    with scope(cast.here.pk):
        team = create_team("Night shift")
        choose_members(team, membership_ids=[cast.member(cast.bob).pk])
        remove(cast.member(cast.bob).pk, by=cast.member(cast.alice))
        assert not TeamMember.objects.exists()


def test_a_removed_member_may_come_back_and_the_old_membership_stays_for_its_author(cast: Cast) -> None:
    with scope(cast.here.pk):
        remove(cast.member(cast.bob).pk, by=cast.member(cast.alice))
        Membership.objects.create(user=cast.bob, role=Role.VIEWER)
        assert Membership.objects.filter(user=cast.bob).count() == 2


def test_a_team_does_not_take_somebody_from_elsewhere(cast: Cast) -> None:
    with scope(cast.elsewhere.pk):
        stranger = Membership.objects.get()
    with scope(cast.here.pk):
        team = create_team("Night shift")
        with pytest.raises(Membership.DoesNotExist):
            choose_members(team, membership_ids=[cast.member(cast.bob).pk, stranger.pk])
        assert not TeamMember.objects.exists()
