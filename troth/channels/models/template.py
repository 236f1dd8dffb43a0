"""Text approved by Meta, as far as webhooks have told us of it."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="templates",
    customer="components",
    ops="id workspace account_id external_id name language status quality category reason changed_at created_at",
)
class MessageTemplate(WorkspaceModel):
    """One template in one language. `changed_at` is Meta's instant of the newest fact, so late facts change nothing."""

    account_id = models.CharField(max_length=64)
    external_id = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    status = models.CharField(max_length=32, blank=True, default="")
    quality = models.CharField(max_length=16, blank=True, default="")
    category = models.CharField(max_length=32, blank=True, default="")
    reason = models.CharField(max_length=64, blank=True, default="")
    components = SealedJSON(null=True)
    changed_at = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account_id", "name", "language"], name="channels_template_once"
            )
        ]
