"""One thing that somebody did or looked at."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import IdField
from troth.base.registry import declares


class ActorKind(models.TextChoices):
    """What acted."""

    MEMBER = "member"
    PERSON = "person"  # somebody signed in, outside of any workspace
    STAFF = "staff"
    CONTACT = "contact"
    SYSTEM = "system"


@declares(
    subject="workspace",
    purpose="security",
    keep="record",
    export="audit",
    erase="keep",
    kept="evidence of who did and saw what: ids and verbs; the details of a forgotten person are erased from it",
    audit="detail",
    sealed="detail",
    ops="id workspace_id number at actor_kind actor_id action target_kind target_id detail_hash hash",
)
class Entry(models.Model):
    """One link of a chain. `workspace_id` None is the installation's own chain; no foreign keys, since rows outlive
    what they speak of. `detail` is a salt and JSON, sealed; the chain runs over the hash of those, so that the
    detail can be erased (with its salt, so that nobody can guess it) and the chain still holds. Walls and immutability stand in the migrations."""

    id = IdField()
    workspace_id = models.UUIDField(null=True)
    number = models.BigIntegerField()
    at = models.DateTimeField(default=now)
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    action = models.CharField(max_length=48)
    target_kind = models.CharField(max_length=24, blank=True, default="")
    target_id = models.UUIDField(null=True)
    detail = models.BinaryField(null=True)
    detail_hash = models.BinaryField(null=True)
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "number"], name="audit_entry_once", nulls_distinct=False)
        ]
        indexes = [
            models.Index(fields=["workspace_id", "target_kind", "target_id"], name="audit_entry_target"),
            models.Index(fields=["workspace_id", "action", "at"], name="audit_entry_action"),
        ]
