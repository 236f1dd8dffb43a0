"""Who may see a channel that is not open to all."""

from django.db import models

from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="member",
    reach="membership",
    purpose="team",
    keep="membership",
    export="channel places",
    ops="id workspace channel membership",
)
class ChannelMember(WorkspaceModel):
    """One member may see one channel."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="members")
    membership = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "membership"], name="channels_member_once")
        ]


@declares(
    subject="workspace", purpose="team", keep="workspace", export="channel teams", ops="id workspace channel team"
)
class ChannelTeam(WorkspaceModel):
    """A team's members may see one channel."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="teams")
    team = SameWorkspaceKey("workspaces.Team", on_delete=models.CASCADE, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "team"], name="channels_team_once")]
