"""Texts that Meta approves, as it told us of them; and how far the last look at all of them got."""

from datetime import timedelta

from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedJSON, SealedText
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="templates",
    customer="components advice",
    ops="id workspace account_id external_id name language status quality category reason parameter_format"
    " correct_category previous_category category_at edits put_away_at changed_at created_at",
)
class MessageTemplate(WorkspaceModel):
    """One template in one language. `changed_at` is Meta's instant of the newest fact, so late facts change nothing.

    `components` is Meta's list of components, or, where the template was never read as a whole, what a webhook told of it.
    `correct_category` is what Meta wants it to be, from `category_at` on; `advice` is Meta's own word on a rejection;
    `edits` are the instants at which we changed it, since Meta counts them. One that was put away here (`put_away_at`) stands
    in no list and in no picker until it is taken out; Meta knows nothing of that.
    """

    account_id = models.CharField(max_length=64)
    external_id = models.CharField(max_length=64, blank=True, default="")
    name = models.CharField(max_length=512)
    language = models.CharField(max_length=16)
    status = models.CharField(max_length=32, blank=True, default="")
    quality = models.CharField(max_length=16, blank=True, default="")
    category = models.CharField(max_length=32, blank=True, default="")
    reason = models.CharField(max_length=64, blank=True, default="")
    components = SealedJSON(null=True)
    parameter_format = models.CharField(max_length=16, blank=True, default="")
    correct_category = models.CharField(max_length=32, blank=True, default="")
    previous_category = models.CharField(max_length=32, blank=True, default="")
    category_at = models.DateTimeField(null=True)
    advice = SealedText(null=True)
    edits = models.JSONField(default=list)
    put_away_at = models.DateTimeField(null=True)
    changed_at = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "account_id", "name", "language"], name="channels_template_once"
            )
        ]

    @property
    def is_sendable(self) -> bool:
        """Whether Meta takes messages of it, and we know what it says."""
        return self.status in SENDABLE and isinstance(self.components, list)


# Meta's words for what may be sent: the last one is said once an appeal or a pause has ended well.
SENDABLE = ("APPROVED", "REINSTATED")
# What Meta takes into its archive, and what lies there. Source: Meta, "Template archival" (read 2026-11-29).
ARCHIVABLE = ("APPROVED", "REJECTED", "REINSTATED", "UNARCHIVED")
ARCHIVED = ("ARCHIVED",)
GIVEN_UP_AFTER = timedelta(minutes=10)


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="template syncs",
    ops="id workspace account_id asked_at began_at ended_at seen problem",
)
class TemplateSync(WorkspaceModel):
    """The last look at all templates of an account. `seen` counts those read so far, `problem` is why it ended early."""

    account_id = models.CharField(max_length=64)
    asked_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    seen = models.IntegerField(default=0)
    problem = models.CharField(max_length=32, blank=True, default="")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "account_id"], name="channels_sync_once")]

    @property
    def is_running(self) -> bool:
        """Whether it is asked for or under way; one that a killed worker left behind is waited for no longer."""
        since = max(
            (at for at in (self.asked_at, self.began_at if self.ended_at is None else None) if at), default=None
        )
        return since is not None and now() - since < GIVEN_UP_AFTER
