"""Looking without being asked: for security or law only, by two people, for an hour at most."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares
from troth.support.models.sight import Sight, ticks_are_for_chosen

LASTS_MAX = timedelta(minutes=60)


class Ground(models.TextChoices):
    """There are no others."""

    SECURITY = "security", _("Security")
    LAW = "law", _("Law")


@declares(
    subject="none",
    purpose="security",
    keep="record",
    unexported="a register of the installation; the owner is told of each, and the access log shows it",
    erase="keep",
    kept="evidence of each look of our people that nobody had asked for, and of its ground: nobody can take it back",
    customer="reason bar_basis",
    ops="id workspace_id ground kind names bodies conversation_ids asked_by asked_at second_by approved_at expires_at"
    " ended_at ended_by bar_until told_at",
)
class BreakGlass(Sight):
    """One look behind the glass. Who asked looks; somebody else approved. Columns are written once (migrations/0002)."""

    id = IdField()
    workspace_id = models.UUIDField()
    ground = models.CharField(max_length=8, choices=Ground)
    reason = SealedText(installation=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    second_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    bar_until = models.DateTimeField(null=True)
    bar_basis = SealedText(null=True, installation=True)
    told_at = models.DateTimeField(null=True)

    @property
    def alive(self) -> bool:
        """Whether whoever asked may look now."""
        return self.expires_at is not None and self.ended_at is None and self.expires_at > now()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(second_by=F("asked_by")), name="support_glass_two_people"),
            models.CheckConstraint(
                condition=Q(approved_at=None, second_by=None, expires_at=None)
                | Q(approved_at__isnull=False, second_by__isnull=False, expires_at__isnull=False),
                name="support_glass_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__lte=F("approved_at") + LASTS_MAX),
                name="support_glass_an_hour_at_most",
            ),
            models.CheckConstraint(
                condition=Q(bar_until=None, bar_basis__isnull=True)
                | Q(bar_until__isnull=False, bar_basis__isnull=False, ground=Ground.LAW),
                name="support_glass_bar_has_ground_and_end",
            ),
            ticks_are_for_chosen("support_glass_ticks"),
        ]
