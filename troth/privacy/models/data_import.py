"""A copy of data on its way into an empty workspace."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class ImportState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", _("Waiting")
    CHECKING = "checking", _("Being checked")
    RESTORING = "restoring", _("Being restored")
    DONE = "done", _("Restored")
    REFUSED = "refused", _("Refused: nothing was changed")


@declares(
    subject="workspace",
    purpose="rights",
    keep="record",
    export="imports",
    customer="problems",
    ops="id workspace state done total rows made_by created_at beat_at attempt ended_at",
)
class DataImport(WorkspaceModel):
    """One import of an export. `problems` lists what is wrong with the file, by part and line, without repeating it."""

    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rows = models.JSONField(default=dict)
    problems = SealedJSON(null=True)
    made_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    beat_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.state == ImportState.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def is_under_way(self) -> bool:
        return self.state in (ImportState.WAITING, ImportState.CHECKING, ImportState.RESTORING)
