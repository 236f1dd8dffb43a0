"""One bubble, either way."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import HashField, SealedJSON, SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class Direction(models.TextChoices):
    """Which way a message went. `echo` was written by us elsewhere: in the phone app of a shared number."""

    IN = "in", _("From the customer")
    OUT = "out", _("From us")
    ECHO = "echo", _("From us, in the phone app")


class MessageStatus(models.IntegerChoices):
    """What became of a message of ours; a status only ever moves to a higher number.

    `failed` stands below `delivered` because a phone's own receipt is the stronger evidence: whatever the order in
    which the two facts arrive, the end is the same (docs/decisions/0003-statuses.md).
    """

    RECEIVED = 0, _("Received")
    QUEUED = 10, _("Waiting to be sent")
    SENDING = 20, _("Being sent")
    UNCERTAIN = 30, _("Not sure whether it was sent")
    SENT = 40, _("Sent")
    FAILED = 50, _("Not delivered")
    DELIVERED = 60, _("Delivered")
    READ = 70, _("Read")
    PLAYED = 80, _("Played")


@declares(
    subject="contact",
    reach=("conversation__contact", "sender"),
    purpose="talk",
    keep="talk",
    export="messages",
    customer="content external_id external_hash quote_id quote_hash tokens country",
    ops="id workspace conversation channel direction kind status at author sender client_id created_at sent_at"
    " delivered_at read_at failed_at edited_at edit_hash revoked_at error_code attempts next_attempt_at lane sending_at"
    " pricing priced_at forwarded history held farewell category",
    clear={
        "external_hash": "a keyed hash",
        "quote_hash": "a keyed hash",
        "edit_hash": "a keyed hash",
        "tokens": "keyed hashes of words; only their frequency shows",
        "country": "two letters of the number's country, which decide what WhatsApp charges",
    },
)
class Message(WorkspaceModel):
    """One bubble. `at` orders the thread: WhatsApp's instant for what came in, ours for what goes out.

    WhatsApp's message ids contain phone numbers: the id is sealed, uniqueness is on its keyed hash.
    `content` is the contract's Content as JSON. `pricing` holds what Meta said of the price (type, category, subtype,
    pricing_model), `priced_at` when first, and `country` (two letters) where the recipient's number is from. A `farewell`
    is the answer to a request by which nothing more is said to the person: it still leaves when their data are only kept.
    `category` is Meta's word for what a template is for, as of when it was written: restrictions may be about one of them.
    """

    conversation = SameWorkspaceKey("inbox.Conversation", related_name="messages")
    channel = SameWorkspaceKey("channels.Channel", related_name="+")
    direction = models.CharField(max_length=4, choices=Direction)
    kind = models.CharField(max_length=16)
    content = SealedJSON(null=True)
    tokens = ArrayField(models.IntegerField(), default=list)
    external_id = SealedText(null=True)
    external_hash = HashField(null=True)
    quote_id = SealedText(null=True)
    quote_hash = HashField(null=True)
    forwarded = models.SmallIntegerField(default=0)
    history = models.BooleanField(default=False)
    status = models.SmallIntegerField(choices=MessageStatus, default=MessageStatus.RECEIVED)
    held = models.BooleanField(default=False)
    at = models.DateTimeField()
    author = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    sender = SameWorkspaceKey("contacts.Contact", null=True, related_name="+")
    client_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    edited_at = models.DateTimeField(null=True)
    edit_hash = HashField(null=True)
    revoked_at = models.DateTimeField(null=True)
    error_code = models.IntegerField(null=True)
    pricing = models.JSONField(null=True)
    country = models.CharField(max_length=2, null=True)  # noqa: DJ001  # unknown is not empty
    priced_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    lane = models.IntegerField(null=True)
    farewell = models.BooleanField(default=False, db_default=False)
    category = models.CharField(max_length=32, blank=True, default="", db_default="")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "external_hash"], name="inbox_message_once"),
            models.UniqueConstraint(fields=["workspace", "client_id"], name="inbox_message_client_once"),
        ]
        indexes = [
            models.Index(
                F("workspace"), F("conversation"), F("at").desc(), F("id").desc(), name="inbox_message_thread"
            ),
            models.Index(
                fields=["channel", "conversation", "id"],
                name="inbox_message_outbox",
                condition=Q(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]),
            ),
            # The send lane takes the oldest of a number, however many wait.
            models.Index(
                fields=["channel", "id"], name="inbox_message_queued", condition=Q(status=MessageStatus.QUEUED)
            ),
            # What was spent, by time.
            models.Index(
                fields=["workspace", "priced_at"], name="inbox_message_priced", condition=Q(priced_at__isnull=False)
            ),
            # What we said to a message with an emoji is looked for by the message.
            models.Index(
                fields=["workspace", "conversation", "quote_hash"],
                name="inbox_message_reactions",
                condition=Q(kind="reaction"),
            ),
            GinIndex(fields=["tokens"], name="inbox_message_words"),
        ]

    def text(self) -> str:
        """Return the body or caption, empty where there is none."""
        content: dict[str, Any] = self.content or {}
        return str(content.get("text") or "")
