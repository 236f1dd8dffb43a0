"""What a person allowed or stopped, as a history of facts."""

from django.db import models

from troth.base.fields import HashField
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="contact",
    purpose="people",
    keep="person",
    export="consents",
    ops="id workspace contact category value source at once_hash",
)
class Consent(WorkspaceModel):
    """One fact: at this instant the person said this about that category. The newest fact of a category holds."""

    contact = SameWorkspaceKey("contacts.Contact", on_delete=models.CASCADE, related_name="consents")
    category = models.CharField(max_length=32)
    value = models.CharField(max_length=16)
    source = models.CharField(max_length=16)
    at = models.DateTimeField()
    once_hash = HashField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["workspace", "once_hash"], name="contacts_consent_once")]
        indexes = [models.Index(fields=["workspace", "contact", "category", "-at"], name="contacts_consent_latest")]
