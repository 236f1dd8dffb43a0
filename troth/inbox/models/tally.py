"""How much came in and what became of it, so that nothing can go missing unseen."""

from django.db import models

from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="talk",
    keep="workspace",
    export="counts of events",
    ops="id workspace channel day outcome rule count",
)
class Tally(WorkspaceModel):
    """The number of events of a channel on one day (UTC) with one outcome. `came` counts what was read, before anything was
    done with it; `applied`, `ignored` (by a named rule) and `gap` (for a named reason) count what became of it. The three
    together are the first, or something was lost."""

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    outcome = models.CharField(max_length=8)
    rule = models.CharField(max_length=40, blank=True, default="")
    count = models.BigIntegerField(default=0)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "day", "outcome", "rule"], name="inbox_tally_once")
        ]
