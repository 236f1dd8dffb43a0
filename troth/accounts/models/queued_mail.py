"""A mail on its way out. Sealed while it waits, forgotten as soon as it is delivered."""

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.fields import IdField, SealedField
from troth.base.registry import declares


@declares(
    subject="member",
    reach="person",
    purpose="notice",
    keep="delivered",
    unexported="nobody's once it is delivered; until then on its way to its reader",
    account="message",
    ops="id kind person created_at try_after tries delivered_at given_up_at",
)
class QueuedMail(models.Model):
    """One mail. `message` is the whole of it, addresses included, and is None once it is delivered or given up.

    `try_after` lies in the future while somebody is delivering it, or while we wait to try again. `kind` is the type of
    the mail; `person` is there where its reader may switch that type off, and perhaps does while the mail waits.
    """

    id = IdField()
    kind = models.CharField(max_length=40, default="")
    person = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    message = SealedField(installation=True, null=True)
    created_at = models.DateTimeField(default=now)
    try_after = models.DateTimeField(default=now)
    tries = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at=None, given_up_at=None, message__isnull=False)
                | (Q(message__isnull=True) & (Q(delivered_at__isnull=False) ^ Q(given_up_at__isnull=False))),
                name="accounts_queuedmail_forgotten_when_done",
            )
        ]
        indexes = [
            models.Index(
                fields=["try_after"],
                condition=Q(delivered_at=None, given_up_at=None),
                name="accounts_queuedmail_waiting",
            )
        ]
