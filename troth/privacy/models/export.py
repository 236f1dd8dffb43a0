"""A copy of data on its way to whoever asked for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import HashField, IdField
from troth.base.registry import declares
from troth.privacy.models.case import Case
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel

_PROGRESS = (
    "state done total rows size_bytes created_at started_at beat_at attempt ready_at expires_at used_at failed_at"
    " language"
)


class ExportState(models.TextChoices):
    """Where an export stands."""

    WAITING = "waiting", _("Waiting to be made")
    GATHERING = "gathering", _("Gathering")
    PACKING = "packing", _("Packing")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be made")
    GONE = "gone", _("Deleted")


class ExportProgress(models.Model):
    """What the making of any export has in common. `rows` counts rows by part, `done` of `total` is the progress.

    `attempt` grows whenever a worker begins or takes over: whoever holds an older number stops. The file lies sealed in
    a private folder, under the row's id, and is offered only in state `ready`.
    """

    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    rows = models.JSONField(default=dict)
    size_bytes = models.BigIntegerField(default=0)
    language = models.CharField(max_length=8, default="en")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    attempt = models.IntegerField(default=0)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.state == ExportState.READY:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def is_under_way(self) -> bool:
        return self.state in (ExportState.WAITING, ExportState.GATHERING, ExportState.PACKING)


@declares(
    subject="workspace",
    purpose="rights",
    keep="record",
    export="exports",
    secret="link_hash",  # noqa: S106  # a kind of data
    ops=f"id workspace subject_kind subject_id case made_by used_by link_expires_at link_used_at {_PROGRESS}",
    clear={"link_hash": "a one-way keyed hash"},
)
class Export(ExportProgress, WorkspaceModel):
    """A copy of all data of a workspace (`subject_id` None), or of what is about one contact.

    `link_hash` is of the single-use link by which a contact fetches their own copy without signing in.
    """

    subject_kind = models.CharField(max_length=12)
    subject_id = models.UUIDField(null=True)
    case = SameWorkspaceKey(Case, null=True, related_name="exports")
    made_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    used_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    link_hash = HashField(null=True, unique=True)
    link_expires_at = models.DateTimeField(null=True)
    link_used_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["workspace", "-created_at"], name="privacy_export_latest"),
            models.Index(
                fields=["beat_at"],
                name="privacy_export_alive",
                condition=Q(state__in=["waiting", "gathering", "packing", "ready"]),
            ),
        ]


@declares(
    subject="member",
    reach="user",
    purpose="rights",
    keep="account",
    export="copies of your data",
    ops=f"id user {_PROGRESS}",
)
class PersonalExport(ExportProgress):
    """A copy of what is about one person with an account, across their workspaces."""

    id = IdField()
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="privacy_personal_latest")]


AnyExport = Export | PersonalExport
