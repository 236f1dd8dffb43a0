"""One way to know a contact."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import HashField, SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class IdentityKind(models.TextChoices):
    """How a person is known."""

    PHONE = "phone", _("Phone")
    BSUID = "bsuid", _("WhatsApp id for this business")
    PARENT_BSUID = "parent_bsuid", _("WhatsApp id for the parent business")
    GROUP = "group", _("Group")


OLD_FORM, ONE_FORM = 1, 2  # what a hash is of: one way to write a number, or all of them


@declares(
    subject="contact",
    reach="contact",
    purpose="people",
    keep="person",
    export="identities",
    customer="value value_hash",
    ops="id workspace contact kind account valid_from valid_to source hash_form",
    clear={"value_hash": "a keyed hash"},
)
class Identity(WorkspaceModel):
    """One way to know a contact, from when until when. Phones are digits with a plus; ids are verbatim.

    `account` is the business account of ours by which Meta named an id first: within it a person has one id at a time.
    `value_hash` is the same for all ways in which WhatsApp may write one number, but for those of `hash_form` 1, which a job
    is about to see to.
    """

    contact = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16, choices=IdentityKind)
    value = SealedText()
    value_hash = HashField()
    account = models.CharField(max_length=64, blank=True, default="", db_default="")
    valid_from = models.DateTimeField(default=now)
    valid_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=16, default="message")
    hash_form = models.SmallIntegerField(default=ONE_FORM, db_default=ONE_FORM)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "kind", "value_hash"],
                condition=Q(valid_to=None),
                name="contacts_identity_once",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "value_hash"], name="contacts_identity_hash"),
            models.Index(fields=["workspace", "contact"], name="contacts_identity_contact"),
            models.Index(
                fields=["workspace", "id"], name="contacts_identity_old_hash", condition=Q(hash_form=OLD_FORM)
            ),
        ]
