"""A breach of personal data, or a drill of one, with its clocks."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares

# GDPR article 33; Malaysia, Personal Data Protection Act, section 12B (72 hours; 7 days after that to people).
TELL_AUTHORITY_WITHIN = timedelta(hours=72)
TELL_PEOPLE_WITHIN = timedelta(days=7)


class Exposed(models.TextChoices):
    """What may have got out."""

    MESSAGES = "messages", _("Messages and who wrote them")
    CONTACTS = "contacts", _("Contacts: names and numbers")
    MEMBERS = "members", _("Members: names and sign-in addresses")
    SECRETS = "secrets", _("Tokens and secrets of channels")
    ALL = "all", _("Everything")


@declares(
    subject="none",
    purpose="security",
    keep="record",
    unexported="a register of the installation; whoever is affected is told",
    erase="keep",
    kept="evidence of each breach and of what was done about it: ids and counts, and nobody can take it back",
    customer="summary advice lessons",
    ops="id drill detected_at exposed since until opened_by opened_at authority_due_at people_due_at reckoned_at affected"
    " authority_told_at authority_told_by people_told_at people_told_by closed_at closed_by authority_soon_at"
    " authority_late_at people_soon_at people_late_at",
)
class Breach(models.Model):
    """One breach. `since` and `until` bound when what got out was written; `affected` holds ids of workspaces and counts.
    `..._soon_at` and `..._late_at` are when staff were reminded of a clock. Columns are written once."""

    id = IdField()
    drill = models.BooleanField()
    detected_at = models.DateTimeField()
    exposed = models.CharField(max_length=8, choices=Exposed)
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    summary = SealedText(installation=True)
    advice = SealedText(installation=True)
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField(default=now)
    authority_due_at = models.DateTimeField()
    people_due_at = models.DateTimeField()
    reckoned_at = models.DateTimeField(null=True)
    affected = models.JSONField(null=True)
    authority_told_at = models.DateTimeField(null=True)
    authority_told_by = models.UUIDField(null=True)
    people_told_at = models.DateTimeField(null=True)
    people_told_by = models.UUIDField(null=True)
    authority_soon_at = models.DateTimeField(null=True)
    authority_late_at = models.DateTimeField(null=True)
    people_soon_at = models.DateTimeField(null=True)
    people_late_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    lessons = SealedText(null=True, installation=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(authority_due_at=F("detected_at") + TELL_AUTHORITY_WITHIN)
                & Q(people_due_at=F("detected_at") + TELL_PEOPLE_WITHIN),
                name="support_breach_clocks_run_from_detection",
            ),
        ]
