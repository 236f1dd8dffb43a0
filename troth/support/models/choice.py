"""What a workspace and its members chose about support and the audit chain."""

from django.db import models

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="support",
    keep="workspace",
    export="support choice",
    ops="id workspace ask_first changed_at changed_by",
)
class SupportChoice(WorkspaceModel):
    """Whether a grant starts only on an owner's yes. One row a workspace, or none where nobody chose."""

    ask_first = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=now)
    changed_by = SameWorkspaceKey("workspaces.Membership", related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace"], name="support_choice_once")]


@declares(
    subject="member",
    reach="membership",
    purpose="notice",
    keep="membership",
    export="anchor mails",
    ops="id workspace membership since",
)
class AnchorMail(WorkspaceModel):
    """An owner who is mailed the chain's length and hash every day, so as to have proof outside of our reach."""

    membership = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "membership"], name="support_anchormail_once")]
