"""A message is a row before it is a packet: this writes the row. The send lane does the rest."""

from uuid import UUID

import msgspec
from django.db import connection
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.contract import Content
from troth.inbox.index import tokens_of
from troth.inbox.models import Conversation, Direction, Message, MessageStatus
from troth.inbox.preview import preview_text
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership

OUTBOX = "outbox"  # the database channel on which the send lane is woken
TEXT_MAX = 4096  # characters (Meta's send reference, read 2026-11-22)


class CannotSend(Exception):
    """The message may not be sent; `user_text` says why and what to do."""

    def __init__(self, user_text: str) -> None:
        super().__init__("cannot send")
        self.user_text = user_text


def say(
    conversation: Conversation,
    text: str,
    *,
    by: Membership,
    client_id: UUID,
    quoted: Message | None = None,
) -> Message:
    """Write a text into the outbox and return its row. The same `client_id` again returns the same row.

    Raises: CannotSend, when the text is empty or too long or the window is closed.
    """
    before = Message.objects.filter(client_id=client_id).first()
    if before is not None:
        if before.conversation_id != conversation.id:
            raise CannotSend(str(_("This message belongs to another conversation. Reload the page.")))
        return before
    said = text.strip()
    if not said:
        raise CannotSend(str(_("Write something first.")))
    if len(said) > TEXT_MAX:
        raise CannotSend(str(_("WhatsApp takes at most 4,096 characters in one message. Split it into two.")))
    if not conversation.window_is_open(at=now()):
        raise CannotSend(
            str(
                _(
                    "The customer last wrote over 24 hours ago, so WhatsApp takes no free text."
                    " You can answer when the customer writes again."
                )
            )
        )
    return queue(conversation, Content(kind="text", text=said), by=by, client_id=client_id, quoted=quoted)


def queue(
    conversation: Conversation,
    content: Content,
    *,
    by: Membership,
    client_id: UUID | None = None,
    quoted: Message | None = None,
) -> Message:
    """Write any content into the outbox and wake the send lane. The caller has checked that it may be sent."""
    keys = ring()
    instant = now()
    message = Message(
        id=new_id(),
        conversation=conversation,
        channel_id=conversation.channel_id,
        direction=Direction.OUT,
        kind=content.kind,
        content=msgspec.to_builtins(content),
        tokens=tokens_of(keys, content),
        quote_id=quoted.external_id if quoted else None,
        quote_hash=quoted.external_hash if quoted else None,
        status=MessageStatus.QUEUED,
        at=instant,
        author=by,
        client_id=client_id,
    )
    message.save(force_insert=True)
    stands_last(conversation, message, content)
    wake(conversation.channel_id)
    return message


def stands_last(conversation: Conversation, message: Message, content: Content) -> None:
    """Show a new message of ours in the list, and tell open screens."""
    conversation.last_message_at = message.at
    conversation.last_message_id = message.id
    conversation.preview = preview_text(content)
    conversation.preview_kind = content.kind
    conversation.preview_direction = Direction.OUT
    conversation.preview_status = message.status
    conversation.unread = 0
    conversation.changed_at = message.at
    conversation.save(
        update_fields=[
            "last_message_at",
            "last_message_id",
            "preview",
            "preview_kind",
            "preview_direction",
            "preview_status",
            "unread",
            "changed_at",
        ]
    )
    poke("conversation", conversation.id, workspace_id=conversation.workspace_id, about=conversation.channel_id)


def offer_again(message: Message) -> None:
    """Put a failed or uncertain message of ours back into the outbox, because a person decided so."""
    again = Message.objects.filter(
        id=message.id, status__in=[MessageStatus.FAILED, MessageStatus.UNCERTAIN], direction=Direction.OUT
    )
    if again.update(
        status=MessageStatus.QUEUED, attempts=0, error_code=None, failed_at=None, next_attempt_at=None, lane=None
    ):
        Conversation.objects.filter(last_message_id=message.id).update(preview_status=MessageStatus.QUEUED)
        poke("conversation", message.conversation_id, workspace_id=message.workspace_id, about=message.channel_id)
        wake(message.channel_id)


def settle(message: Message, *, arrived: bool) -> None:
    """Settle an uncertain message as a person says: it arrived, or it did not."""
    status = MessageStatus.SENT if arrived else MessageStatus.FAILED
    unsure = Message.objects.filter(id=message.id, status=MessageStatus.UNCERTAIN)
    if unsure.update(status=status):
        Conversation.objects.filter(last_message_id=message.id).update(preview_status=status)
        poke("conversation", message.conversation_id, workspace_id=message.workspace_id, about=message.channel_id)


def wake(channel_id: UUID) -> None:
    """Tell the send lane that a channel has something to send, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [OUTBOX, str(channel_id)])
