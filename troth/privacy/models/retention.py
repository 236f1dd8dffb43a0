"""How long a workspace keeps a class of data."""

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="rights",
    keep="workspace",
    export="retention rules",
    ops="id workspace kept days changed_at changed_by acts_from days_before",
)
class RetentionRule(WorkspaceModel):
    """One rule. `days` None means for as long as the workspace exists. It first acts at `acts_from`; until then the rule
    before it (`days_before`) goes on, so that a slip of the hand can be taken back."""

    kept = models.CharField(max_length=16)
    days = models.PositiveIntegerField(null=True)
    days_before = models.PositiveIntegerField(null=True)
    changed_at = models.DateTimeField(default=now)
    changed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    acts_from = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "kept"], name="privacy_retentionrule_once"),
            models.CheckConstraint(
                condition=Q(days=None) | Q(days__gte=1), name="privacy_retentionrule_at_least_a_day"
            ),
        ]
