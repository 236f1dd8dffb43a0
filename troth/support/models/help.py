"""A request for help, which is a thread."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel

ANSWER_WITHIN = timedelta(hours=24)


class Problem(models.TextChoices):
    """What help is asked for; the narrowest sight that serves stands with it in `requests.FITTING`."""

    NUMBER = "number", _("A number is not connected, or nothing arrives or leaves")
    INBOX = "inbox", _("The inbox shows something wrong")
    CONVERSATION = "conversation", _("Something about certain conversations")
    ACCOUNT = "account", _("Members, sign-in or my account")
    PRIVACY = "privacy", _("Privacy, or what you may see")
    OTHER = "other", _("Something else")


@declares(
    subject="member",
    reach="asked_by",
    purpose="support",
    keep="workspace",
    export="help requests",
    ops="id workspace problem asked_by asked_at due_at answered_at closed_at closed_by closed_by_staff alarmed_soon_at"
    " alarmed_late_at",
)
class HelpRequest(WorkspaceModel):
    """One request. `due_at` is when an answer is due; none means that the member's word is awaited.

    The alarms are of this `due_at`: a new one begins without (`clocks.py`).
    """

    problem = models.CharField(max_length=16, choices=Problem)
    asked_by = SameWorkspaceKey("workspaces.Membership", related_name="+")
    asked_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    closed_by_staff = models.UUIDField(null=True)
    alarmed_soon_at = models.DateTimeField(null=True)
    alarmed_late_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, closed_by_staff=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False, closed_by_staff=None)
                | Q(closed_at__isnull=False, closed_by=None, closed_by_staff__isnull=False),
                name="support_help_closed_pair",
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="support_help_open", condition=Q(closed_at=None))]

    @property
    def state(self) -> str:
        """Open, answered or closed."""
        if self.closed_at is not None:
            return "closed"
        return "open" if self.due_at is not None else "answered"

    @property
    def state_label(self) -> str:
        """The state in the reader's language."""
        labels = {"open": _("Waiting for us"), "answered": _("Answered"), "closed": _("Closed")}
        return str(labels[self.state])


@declares(
    subject="member",
    reach="request__asked_by",
    purpose="support",
    keep="workspace",
    export="help messages",
    customer="text",
    ops="id workspace request member staff_id at",
)
class HelpMessage(WorkspaceModel):
    """What was said in a thread: by a member, or by somebody of staff (a user's id)."""

    request = SameWorkspaceKey(HelpRequest, on_delete=models.CASCADE, related_name="messages")
    member = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    staff_id = models.UUIDField(null=True)
    text = SealedText()
    at = models.DateTimeField(default=now)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=Q(member=None) | Q(staff_id=None),
                name="support_message_one_author",
            )
        ]
