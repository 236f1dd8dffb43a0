"""A message is a row before it is a packet: this writes the row. The send lane does the rest."""

from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.contract import NOT_ARRIVED, Content
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
    if (before := _said_before(conversation, client_id)) is not None:
        return before
    said = text.strip()
    _check(conversation, said)
    try:
        with transaction.atomic():
            return queue(conversation, Content(kind="text", text=said), by=by, client_id=client_id, quoted=quoted)
    except IntegrityError:
        # The same request came twice at once, and the other was faster.
        if (before := _said_before(conversation, client_id)) is not None:
            return before
        raise


def _said_before(conversation: Conversation, client_id: UUID) -> Message | None:
    before = Message.objects.filter(client_id=client_id).first()
    if before is not None and before.conversation_id != conversation.id:
        raise CannotSend(_("This message belongs to another conversation. Reload the page."))
    return before


def _check(conversation: Conversation, said: str) -> None:
    if not said:
        raise CannotSend(_("Write something first."))
    if len(said) > TEXT_MAX:
        raise CannotSend(_("WhatsApp takes at most 4,096 characters in one message. Split it into two."))
    _must_not_rest(conversation)
    if not conversation.channel.is_bound:
        raise CannotSend(_("This number is no longer connected, so nothing can be sent from it."))
    if not conversation.window_is_open(at=now()):
        raise CannotSend(
            _(
                "The customer last wrote over 24 hours ago, so WhatsApp takes no free text."
                " You can answer when the customer writes again."
            )
        )


def _must_not_rest(conversation: Conversation) -> None:
    """Raises: CannotSend, for somebody who is being forgotten or whose data are disputed."""
    if conversation.contact.restricted:
        raise CannotSend(_("This person's data are only kept for now, so nothing can be sent to them."))


def queue(
    conversation: Conversation,
    content: Content,
    *,
    by: Membership | None,
    client_id: UUID | None = None,
    quoted: Message | None = None,
    answers: bool = True,
) -> Message:
    """Write any content into the outbox and wake the send lane. The caller has checked that it may be sent.

    `by` None is the product itself; what it says by itself answers nobody (`answers`), so what is unread stays so.
    """
    keys = ring()
    # WhatsApp tells whole seconds. With ours told alike, what came within one second stands as it came: by its id.
    instant = now().replace(microsecond=0)
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
    stands_last(conversation, message, content, answers=answers)
    wake(conversation.channel_id)
    return message


def stands_last(conversation: Conversation, message: Message, content: Content, *, answers: bool = True) -> None:
    """Show a new message of ours in the list, and tell open screens."""
    conversation.last_message_at = message.at
    conversation.last_message_id = message.id
    conversation.preview = preview_text(content)
    conversation.preview_kind = content.kind
    conversation.preview_direction = Direction.OUT
    conversation.preview_status = message.status
    conversation.unread = 0 if answers else conversation.unread
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
    """Put a failed or uncertain message of ours back into the outbox, because a person decided so.

    What was true of the earlier offer is forgotten, WhatsApp's id above all: news will come under another one.
    """
    again = Message.objects.filter(
        conversation__contact__erasing_at=None,
        conversation__contact__disputed_at=None,
        id=message.id,
        status__in=[MessageStatus.FAILED, MessageStatus.UNCERTAIN],
        direction=Direction.OUT,
    )
    if again.update(status=MessageStatus.QUEUED, **_NEVER_OFFERED):
        _changed(message, MessageStatus.QUEUED)
        wake(message.channel_id)


_NEVER_OFFERED: dict[str, Any] = {
    "attempts": 0,
    "next_attempt_at": None,
    "lane": None,
    "error_code": None,
    "external_id": None,
    "external_hash": None,
    "held": False,
    "sent_at": None,
    "failed_at": None,
}


def settle(message: Message, *, arrived: bool) -> None:
    """Settle an uncertain message as a person says: it arrived, or it did not."""
    unsure = Message.objects.filter(id=message.id, status=MessageStatus.UNCERTAIN)
    if arrived and unsure.update(status=MessageStatus.SENT, sent_at=F("sending_at"), error_code=None):
        _changed(message, MessageStatus.SENT)
    if not arrived and unsure.update(status=MessageStatus.FAILED, failed_at=now(), error_code=NOT_ARRIVED):
        _changed(message, MessageStatus.FAILED)


def _changed(message: Message, status: MessageStatus) -> None:
    Conversation.objects.filter(last_message_id=message.id).update(preview_status=status)
    poke("conversation", message.conversation_id, workspace_id=message.workspace_id, about=message.channel_id)


def wake(channel_id: UUID) -> None:
    """Tell the send lane that a channel has something to send, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [OUTBOX, str(channel_id)])
