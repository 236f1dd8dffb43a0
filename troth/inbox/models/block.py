"""Somebody whom a number has blocked in WhatsApp."""

from django.db import models

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="contact",
    purpose="talk",
    keep="person",
    export="blocks",
    ops="id workspace channel contact at by",
)
class Block(WorkspaceModel):
    """A contact whom a number has blocked, as WhatsApp confirmed it. `by` is None where it was found there."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    contact = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)
    by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "contact"], name="inbox_block_once")]
