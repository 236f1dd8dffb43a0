"""The file that belongs to a message."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


class AttachmentState(models.IntegerChoices):
    """Whether a file is here."""

    WAITING = 0, _("Being fetched")
    HERE = 1, _("Here")
    FAILED = 2, _("Could not be fetched")
    LEAVING = 3, _("Being handed to WhatsApp")
    DRAFT = 4, _("Chosen, and not sent yet")


# Whose bytes are here, whatever else is to happen to them.
KEPT = (AttachmentState.HERE, AttachmentState.LEAVING)


@declares(
    subject="contact",
    reach=("message__conversation__contact", "message__sender", "conversation__contact"),
    purpose="talk",
    keep="talk",
    export="files",
    customer="name wave",
    ops="id workspace message conversation uploader kind slot copy_of state reason attempts next_attempt_at mime"
    " size_bytes width height duration_ms has_preview created_at fetched_at",
)
class Attachment(WorkspaceModel):
    """What is known of a message's file; the bytes lie in the media store under the same id.

    `slot` is its place in the message: empty where the message is the file, else the key of a header that shows it
    (`header:file`, `card0.header:file`). `copy_of` is the file that it is still to be made from, where a message with a file
    was forwarded; once it is made each has its own bytes, and neither knows of the other.

    `mime` is what the bytes are, by themselves; `reason` is a short word of ours for why it is not here, or not yet with
    the provider. Until a file that a member chose is sent it belongs to a conversation and to that member, and is gone
    after a day. `kind`, of what we send: the kind of message that it will be. `wave` is how a sound looks, as hexadecimal
    digits.
    """

    message = SameWorkspaceKey("inbox.Message", on_delete=models.CASCADE, null=True, related_name="attachments")
    conversation = SameWorkspaceKey("inbox.Conversation", on_delete=models.CASCADE, null=True, related_name="+")
    uploader = SameWorkspaceKey("workspaces.Membership", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=16, blank=True, default="")
    slot = models.CharField(max_length=32, blank=True, default="", db_default="")
    copy_of = models.UUIDField(null=True)
    name = SealedText(null=True)
    state = models.SmallIntegerField(choices=AttachmentState, default=AttachmentState.WAITING)
    reason = models.CharField(max_length=24, blank=True, default="")
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, default=now)
    mime = models.CharField(max_length=100, blank=True, default="")
    size_bytes = models.BigIntegerField(null=True)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    duration_ms = models.IntegerField(null=True)
    wave = SealedText(null=True)
    has_preview = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=now)
    fetched_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "message", "slot"], name="inbox_attachment_once"),
            models.CheckConstraint(
                condition=Q(message__isnull=False) | Q(conversation__isnull=False),
                name="inbox_attachment_belongs_somewhere",
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "next_attempt_at"],
                name="inbox_attachment_due",
                condition=Q(state__in=[AttachmentState.WAITING, AttachmentState.LEAVING, AttachmentState.DRAFT]),
            )
        ]
