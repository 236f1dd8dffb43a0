"""Files whose rows are gone and that have to go from the disk."""

from django.db import models

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="workspace",
    purpose="run",
    keep="system",
    unexported="a note for the machinery, gone within a minute",
    ops="id workspace at",
)
class Condemned(WorkspaceModel):
    """A file that is to be deleted; `id` is its own. Written by the database whenever the row that stood for it is
    deleted, in whatever way, so that no file outlives its row for more than a minute."""

    at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
