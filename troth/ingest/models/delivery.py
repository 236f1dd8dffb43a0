"""One raw webhook call, until it is digested."""

from django.db import models
from django.db.models import Q

from troth.base.fields import HashField, IdField, SealedField
from troth.base.registry import declares


@declares(
    subject="none",
    purpose="talk",
    keep="delivered",
    unexported="a raw delivery is digested within seconds and erased; what it said stands in messages",
    seen="nobody",
    customer="body body_hash",
    ops="id channel_id secret_hash received_at digested_at attempts tried_at parked_at outcome",
    clear={"body_hash": "a keyed hash", "secret_hash": "a keyed hash of the secret that signed it"},
)
class Delivery(models.Model):
    """A signed body as it came, sealed under the installation's ring since one body may carry several tenants.

    The body is erased once digested; its keyed hash stays eight days so that Meta's repeats change nothing. `outcome`
    tells for each change what became of it, in words of ours without content.
    """

    id = IdField()
    channel_id = models.UUIDField()
    secret_hash = HashField()
    body = SealedField(installation=True, null=True)
    body_hash = HashField()
    received_at = models.DateTimeField()
    digested_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)
    outcome = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel_id", "body_hash"], name="ingest_delivery_once")]
        indexes = [
            models.Index(fields=["id"], name="ingest_delivery_waiting", condition=Q(digested_at=None, parked_at=None)),
            models.Index(
                fields=["tried_at"],
                name="ingest_delivery_again",
                condition=Q(digested_at=None, parked_at=None, attempts__gt=0),
            ),
            models.Index(fields=["received_at"], name="ingest_delivery_age"),
        ]
