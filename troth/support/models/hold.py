"""What the operator keeps from being deleted, because a law binds the operator."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares

HOLDS_MAX = timedelta(days=180)  # it can be asked for again then


class HeldKind(models.TextChoices):
    """What a hold names."""

    CONVERSATION = "conversation", _("conversations")
    CONTACT = "contact", _("people, with all that belongs to them")
    WORKSPACE = "workspace", _("the whole workspace")


@declares(
    subject="none",
    purpose="rights",
    keep="record",
    unexported="a register of the installation; the workspace is told of each as soon as the law allows",
    erase="keep",
    kept="evidence of each hold that the law asked of us, and of its ground: ids, and nobody can take it back",
    customer="reference basis gag_basis",
    ops="id workspace_id kind target_ids asked_by asked_at second_by approved_at review_on ended_by ended_at gag_until"
    " told_at",
)
class OperatorHold(models.Model):
    """One hold. It holds once a second person of staff has approved it, until it is ended or its review day is over.

    It stops deletion, and opens nothing to anybody. Columns are written once.
    """

    id = IdField()
    workspace_id = models.UUIDField()
    kind = models.CharField(max_length=12, choices=HeldKind)
    target_ids = ArrayField(models.UUIDField())
    reference = SealedText(installation=True)
    basis = SealedText(installation=True)
    review_on = models.DateField()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    second_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    gag_until = models.DateTimeField(null=True)
    gag_basis = SealedText(null=True, installation=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(second_by=F("asked_by")), name="support_hold_two_people"),
            models.CheckConstraint(
                condition=Q(approved_at=None, second_by=None) | Q(approved_at__isnull=False, second_by__isnull=False),
                name="support_hold_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="support_hold_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(gag_until=None, gag_basis__isnull=True)
                | Q(gag_until__isnull=False, gag_basis__isnull=False),
                name="support_hold_gag_has_basis_and_end",
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """Return whether it stops deletion on this day."""
        return self.approved_at is not None and self.ended_at is None and day <= self.review_on
