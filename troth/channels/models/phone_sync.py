"""What a phone app hands over of a number that lives in both: its address book and its old messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class SyncKind(models.TextChoices):
    """What is handed over."""

    CONTACTS = "contacts", _("Contacts")
    HISTORY = "history", _("Old messages")


class SyncState(models.TextChoices):
    """How far it is. Only `wanted`, `asked` and `running` may still go on."""

    WANTED = "wanted", _("Will be asked for")
    ASKED = "asked", _("Asked for")
    RUNNING = "running", _("Coming in")
    DONE = "done", _("Complete")
    DECLINED = "declined", _("Not shared")
    LATE = "late", _("Too late")
    FAILED = "failed", _("Refused")


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="phone app",
    ops="id workspace channel kind state code progress phase count chunks begun_at asked_at heard_at",
)
class PhoneSync(WorkspaceModel):
    """One of the two, of one number. Meta hands over each once, and only within a day of connecting.

    `progress` is Meta's own percentage, `phase` the farthest of its three (0 the last day, 1 to 90 days, 2 to 180);
    `count` how many messages or contacts came; `code` is why Meta refused. `begun_at` is when the number was connected
    in this way, from which the day counts. `chunks` are the numbers of the pieces that came of each phase, in ranges of
    first and last: a number that is missing is a piece that never came.
    """

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="phone_syncs")
    kind = models.CharField(max_length=8, choices=SyncKind)
    state = models.CharField(max_length=8, choices=SyncState, default=SyncState.WANTED)
    code = models.IntegerField(null=True)
    progress = models.SmallIntegerField(default=0)
    phase = models.SmallIntegerField(null=True)
    count = models.IntegerField(default=0)
    chunks = models.JSONField(default=dict)
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "channel", "kind"], name="channels_phonesync_once")]
