"""Somebody of the people who run the installation."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import IdField
from troth.base.registry import declares


class StaffRole(models.TextChoices):
    """What somebody of staff is there for. Nobody of them is a member of a workspace by it."""

    SUPPORT = "support", _("Support")
    SECURITY = "security", _("Security")
    LEGAL = "legal", _("Legal")


@declares(
    subject="member",
    reach="user",
    purpose="support",
    keep="record",
    export="staff",
    ops="id user role added_at removed_at",
)
class StaffMember(models.Model):
    """A person of staff; made on the machine only (`python -m django staff add`). Removal keeps the row and its name."""

    id = IdField()
    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=8, choices=StaffRole)
    added_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)
