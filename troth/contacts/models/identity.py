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


@declares(
    subject="contact",
    reach="contact",
    purpose="people",
    keep="person",
    export="identities",
    customer="value value_hash",
    ops="id workspace contact kind valid_from valid_to source",
    clear={"value_hash": "a keyed hash"},
)
class Identity(WorkspaceModel):
    """One way to know a contact, from when until when. Phones are digits with a plus; ids are verbatim."""

    contact = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16, choices=IdentityKind)
    value = SealedText()
    value_hash = HashField()
    valid_from = models.DateTimeField(default=now)
    valid_to = models.DateTimeField(null=True)
    source = models.CharField(max_length=16, default="message")

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
        ]
