"""A person outside, or a group of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class Source(models.TextChoices):
    """Where a contact came from first."""

    MESSAGE = "message", _("A message")
    PHONE_APP = "phone_app", _("The phone app's address book")
    MEMBER = "member", _("A member, who wrote first")


@declares(
    subject="contact",
    reach="",
    purpose="people",
    keep="person",
    export="contacts",
    customer="name profile_name username name_tokens security_hash",
    ops="id workspace is_group created_at changed_at merged_into profile_at erasing_at disputed_at objected_at"
    " security_at security_changed_at security_confirmed_at source",
    clear={"name_tokens": "keyed hashes of words; only their frequency shows"},
)
class Contact(WorkspaceModel):
    """A person outside. `name` is what a member typed and wins; `profile_name` and `username` are what
    WhatsApp last said, at `profile_at`; a username changes hands, so it never finds anybody.

    `erasing_at` is since when the contact is to be forgotten: nobody sees it, and nothing is done with it but keeping.
    `disputed_at` is since when its data are disputed: owners and admins see it, and nothing is sent. `objected_at` is
    since when it wants no marketing.
    `security_hash` is what WhatsApp last said, at `security_at`, of the keys of the person's phone. They changed last at
    `security_changed_at`; a member made sure at `security_confirmed_at` that it is still the same person.
    """

    name = SealedText(null=True)
    profile_name = SealedText(null=True)
    username = SealedText(null=True)
    profile_at = models.DateTimeField(null=True)
    name_tokens = ArrayField(models.IntegerField(), default=list)
    is_group = models.BooleanField(default=False)
    source = models.CharField(max_length=16, choices=Source, default=Source.MESSAGE, db_default=Source.MESSAGE)
    merged_into = SameWorkspaceKey("contacts.Contact", null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    erasing_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True)
    security_hash = SealedText(null=True)
    security_at = models.DateTimeField(null=True)
    security_changed_at = models.DateTimeField(null=True)
    security_confirmed_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False

    @property
    def restricted(self) -> bool:
        """Whether nothing may be done with this contact but keeping it."""
        return self.erasing_at is not None or self.disputed_at is not None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether the security code changed and nobody made sure since that it is still the same person."""
        changed, sure = self.security_changed_at, self.security_confirmed_at
        return changed is not None and (sure is None or changed > sure)
