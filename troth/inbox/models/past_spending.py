"""What messages cost that are deleted by now: counts, which name nobody who was written to."""

from django.db import models

from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="talk",
    keep="workspace",
    export="spending on deleted messages",
    ops="id workspace channel author day category kind country failed delivered count",
)
class PastSpending(WorkspaceModel):
    """How many deleted messages of one day (UTC) had one price: that of Meta's `category` and `kind` in a `country`."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    author = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    day = models.DateField()
    category = models.CharField(max_length=64, blank=True, default="")
    kind = models.CharField(max_length=64, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    failed = models.BooleanField(default=False)
    delivered = models.BooleanField(default=False)
    count = models.BigIntegerField(default=0)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "workspace", "day", "channel", "author", "category", "kind", "country", "failed", "delivered",
                ],
                name="inbox_pastspending_once",
                nulls_distinct=False,
            )
        ]  # fmt: skip
