"""Two owners who act on each other at the same moment, over two connections: one of them stays an owner."""

import pytest

from troth.workspaces.members import NotAllowed, change_role, leave
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope
from troth.workspaces.tests.conftest import Cast, at_once

pytestmark = pytest.mark.clause("X9", "X27")


@pytest.fixture
def owners(committed_cast: Cast) -> list[Membership]:
    with scope(committed_cast.here.pk):
        Membership.objects.filter(user=committed_cast.bob).update(role=Role.OWNER)
        return list(Membership.objects.order_by("id"))


def owners_left(cast: Cast) -> int:
    with scope(cast.here.pk):
        return Membership.objects.filter(role=Role.OWNER, removed_at=None).count()


def demote(cast: Cast, target: Membership, *, by: Membership) -> None:
    with scope(cast.here.pk):
        change_role(target.pk, to=Role.VIEWER, by=by)


def go(cast: Cast, member: Membership) -> None:
    with scope(cast.here.pk):
        leave(by=member)


def test_two_owners_who_demote_each_other_leave_one(committed_cast: Cast, owners: list[Membership]) -> None:
    alice, bob = owners
    came_of_it = at_once(
        lambda: demote(committed_cast, bob, by=alice),
        lambda: demote(committed_cast, alice, by=bob),
    )
    assert [type(outcome) for outcome in came_of_it if outcome] == [NotAllowed]
    assert owners_left(committed_cast) == 1


def test_two_owners_who_leave_together_leave_one(committed_cast: Cast, owners: list[Membership]) -> None:
    alice, bob = owners
    came_of_it = at_once(lambda: go(committed_cast, alice), lambda: go(committed_cast, bob))
    assert [type(outcome) for outcome in came_of_it if outcome] == [NotAllowed]
    assert owners_left(committed_cast) == 1


def test_an_owner_who_leaves_while_being_made_the_last_one_stays(
    committed_cast: Cast, owners: list[Membership]
) -> None:
    alice, bob = owners
    at_once(lambda: go(committed_cast, alice), lambda: demote(committed_cast, bob, by=bob))
    assert owners_left(committed_cast) == 1
