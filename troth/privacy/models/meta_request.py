"""A request that Meta passed on for one of its people, so that the same one is not taken twice."""

from typing import ClassVar

from django.db import models

from troth.base.clock import now
from troth.base.fields import HashField, IdField
from troth.base.registry import declares


@declares(
    subject="none",
    purpose="rights",
    keep="record",
    unexported="a hash that leads to nobody whom we know",
    ops="id kind person_hash request_hash case_id received_at",
)
class MetaRequest(models.Model):
    """One callback. Of the person only a keyed hash of an id that means something within one app; the case has the rest."""

    id = IdField()
    kind = models.CharField(max_length=12)
    person_hash = HashField()
    request_hash = HashField(unique=True)
    case_id = models.UUIDField(null=True)
    received_at = models.DateTimeField(default=now)

    objects: ClassVar[models.Manager["MetaRequest"]] = models.Manager()
