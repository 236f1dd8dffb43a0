"""How a number, its account and its portfolio stand with Meta, as far as Meta has said."""

from django.db import models

from troth.base.fields import SealedJSON
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="portfolios",
    ops="id workspace business_id limit limit_at",
)
class Portfolio(WorkspaceModel):
    """A business portfolio at Meta. How many people may be written to in a day is counted for all its numbers together.

    `limit` is Meta's word ("TIER_2K"), `limit_at` the instant at which it was told.
    """

    business_id = models.CharField(max_length=64)
    limit = models.CharField(max_length=32, blank=True, default="")
    limit_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "business_id"], name="channels_portfolio_once")]


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="business accounts",
    ops="id workspace account_id portfolio currency review verification asked_at",
)
class BusinessAccount(WorkspaceModel):
    """A WhatsApp Business account: which portfolio it belongs to, and the currency in which Meta bills it."""

    account_id = models.CharField(max_length=64)
    portfolio = SameWorkspaceKey("channels.Portfolio", null=True, on_delete=models.SET_NULL, related_name="accounts")
    currency = models.CharField(max_length=3, blank=True, default="")
    review = models.CharField(max_length=24, blank=True, default="")
    verification = models.CharField(max_length=40, blank=True, default="")
    asked_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "account_id"], name="channels_account_once")]


@declares(
    subject="workspace",
    purpose="connect",
    keep="workspace",
    export="health of channels",
    customer="parts",
    ops="id workspace channel overall throughput name_status token_expires_at token_warned_at answer asked_at answered_at",
)
class ChannelHealth(WorkspaceModel):
    """What Meta said of one number when it was asked last.

    `overall` is AVAILABLE, LIMITED or BLOCKED; `parts` lists what stands between the business and its customers, each with
    Meta's own reasons. `answer` is the code of a check: "ok", or why Meta could not be asked.
    """

    channel = SameWorkspaceKey("channels.Channel", on_delete=models.CASCADE, related_name="+")
    overall = models.CharField(max_length=16, blank=True, default="")
    parts = SealedJSON(null=True)
    throughput = models.CharField(max_length=24, blank=True, default="")
    name_status = models.CharField(max_length=32, blank=True, default="")
    token_expires_at = models.DateTimeField(null=True)
    token_warned_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=32, blank=True, default="")
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "channel"], name="channels_health_once")]
