"""What a member has begun to write."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="conversation__contact",
    purpose="talk",
    keep="talk",
    export="drafts",
    seen="self",
    customer="text",
    ops="id workspace conversation member changed_at",
)
class Draft(WorkspaceModel):
    """One member's unsent text in one conversation, the same on all their devices."""

    conversation = SameWorkspaceKey("inbox.Conversation", on_delete=models.CASCADE, related_name="+")
    member = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, related_name="+")
    text = SealedText()
    changed_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "conversation", "member"], name="inbox_draft_once")]
