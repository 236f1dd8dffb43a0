"""What was given to an authority, because the law asks for it."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares
from troth.support.models.sight import Sight, ticks_are_for_chosen

ANSWER_WITHIN = timedelta(days=14)  # where the authority names no day


@declares(
    subject="none",
    purpose="rights",
    keep="record",
    unexported="a register of the installation; the workspace is told of each as soon as the law allows",
    erase="keep",
    kept="evidence of each demand of an authority and of our answer: nobody can take it back, and what was given is not in it",
    customer="authority reference basis refusal gag_basis",
    ops="id workspace_id kind names bodies conversation_ids asked_by asked_at second_by approved_at refused_by refused_at"
    " made_by made_at made_hash made_counts gag_until told_at answer_by alarmed_soon_at alarmed_late_at",
)
class LegalDisclosure(Sight):
    """One demand and what became of it. What was given is not kept, its hash is. Columns are written once.

    `answer_by` is until when it is to be answered: given or refused.
    """

    id = IdField()
    workspace_id = models.UUIDField()
    authority = SealedText(installation=True)
    reference = SealedText(installation=True)
    basis = SealedText(installation=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    answer_by = models.DateTimeField(null=True)
    alarmed_soon_at = models.DateTimeField(null=True)
    alarmed_late_at = models.DateTimeField(null=True)
    second_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    refused_by = models.UUIDField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = SealedText(null=True, installation=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(null=True)
    made_hash = models.BinaryField(null=True)
    made_counts = models.JSONField(null=True)
    gag_until = models.DateTimeField(null=True)
    gag_basis = SealedText(null=True, installation=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(second_by=F("asked_by")), name="support_disclosure_two_people"),
            models.CheckConstraint(
                condition=Q(approved_at=None, second_by=None) | Q(approved_at__isnull=False, second_by__isnull=False),
                name="support_disclosure_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(refused_at=None, refused_by=None)
                | Q(refused_at__isnull=False, refused_by__isnull=False, approved_at=None),
                name="support_disclosure_refused_pair",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None, made_by=None, made_hash=None)
                | Q(made_at__isnull=False, made_by__isnull=False, made_hash__isnull=False, approved_at__isnull=False),
                name="support_disclosure_made_after_approval",
            ),
            models.CheckConstraint(
                condition=Q(gag_until=None, gag_basis__isnull=True)
                | Q(gag_until__isnull=False, gag_basis__isnull=False),
                name="support_disclosure_gag_has_basis_and_end",
            ),
            ticks_are_for_chosen("support_disclosure_ticks"),
        ]
