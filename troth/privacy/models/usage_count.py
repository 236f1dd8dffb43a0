"""How often a workspace used a part of the product on one day."""

from django.db import models

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="improve",
    keep="counts",
    export="usage counts",
    usage="day event count",
    ops="id workspace",
)
class UsageCount(WorkspaceModel):
    """One counter. It knows no person, no address of a browser and nothing that anybody wrote."""

    day = models.DateField()
    event = models.CharField(max_length=40)
    count = models.PositiveIntegerField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "day", "event"], name="privacy_usagecount_once")]


@declares(
    subject="workspace",
    purpose="rights",
    keep="workspace",
    export="usage counts",
    ops="id workspace at by",
)
class UsageOptOut(WorkspaceModel):
    """The workspace does not want to be counted. While this row is there no counter of it is kept."""

    at = models.DateTimeField(default=now)
    by = SameWorkspaceKey("workspaces.Membership", related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace"], name="privacy_usageoptout_once")]
