"""What is to be said at a later time."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class ScheduledState(models.IntegerChoices):
    """What became of it. What was said at its time is a message, and no longer here."""

    WAITING = 0, _("Waits for its time")
    NOT_SENT = 1, _("Was not sent")


@declares(
    subject="contact",
    reach="conversation__contact",
    purpose="talk",
    keep="talk",
    export="scheduled messages",
    customer="content",
    ops="id workspace conversation author client_id quoted_id send_at zone state reason created_at",
)
class ScheduledMessage(WorkspaceModel):
    """A message that waits for its time. `content` is the contract's Content as JSON, with the ids of the files
    that it is to carry by their places in it (`files`), which wait as chosen ones of its author; `zone` is the time zone in which the time
    was chosen. `reason` says why it was not sent, as a short word."""

    conversation = SameWorkspaceKey("inbox.Conversation", on_delete=models.CASCADE, related_name="scheduled")
    author = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    content = SealedJSON()
    quoted_id = models.UUIDField(null=True)
    send_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    state = models.SmallIntegerField(choices=ScheduledState, default=ScheduledState.WAITING)
    reason = models.CharField(max_length=16, blank=True, default="")
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "client_id"], name="inbox_scheduled_once")]
        indexes = [
            models.Index(
                fields=["workspace", "send_at"], name="inbox_scheduled_due", condition=Q(state=ScheduledState.WAITING)
            ),
            models.Index(fields=["workspace", "conversation"], name="inbox_scheduled_thread"),
        ]
