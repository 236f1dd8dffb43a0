"""Reacting to a message with an emoji. It goes out as a message of its own, which makes no bubble.

What we last said is the newest of our reaction messages that WhatsApp did not refuse: one that fails turns back by itself.
"""

from datetime import timedelta
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.inbox.models import Conversation, Direction, Message, MessageStatus
from troth.inbox.outbox import CannotSend, must_take, wake
from troth.inbox.saying.sending import must_be_sayable
from troth.realtime.pokes import poke
from troth.ui.formatting import emoji_alone
from troth.workspaces.models import Membership

REACTION: Literal["reaction"] = "reaction"
TAKEN_FOR = timedelta(days=30)  # Cloud API, reaction messages (read 2026-11-29)


def react(conversation: Conversation, target: Message, emoji: str, *, by: Membership) -> None:
    """Set our reaction to a message, or take it away (no emoji). Raises: CannotSend."""
    if target.external_hash is None or target.revoked_at is not None or target.kind in (REACTION, "system"):
        raise CannotSend(_("WhatsApp does not have this message, so nobody can react to it."))
    if target.at < now() - TAKEN_FOR:
        raise CannotSend(_("WhatsApp takes reactions to messages of the last 30 days only."))
    if emoji and emoji_alone(emoji) != 1:
        raise CannotSend(_("A reaction is one emoji."))
    must_take(conversation)
    content = Content(kind=REACTION, data={"target_id": target.external_id, "emoji": emoji or None})
    must_be_sayable(conversation, content)
    with transaction.atomic():
        _forget(conversation, target, MessageStatus.QUEUED, MessageStatus.FAILED)
        _queue(conversation, target, content, by=by)


def leave_it(conversation: Conversation, target: Message) -> None:
    """Show no more that a reaction to this message was refused."""
    _forget(conversation, target, MessageStatus.FAILED)
    _look_again(target)


def _forget(conversation: Conversation, target: Message, *statuses: MessageStatus) -> None:
    """Drop reactions to a message that have not left, or did not arrive."""
    ours = Message.objects.filter(
        conversation_id__in=[target.conversation_id, conversation.id],
        kind=REACTION,
        direction=Direction.OUT,
        quote_hash=target.external_hash,
        status__in=statuses,
    )
    ours._raw_delete("default")


def _queue(conversation: Conversation, target: Message, content: Content, *, by: Membership) -> None:
    data = content.data or {}
    Message(
        id=new_id(),
        conversation=conversation,
        channel_id=conversation.channel_id,
        direction=Direction.OUT,
        kind=REACTION,
        content={"kind": REACTION, "data": data},
        tokens=[],
        quote_id=target.external_id,
        quote_hash=target.external_hash,
        status=MessageStatus.QUEUED,
        at=now().replace(microsecond=0),
        author=by,
    ).save(force_insert=True)
    _look_again(target)
    wake(conversation.channel_id)


def _look_again(target: Message) -> None:
    poke("conversation", target.conversation_id, workspace_id=target.workspace_id, about=target.channel_id)
