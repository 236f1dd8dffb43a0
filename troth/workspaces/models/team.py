"""Members who work together and see the same channels."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models.base import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace", purpose="team", keep="workspace", export="teams", account="name", ops="id workspace created_at"
)
class Team(WorkspaceModel):
    """A named group of members."""

    name = SealedText()
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False


@declares(
    subject="member",
    reach="membership",
    purpose="team",
    keep="membership",
    export="team places",
    ops="id workspace team membership",
)
class TeamMember(WorkspaceModel):
    """A member's place in a team."""

    team = SameWorkspaceKey(Team, on_delete=models.CASCADE, related_name="places")
    membership = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, related_name="places")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "team", "membership"], name="workspaces_teammember_once")
        ]
