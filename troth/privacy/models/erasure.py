"""One person, member or workspace on the way to being forgotten, and the proof of it afterwards."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import HashField, IdField, SealedText
from troth.base.registry import declares


class ErasureState(models.TextChoices):
    """How far an erasure is. It only ever moves on; `undone` and `certified` are ends."""

    RESTRICTED = "restricted", _("Waiting")
    UNDONE = "undone", _("Undone")
    PURGING = "purging", _("Being deleted")
    PURGED = "purged", _("Deleted")
    CERTIFIED = "certified", _("Deleted, backups too")


class SubjectKind(models.TextChoices):
    """What is forgotten."""

    CONTACT = "contact", _("Person")
    MEMBER = "member", _("Account")
    WORKSPACE = "workspace", _("Workspace")


RUNNING = (ErasureState.RESTRICTED, ErasureState.PURGING)


@declares(
    subject="workspace",
    purpose="rights",
    keep="record",
    export="erasures",
    erase="keep",
    kept="the certificate: ids, dates and counts, no names, so that it can be shown that and when it was done",
    secret="token token_hash",  # noqa: S106  # a kind of data
    ops="id workspace_id subject_kind subject_id case_id state requested_at actor_kind actor_id undo_until undone_at"
    " purge_began_at purged_at backups_until certified_at steps_done cursor counts facts",
    clear={"token_hash": "a keyed hash"},
)
class Erasure(models.Model):
    """One erasure. `workspace_id` is the workspace that a contact belonged to, None for members and workspaces, whose
    erasures outlive every workspace; no foreign keys, for the same reason. The wall stands in the migration.

    `steps_done`, `cursor` and `counts` are the checkpoint: written in the transaction of what they count. `counts` holds
    by table how many rows went. `facts` holds ids that undoing needs, and what the certificate tells. `token` opens the certificate from outside.
    """

    id = IdField()
    workspace_id = models.UUIDField(null=True)
    subject_kind = models.CharField(max_length=12, choices=SubjectKind)
    subject_id = models.UUIDField()
    case_id = models.UUIDField(null=True)
    state = models.CharField(max_length=12, choices=ErasureState, default=ErasureState.RESTRICTED)
    requested_at = models.DateTimeField(default=now)
    actor_kind = models.CharField(max_length=8)
    actor_id = models.UUIDField(null=True)
    undo_until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    purge_began_at = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)
    backups_until = models.DateTimeField(null=True)
    certified_at = models.DateTimeField(null=True)
    steps_done = models.JSONField(default=list)
    cursor = models.CharField(max_length=64, blank=True, default="")
    counts = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    token = SealedText(installation=True, null=True)
    token_hash = HashField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state__in=["restricted", "purging"]),
                name="privacy_erasure_one_runs",
            ),
            models.CheckConstraint(
                condition=Q(state="undone", undone_at__isnull=False) | (~Q(state="undone") & Q(undone_at=None)),
                name="privacy_erasure_undone_pair",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["purged", "certified"], purged_at__isnull=False, backups_until__isnull=False)
                | (~Q(state__in=["purged", "certified"]) & Q(purged_at=None)),
                name="privacy_erasure_purged_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace_id", "state", "undo_until"], name="privacy_erasure_due"),
            models.Index(fields=["token_hash"], name="privacy_erasure_token"),
        ]

    @property
    def runs(self) -> bool:
        """Whether it is neither done nor undone."""
        return self.state in RUNNING

    def can_be_undone(self) -> bool:
        """Return whether it may still be undone: up to the instant of `undo_until`, not at it."""
        return self.state == ErasureState.RESTRICTED and now() < self.undo_until
