"""What Meta charges for a message, as somebody here has entered it."""

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="rates",
    seen="admins",
    ops="id workspace currency market category valid_from amount created_at created_by",
)
class Rate(WorkspaceModel):
    """One price, from a day on until a later one takes its place. Never changed by us: Meta's rates are data.

    `market` is a country's two letters, or the key of one of Meta's regions (`troth/channels/markets.py`).
    """

    currency = models.CharField(max_length=3)
    market = models.CharField(max_length=24)
    category = models.CharField(max_length=40)
    valid_from = models.DateField()
    amount = models.DecimalField(max_digits=14, decimal_places=6)
    created_at = models.DateTimeField(default=now)
    created_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "currency", "market", "category", "valid_from"], name="channels_rate_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="channels_rate_not_negative"),
        ]
