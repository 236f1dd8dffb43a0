"""A person outside, or a group of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="",
    purpose="people",
    keep="person",
    export="contacts",
    customer="name profile_name username name_tokens",
    ops="id workspace is_group created_at changed_at merged_into profile_at erasing_at disputed_at objected_at",
    clear={"name_tokens": "keyed hashes of words; only their frequency shows"},
)
class Contact(WorkspaceModel):
    """A person outside. `name` is what a member typed and wins; `profile_name` and `username` are what
    WhatsApp last said, at `profile_at`; a username changes hands, so it never finds anybody.

    `erasing_at` is since when the contact is to be forgotten: nobody sees it, and nothing is done with it but keeping.
    `disputed_at` is since when its data are disputed: owners and admins see it, and nothing is sent. `objected_at` is
    since when it wants no marketing.
    """

    name = SealedText(null=True)
    profile_name = SealedText(null=True)
    username = SealedText(null=True)
    profile_at = models.DateTimeField(null=True)
    name_tokens = ArrayField(models.IntegerField(), default=list)
    is_group = models.BooleanField(default=False)
    merged_into = SameWorkspaceKey("contacts.Contact", null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    erasing_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False

    @property
    def restricted(self) -> bool:
        """Whether nothing may be done with this contact but keeping it."""
        return self.erasing_at is not None or self.disputed_at is not None
