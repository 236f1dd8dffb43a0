"""Somebody asks something about their data."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from troth.base.clock import now
from troth.base.fields import HashField, IdField, SealedText
from troth.base.registry import declares
from troth.privacy.rights.kinds import PRIORITY_DAYS, Kind, Outcome, Proof, Refusal, Route, SubjectKind
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel

DAYS = 30
EXTENSION_DAYS = 60  # once, with a reason (GDPR, article 12(3))
ALARM_DAYS = (20, 27)
_CLOCKS = (
    "opened_at acknowledged_at told_at due_at extended_at alarmed_heard_at alarmed_20_at alarmed_27_at alarmed_late_at"
    " closed_at verified_at token_at"
)
_WORDS = "kind subject_kind route language proof outcome refusal"


def due(opened_at: datetime, kind: str) -> datetime:
    """Return until when a request is to be answered."""
    return opened_at + timedelta(days=PRIORITY_DAYS.get(Kind(kind), DAYS))


class CaseClock(models.Model):
    """What a case of a workspace and one of the operator have in common: what is asked, since when, until when.

    The link to the status page is kept as a keyed hash; whoever lost it gets a new one, and the old one dies. `told_at` is
    when we last answered by ourselves. `source_hash` is of the mail or message that it came with: none is taken in twice.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    subject_kind = models.CharField(max_length=12, choices=SubjectKind)
    subject_id = models.UUIDField(null=True)
    route = models.CharField(max_length=8, choices=Route)
    language = models.CharField(max_length=8, default="en")
    proof = models.CharField(max_length=16, choices=Proof, blank=True, default="")
    verified_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(default=now)
    acknowledged_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    alarmed_heard_at = models.DateTimeField(null=True)
    alarmed_20_at = models.DateTimeField(null=True)
    alarmed_27_at = models.DateTimeField(null=True)
    alarmed_late_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True, default="")
    token_hash = HashField(null=True, unique=True)
    token_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def reference(self) -> str:
        """The short word by which people speak of the case on the phone."""
        return str(self.pk)[-6:].upper()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def days_left(self, *, at: datetime) -> int:
        """Return the days until the case is due, begun ones counted; negative when it is late."""
        left = self.due_at - at
        return -(-left // timedelta(days=1)) if left >= timedelta(0) else left // timedelta(days=1)

    def is_late(self, *, at: datetime) -> bool:
        """Return whether the case should have been answered by now."""
        return self.is_open and at > self.due_at


@declares(
    subject="contact",
    reach="subject_id",
    purpose="rights",
    keep="record",
    export="cases",
    erase="blank",
    kept="that somebody asked, and what was answered when, without their words: the evidence that the right was given",
    customer="words address extension_reason source_hash",
    secret="token_hash code_hash",  # noqa: S106  # a kind of data
    ops=f"id workspace subject_id opened_by closed_by {_WORDS} {_CLOCKS}",
    clear={
        "token_hash": "a one-way keyed hash",
        "code_hash": "a one-way keyed hash",
        "source_hash": "a keyed hash",
    },
)
class Case(CaseClock, WorkspaceModel):
    """A request to a workspace, about one of its contacts. `subject_id` is no key: the case outlives the contact.

    `words` is what was asked in the person's own words, `address` where a mail came from; both are forgotten with the
    contact. `code_hash` is of the word that the person sends in WhatsApp to show that a mail was theirs.
    """

    words = SealedText(null=True)
    address = SealedText(null=True)
    extension_reason = SealedText(null=True)
    code_hash = HashField(null=True)
    source_hash = HashField(null=True)
    opened_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    closed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "source_hash"], name="privacy_case_source_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(outcome=""),
                name="privacy_case_ends_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "due_at"], name="privacy_case_open", condition=Q(closed_at=None)),
            models.Index(fields=["workspace", "subject_id"], name="privacy_case_subject"),
        ]


@declares(
    subject="member",
    reach="subject_id",
    purpose="rights",
    keep="record",
    export="requests",
    erase="blank",
    kept="that somebody asked, and what was answered when, without their words: the evidence that the right was given",
    account="words address extension_reason source_hash",
    secret="token_hash",  # noqa: S106  # a kind of data
    ops=f"id subject_id forwarded_to forwarded_at forward_by alarmed_forward_at {_WORDS} {_CLOCKS}",
    clear={"token_hash": "a one-way keyed hash", "source_hash": "a keyed hash"},
)
class OperatorCase(CaseClock):
    """A request to whoever runs this installation: of a person with an account, or of somebody not known yet.

    `forward_by` is until when a request that is a workspace's to answer is to be handed on; `forwarded_to` is whose.
    Whoever has shown that the request is about their own account ends that clock.
    """

    id = IdField()
    words = SealedText(installation=True, null=True)
    address = SealedText(installation=True, null=True)
    extension_reason = SealedText(installation=True, null=True)
    source_hash = HashField(null=True, unique=True)
    forward_by = models.DateTimeField(null=True)
    alarmed_forward_at = models.DateTimeField(null=True)
    forwarded_at = models.DateTimeField(null=True)
    forwarded_to = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | ~Q(outcome=""),
                name="privacy_operatorcase_ends_somehow",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="privacy_opcase_open", condition=Q(closed_at=None))]

    def is_late_to_hand_on(self, *, at: datetime) -> bool:
        """Return whether a workspace should have got the request by now."""
        waits = self.is_open and self.forwarded_at is None and self.verified_at is None
        return waits and self.forward_by is not None and at > self.forward_by


AnyCase = Case | OperatorCase
