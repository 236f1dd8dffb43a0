"""A fact about a message that is not here yet."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import HashField, SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="none",
    purpose="talk",
    keep="delivered",
    unexported="waits for its message, a few days at most",
    seen="nobody",
    customer="detail target_hash",
    ops="id workspace channel kind at once_hash created_at",
    clear={"target_hash": "a keyed hash"},
)
class PendingChange(WorkspaceModel):
    """A status, edit or deletion that arrived before its message. It is applied when the message comes, or dropped
    and counted as a gap when its time is over."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    target_hash = HashField()
    kind = models.CharField(max_length=8)
    detail = SealedJSON()
    at = models.DateTimeField()
    once_hash = HashField()
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "once_hash"], name="inbox_pending_once")]
        indexes = [models.Index(fields=["workspace", "channel", "target_hash"], name="inbox_pending_target")]
