"""Somebody who was forgotten, as far as it takes not to bring them back."""

from django.db import models

from troth.base.fields import HashField
from troth.base.registry import declares
from troth.workspaces.models import WorkspaceModel


@declares(
    subject="none",
    purpose="rights",
    keep="record",
    unexported="a keyed hash: it says nothing about anybody, and finds only who comes back",
    erase="keep",
    kept="a keyed hash of each number or id, so that no import, sync or history brings the person back",
    customer="value_hash",
    ops="id workspace kind erased_at erasure_id",
    clear={"value_hash": "a keyed hash"},
)
class Suppression(WorkspaceModel):
    """One way by which somebody was known, as a keyed hash. What happened up to `erased_at` under it is dropped;
    what the person does afterwards is done by somebody new."""

    kind = models.CharField(max_length=16)
    value_hash = HashField()
    erased_at = models.DateTimeField()
    erasure_id = models.UUIDField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "value_hash", "kind", "erasure_id"], name="contacts_suppression_once"
            )
        ]
