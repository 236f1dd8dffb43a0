"""How requests may come in to one workspace."""

from django.db import models

from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="workspace",
    purpose="rights",
    keep="workspace",
    export="ways in for requests",
    ops="id workspace answers_in_whatsapp",
)
class Intake(WorkspaceModel):
    """A workspace's choice; without a row, requests in WhatsApp are answered there."""

    answers_in_whatsapp = models.BooleanField(default=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace"], name="privacy_intake_once")]
