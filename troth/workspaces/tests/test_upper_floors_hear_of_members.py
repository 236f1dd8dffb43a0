"""A changed role, a changed team and a removal are told to the floors above, with ids only and after the commit."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from troth.workspaces.members import NotAllowed, change_role, leave, remove
from troth.workspaces.models import Role
from troth.workspaces.scope import scope
from troth.workspaces.signals import membership_changed, membership_removed
from troth.workspaces.teams import choose_members, create_team, delete_team
from troth.workspaces.tests.conftest import Cast


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    told: list[tuple[str, dict[str, Any]]] = []

    def changed(sender: object, signal: object, **facts: Any) -> None:
        told.append(("changed", facts))

    def removed(sender: object, signal: object, **facts: Any) -> None:
        told.append(("removed", facts))

    # The transaction around a test never commits; what waits for it is done at once.
    monkeypatch.setattr(transaction, "on_commit", lambda act: act())
    membership_changed.connect(changed)
    membership_removed.connect(removed)
    yield told
    membership_changed.disconnect(changed)
    membership_removed.disconnect(removed)


def test_a_new_role_is_told(cast: Cast, heard: list[Any]) -> None:
    bob = cast.member(cast.bob)
    with scope(cast.here.pk):
        change_role(bob.pk, to=Role.VIEWER, by=cast.member(cast.alice))
    assert heard == [("changed", {"workspace_id": cast.here.pk, "membership_id": bob.pk})]


def test_the_same_role_again_is_no_news(cast: Cast, heard: list[Any]) -> None:
    with scope(cast.here.pk):
        change_role(cast.member(cast.bob).pk, to=Role.AGENT, by=cast.member(cast.alice))
    assert heard == []


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.clause("B3.4")
def test_a_removal_is_told_whoever_did_it(cast: Cast, heard: list[Any], *, by_hand: bool) -> None:
    bob = cast.member(cast.bob)
    with scope(cast.here.pk):
        if by_hand:
            leave(by=bob)
        else:
            remove(bob.pk, by=cast.member(cast.alice))
    assert heard == [("removed", {"workspace_id": cast.here.pk, "membership_id": bob.pk})]


def test_teams_tell_of_those_who_came_and_went(cast: Cast, heard: list[Any]) -> None:
    bob = cast.member(cast.bob)
    with scope(cast.here.pk):
        team = create_team("Night shift")
        choose_members(team, membership_ids=[bob.pk])
        choose_members(team, membership_ids=[bob.pk])
        delete_team(team)
    assert heard == [("changed", {"workspace_id": cast.here.pk, "membership_id": bob.pk})] * 2


def test_what_was_refused_is_not_told(cast: Cast, heard: list[Any]) -> None:
    with scope(cast.here.pk), pytest.raises(NotAllowed):
        remove(cast.member(cast.alice).pk, by=cast.member(cast.bob))
    assert heard == []
