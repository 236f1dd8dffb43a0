"""Teams: members who see the same channels."""

from collections.abc import Iterable
from uuid import UUID

from troth.workspaces.members import lock_members
from troth.workspaces.models import Membership, Team, TeamMember
from troth.workspaces.signals import announce, membership_changed

TEAMS_MAX = 200


class TooMany(Exception):
    """The workspace has as many teams as it can have."""


def create_team(name: str) -> Team:
    """Make a team. Raises: TooMany."""
    lock_members()
    if Team.objects.count() >= TEAMS_MAX:
        raise TooMany
    return Team.objects.create(name=name)


def rename_team(team: Team, *, name: str) -> None:
    """Give the team another name."""
    team.name = name
    team.save(update_fields=["name"])


def choose_members(team: Team, *, membership_ids: Iterable[UUID]) -> None:
    """Make exactly these members the team's. Raises: Membership.DoesNotExist when one is not of this workspace."""
    lock_members()
    wanted = set(membership_ids)
    if Membership.objects.filter(pk__in=wanted, removed_at=None).count() != len(wanted):
        raise Membership.DoesNotExist
    present = set(TeamMember.objects.filter(team=team).values_list("membership_id", flat=True))
    TeamMember.objects.filter(team=team, membership_id__in=present - wanted).delete()
    TeamMember.objects.bulk_create(TeamMember(team=team, membership_id=chosen) for chosen in wanted - present)
    _announce_all(present ^ wanted, workspace_id=team.workspace_id)


def delete_team(team: Team) -> None:
    """Delete the team; its members stay in the workspace."""
    lock_members()
    members = set(TeamMember.objects.filter(team=team).values_list("membership_id", flat=True))
    team.delete()
    _announce_all(members, workspace_id=team.workspace_id)


def _announce_all(membership_ids: Iterable[UUID], *, workspace_id: UUID) -> None:
    for membership_id in membership_ids:
        announce(membership_changed, workspace_id=workspace_id, membership_id=membership_id)
