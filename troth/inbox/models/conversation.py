"""The thread between a contact and a channel."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.registry import declares
from troth.channels.models import Channel
from troth.workspaces.models import Membership, Role, SameWorkspaceKey, ScopedManager, WorkspaceModel
from troth.workspaces.scope import current_workspace_id

WINDOW = timedelta(hours=24)  # how long free text may be sent after the customer spoke


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, member: Membership) -> Self:
        """Return the conversations on channels that a member may see."""
        return self.filter(channel__in=Channel.objects.visible_to(member)).not_restricted(member)

    def not_restricted(self, member: Membership) -> Self:
        """Leave out people who are being forgotten, and those whose data are disputed for all but owners and admins."""
        shown = self.filter(contact__erasing_at=None)
        return shown if member.may(Role.ADMIN) else shown.filter(contact__disputed_at=None)

    def open(self) -> Self:
        return self.heads().filter(closed_at=None)

    def heads(self) -> Self:
        """Leave out threads of people who were merged into others: they are shown in the thread of those."""
        return self.filter(folded_into=None)

    def latest_first(self) -> Self:
        return self.order_by(F("last_message_at").desc(), F("id").desc())


class ConversationManager(ScopedManager["Conversation"]):
    """Gives the conversations of the workspace in scope."""

    def get_queryset(self) -> ConversationQuerySet:
        return ConversationQuerySet(self.model, using=self._db).filter(workspace_id=current_workspace_id())

    def visible_to(self, member: Membership) -> ConversationQuerySet:
        """Return the conversations on channels that a member may see."""
        return self.get_queryset().visible_to(member)

    def heads(self) -> ConversationQuerySet:
        """Return the conversations that stand by themselves, and not in another's thread."""
        return self.get_queryset().heads()

    def not_restricted(self, member: Membership) -> ConversationQuerySet:
        """Return the conversations of people whose data this member may look at."""
        return self.get_queryset().not_restricted(member)


@declares(
    subject="contact",
    reach="contact",
    purpose="talk",
    keep="talk",
    export="conversations",
    customer="preview",
    ops="id workspace channel contact folded_into assignee opened_at closed_at closed_by last_message_at last_message_id"
    " preview_kind preview_direction preview_status unread window_expires_at window_refused_at changed_at"
    " told_read_id told_typing_at observed_at",
)
class Conversation(WorkspaceModel):
    """One thread. `last_message_at`, `preview*`, `unread` and `window_expires_at` are kept for the list, which never counts.

    `window_expires_at` is the instant (UTC) until which free text may be sent, None where it never opened;
    `window_refused_at` is that of the last message of ours that WhatsApp refused since its window was closed.
    `folded_into` is the thread in which this one is shown while its contact is merged into that one's; there, what is kept
    for the list is of both. `told_read_id` is the message up to which the customer was last told that it was read,
    `told_typing_at` when they were last told that somebody writes. `observed_at` is when the customer last wrote to another
    responder, of which we got a copy only (Meta's standby).
    """

    channel = SameWorkspaceKey("channels.Channel", related_name="conversations")
    contact = SameWorkspaceKey("contacts.Contact", related_name="conversations")
    folded_into = SameWorkspaceKey("inbox.Conversation", null=True, related_name="+", db_index=False)
    assignee = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    opened_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True)
    closed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    last_message_at = models.DateTimeField(default=now)
    last_message_id = models.UUIDField(null=True)
    preview = SealedText(null=True)
    preview_kind = models.CharField(max_length=16, blank=True, default="")
    preview_direction = models.CharField(max_length=4, blank=True, default="")
    preview_status = models.SmallIntegerField(default=0)
    unread = models.IntegerField(default=0)
    window_expires_at = models.DateTimeField(null=True)
    window_refused_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=now)
    told_read_id = models.UUIDField(null=True)
    told_typing_at = models.DateTimeField(null=True)
    observed_at = models.DateTimeField(null=True)

    objects: ClassVar[ConversationManager] = ConversationManager()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["workspace", "channel", "contact"], name="inbox_conversation_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="inbox_conversation_closed_pair",
            ),
        ]
        indexes = [
            models.Index(
                F("workspace"),
                F("last_message_at").desc(),
                F("id").desc(),
                name="inbox_conv_open",
                condition=Q(closed_at=None),
            ),
            models.Index(
                F("workspace"),
                F("assignee"),
                F("last_message_at").desc(),
                F("id").desc(),
                name="inbox_conv_assignee",
                condition=Q(closed_at=None),
            ),
            models.Index(
                F("workspace"),
                F("last_message_at").desc(),
                F("id").desc(),
                name="inbox_conv_closed",
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(fields=["workspace", "contact"], name="inbox_conv_contact"),
            models.Index(
                fields=["workspace", "folded_into"], name="inbox_conv_folded", condition=Q(folded_into__isnull=False)
            ),
        ]

    def is_of_another(self, *, at: datetime) -> bool:
        """Return whether another responder answers at this instant: the customer's last word went to it, and within a day.

        The window tells when the customer last wrote to us. After a day of silence nobody owns a conversation.
        """
        if self.observed_at is None or self.observed_at <= at - WINDOW:
            return False
        return self.window_expires_at is None or self.observed_at > self.window_expires_at - WINDOW

    def window_is_open(self, *, at: datetime) -> bool:
        """Return whether free text may be sent at this instant."""
        return self.window_expires_at is not None and self.window_expires_at > at
