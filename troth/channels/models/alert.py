"""What Meta has changed and owners and admins are still to be told of by mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


class About(models.TextChoices):
    """What a mail tells of, in a line of it."""

    LIMIT = "limit", _("How many people may be written to first in a day is different now.")
    QUALITY = "quality", _("The quality of a number is different now.")
    SPEED = "speed", _("How fast a number may send is different now.")
    NAME = "name", _("The name that customers see was reviewed.")
    APPROVED = "approved", _("A template was approved.")
    TEMPLATE = "template", _("A template was rejected, paused, switched off, or is liked less.")
    CATEGORY = "category", _("A template is put into another category, which may cost more.")
    NOTICE = "notice", _("Meta has a notice about an account.")
    REVIEW = "review", _("An account was reviewed.")
    OVER = "over", _("What stood against an account is over. What waited because of it leaves by itself.")
    PIN = (
        "pin",
        _("A number's PIN was changed, or somebody asked to take it off. If that was nobody of yours, act now."),
    )
    HISTORY = "history", _("Old messages of the phone app did not all come.")


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    unexported="a mail tells of it within minutes, and it is gone",
    ops="id workspace about created_at",
)
class DueAlert(WorkspaceModel):
    """One thing to be told. Several that come together are told in one mail."""

    about = models.CharField(max_length=12, choices=About)
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "about"], name="channels_duealert_once")]
