"""The notice of a version of the policy that matters."""

from django.db import models

from troth.base.fields import IdField
from troth.base.registry import declares


@declares(
    subject="none",
    purpose="rights",
    keep="system",
    unexported="says nothing of anybody: when all owners were told of a new policy",
    ops="id version sent_at effective_at mails owners",
)
class PolicyNotice(models.Model):
    """When this installation told its owners of a version, and when the version takes effect here therefore.

    `owners` counts the people who own a workspace, `mails` those among them for whom a mail was queued.
    """

    id = IdField()
    version = models.CharField(max_length=20, unique=True)
    sent_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    owners = models.PositiveIntegerField()
    mails = models.PositiveIntegerField()
