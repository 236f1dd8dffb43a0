"""Something that we know we could not show."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import HashField, SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="conversation__contact",
    purpose="talk",
    keep="talk",
    export="gaps",
    customer="raw",
    ops="id workspace channel conversation reason field at created_at once_hash",
)
class Gap(WorkspaceModel):
    """One thing that arrived and could not be read or applied. `raw` keeps it, sealed, so that a later version can."""

    channel = SameWorkspaceKey("channels.Channel", null=True, on_delete=models.CASCADE, related_name="+")
    conversation = SameWorkspaceKey("inbox.Conversation", null=True, on_delete=models.CASCADE, related_name="gaps")
    reason = models.CharField(max_length=40)
    field = models.CharField(max_length=64, blank=True, default="")
    raw = SealedJSON(null=True)
    at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    once_hash = HashField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "once_hash"], name="inbox_gap_once")]
        indexes = [
            models.Index(fields=["workspace", "conversation", "at"], name="inbox_gap_place"),
            models.Index(fields=["workspace", "channel", "-at"], name="inbox_gap_latest"),
        ]
