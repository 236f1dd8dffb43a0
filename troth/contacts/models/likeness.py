"""Two contacts that may be one person."""

from django.db import models

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach=("first", "second"),
    purpose="people",
    keep="person",
    export="likenesses",
    ops="id workspace first second reason seen_at settled_at settled_by",
)
class Likeness(WorkspaceModel):
    """A suggestion to merge: an event named both. `first` has the smaller id, so that a pair stands once."""

    first = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    second = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=32)
    seen_at = models.DateTimeField(default=now)
    settled_at = models.DateTimeField(null=True)
    settled_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "first", "second"], name="contacts_likeness_once")]
