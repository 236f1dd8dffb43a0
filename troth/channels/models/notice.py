"""What Meta told us about a number or its account, kept as a history that people can read."""

from django.db import models

from troth.base.fields import HashField, SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="channel notices",
    customer="detail",
    ops="id workspace channel aspect value at once_hash",
)
class ChannelNotice(WorkspaceModel):
    """One notice. `once_hash` is a keyed hash of the notice itself, so that a repeated delivery adds nothing."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="notices")
    aspect = models.CharField(max_length=32)
    value = models.CharField(max_length=64, blank=True, default="")
    detail = SealedJSON(null=True)
    at = models.DateTimeField()
    once_hash = HashField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "once_hash"], name="channels_notice_once")
        ]
        indexes = [models.Index(fields=["workspace", "channel", "-at"], name="channels_notice_latest")]
