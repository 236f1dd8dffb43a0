"""What happened to a conversation, as the thread's system lines tell it."""

from django.db import models

from troth.base.fields import HashField
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="conversation__contact",
    purpose="talk",
    keep="talk",
    export="activities",
    ops="id workspace conversation kind member other at once_hash",
)
class Activity(WorkspaceModel):
    """One line: assigned, closed, reopened, number changed, security code changed, a call."""

    conversation = SameWorkspaceKey("inbox.Conversation", on_delete=models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=24)
    member = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    other = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    at = models.DateTimeField()
    once_hash = HashField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "once_hash"], name="inbox_activity_once")]
        indexes = [models.Index(fields=["workspace", "conversation", "at"], name="inbox_activity_place")]
