"""A legal hold: stops the deletion of what it lists, and lets nobody read it."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="rights",
    keep="record",
    export="holds",
    customer="basis reference",
    ops="id workspace asked_by asked_at approver_kind approver_id approved_at review_on released_at released_by",
)
class Hold(WorkspaceModel):
    """One hold. It holds once a second person has approved it, until it is released or its review day is over."""

    basis = SealedText()
    reference = SealedText()
    asked_by = SameWorkspaceKey("workspaces.Membership", related_name="+")
    asked_at = models.DateTimeField(default=now)
    approver_kind = models.CharField(max_length=8, blank=True, default="")
    approver_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    review_on = models.DateField()
    released_at = models.DateTimeField(null=True)
    released_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at=None, approver_id=None)
                | Q(approved_at__isnull=False, approver_id__isnull=False),
                name="privacy_hold_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(approver_id=None) | ~Q(approver_id=F("asked_by")), name="privacy_hold_by_two"
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """Return whether it stops deletion on this day."""
        return self.approved_at is not None and self.released_at is None and day <= self.review_on


class HeldKind(models.TextChoices):
    """What a hold may list."""

    CONTACT = "contact"
    CONVERSATION = "conversation"
    WORKSPACE = "workspace"


@declares(
    subject="workspace",
    purpose="rights",
    keep="record",
    export="held records",
    ops="id workspace hold kind target_id",
)
class HeldRecord(WorkspaceModel):
    """One thing that a hold lists: a contact or a conversation by id, or the whole workspace."""

    hold = SameWorkspaceKey("privacy.Hold", on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=12, choices=HeldKind)
    target_id = models.UUIDField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "hold", "kind", "target_id"], name="privacy_heldrecord_once")
        ]
        indexes = [models.Index(fields=["workspace", "kind", "target_id"], name="privacy_heldrecord_target")]
