"""A workspace whose sending was stopped by the people who run the installation."""

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="workspace",
    purpose="security",
    keep="record",
    export="stops of sending",
    customer="reason",
    ops="id workspace stopped_at stopped_by lifted_at lifted_by",
)
class SendingStop(WorkspaceModel):
    """While one is not lifted, nothing leaves any number of the workspace: what is written waits. It opens nothing to
    whoever stopped (a user's id). `reason` is for the members."""

    reason = SealedText()
    stopped_at = models.DateTimeField(default=now)
    stopped_by = models.UUIDField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(lifted_at=None), name="channels_sendingstop_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="channels_sendingstop_lifted_pair",
            ),
        ]
