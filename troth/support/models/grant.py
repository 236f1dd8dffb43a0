"""A customer's permission for staff: narrow, for reading, for 72 hours at most."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.registry import declares
from troth.support.models.help import HelpRequest
from troth.support.models.sight import Sight, ticks_are_for_chosen
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel

LASTS_MAX = timedelta(hours=72)


class Ending(models.TextChoices):
    """Why a grant ended."""

    EXPIRED = "expired", _("its time was over")
    REVOKED = "revoked", _("it was stopped")
    NARROWED = "narrowed", _("it was narrowed")
    CLOSED = "closed", _("the request was closed")
    DECLINED = "declined", _("it was declined")
    LAPSED = "lapsed", _("whoever gave it or said yes to it may not any more")
    RESTORED = "restored", _("a backup was restored")


@declares(
    subject="member",
    reach="given_by",
    purpose="support",
    keep="record",
    export="grants",
    ops="id workspace request kind names bodies conversation_ids given_by given_at expires_at starts_at approved_by"
    " ended_at ended_by ending",
)
class Grant(Sight, WorkspaceModel):
    """Lives from `starts_at` (none while somebody's yes is awaited) until `expires_at` or `ended_at`.

    What it shows never changes: narrowing ends it and gives another. A trigger sees to that (migrations/0002).
    """

    request = SameWorkspaceKey(HelpRequest, on_delete=models.CASCADE, related_name="grants")
    given_by = SameWorkspaceKey("workspaces.Membership", related_name="+")
    given_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    approved_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    ending = models.CharField(max_length=8, choices=Ending, null=True)  # noqa: DJ001  # null until it ends

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("given_at") + LASTS_MAX), name="support_grant_72_hours_at_most"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending=None) | Q(ended_at__isnull=False, ending__isnull=False),
                name="support_grant_ended_pair",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None, approved_by=None) | Q(starts_at__isnull=False, approved_by__isnull=False),
                name="support_grant_approved_pair",
            ),
            ticks_are_for_chosen("support_grant_ticks"),
        ]
        indexes = [
            models.Index(fields=["workspace", "expires_at"], name="support_grant_alive", condition=Q(ended_at=None))
        ]
