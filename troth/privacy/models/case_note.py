"""What was done about a case, and said."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.privacy.models.case import Case
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="case__subject_id",
    purpose="rights",
    keep="record",
    export="case notes",
    customer="text",
    ops="id workspace case author at",
)
class CaseNote(WorkspaceModel):
    """One note. `author` None is the product itself."""

    case = SameWorkspaceKey(Case, on_delete=models.CASCADE, related_name="notes")
    author = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    text = SealedText()
    at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["workspace", "case", "at"], name="privacy_casenote_order")]
