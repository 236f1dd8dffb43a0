"""Two contacts that are one person."""

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach=("kept", "merged"),
    purpose="people",
    keep="person",
    export="merges",
    ops="id workspace kept merged reason lent at by undone_at undone_by",
)
class Merge(WorkspaceModel):
    """`merged` was made part of `kept`, by a member or, where WhatsApp itself said so, by nobody.

    Nothing of `merged` moved; `lent` says which of its names `kept` bears for want of one ("name", "profile").
    """

    kept = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    merged = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=32)
    lent = models.CharField(max_length=16, blank=True, default="")
    at = models.DateTimeField(default=now)
    by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "merged"], condition=Q(undone_at=None), name="contacts_merge_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None) | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="contacts_merge_undone_pair",
            ),
        ]
