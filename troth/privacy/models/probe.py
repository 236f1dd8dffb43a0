"""What a look at the running installation found."""

from typing import ClassVar

from django.db import models

from troth.base.fields import IdField
from troth.base.registry import declares


class ProbeResultQuerySet(models.QuerySet["ProbeResult"]):
    """Results by probe and time."""

    def latest_of_each(self) -> "dict[str, ProbeResult]":
        """Return the newest result of each probe, by name."""
        return {row.name: row for row in self.order_by("name", "-at").distinct("name")}


@declares(
    subject="none",
    purpose="rights",
    keep="system",
    unexported="says nothing of anybody: counts and durations of the installation",
    ops="id name at ok words details",
)
class ProbeResult(models.Model):
    """One answer of one probe: whether all was well, in words and in numbers."""

    id = IdField()
    name = models.CharField(max_length=40)
    at = models.DateTimeField()
    ok = models.BooleanField()
    words = models.CharField(max_length=200)
    details = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["ProbeResult"]] = ProbeResultQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name", "-at"], name="privacy_proberesult_newest")]
