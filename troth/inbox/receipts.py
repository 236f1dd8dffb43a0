"""Telling customers that what they wrote was read, and that an answer is being written, as far as the number's setting allows.

WhatsApp marks everything before as read too, so it is told on purpose only. It is told by jobs; what fails is counted in
the log and never tried again: the next one covers it.
"""

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from troth.base.clock import now
from troth.base.jobs import defer
from troth.base.logs import CODE, ID, declare, event
from troth.channels import connecting, registry
from troth.channels.models import Channel, ReadReceipts
from troth.inbox.models import Conversation, Direction, Message
from troth.workspaces.scope import scope

TYPING_EVERY = timedelta(seconds=20)  # the indicator stays for 25 at most
TELLABLE_FOR = timedelta(days=29)  # WhatsApp refuses after 30

log = logging.getLogger(__name__)
declare("receipts.not_told", level=logging.INFO, workspace_id=ID, channel_id=ID, reason=CODE)


def opened(conversation: Conversation, *, up_to: UUID) -> None:
    """A member has seen messages up to this one."""
    if conversation.channel.read_receipts == ReadReceipts.OPENED and not conversation.is_of_another(at=now()):
        _tell_read(conversation, up_to=up_to)


def answering(conversation: Conversation) -> None:
    """A member answers: all that came before counts as read."""
    if conversation.is_of_another(at=now()):
        return
    if conversation.channel.read_receipts != ReadReceipts.NEVER and (newest := _newest(conversation)) is not None:
        _tell_read(conversation, up_to=newest)


def typing(conversation: Conversation) -> None:
    """A member is writing an answer. Told at most every twenty seconds, where there is something to answer."""
    channel: Channel = conversation.channel
    if channel.read_receipts == ReadReceipts.NEVER or conversation.closed_at is not None or not channel.is_bound:
        return
    if conversation.is_of_another(at=now()):
        return
    if not conversation.window_is_open(at=now()) or (newest := _newest(conversation)) is None:
        return
    long_ago = Q(told_typing_at=None) | Q(told_typing_at__lt=now() - TYPING_EVERY)
    if Conversation.objects.filter(long_ago, id=conversation.id).update(told_typing_at=now(), told_read_id=newest):
        _ask(conversation, newest, word="typing")


def _newest(conversation: Conversation) -> UUID | None:
    """Return the newest message from the customer; None where the last word is not old enough to matter or is ours."""
    incoming = Message.objects.filter(conversation=conversation, direction=Direction.IN, history=False)
    rows = incoming.exclude(kind="system").exclude(external_id=None).filter(at__gt=now() - TELLABLE_FOR)
    return rows.order_by("-at", "-id").values_list("id", flat=True).first()


def _tell_read(conversation: Conversation, *, up_to: UUID) -> None:
    news = Conversation.objects.filter(id=conversation.id).exclude(told_read_id=up_to)
    if conversation.channel.is_bound and news.update(told_read_id=up_to):
        _ask(conversation, up_to, word="read")


def _ask(conversation: Conversation, message_id: UUID, *, word: str) -> None:
    defer(f"receipts.{word}", workspace_id=str(conversation.workspace_id), message_id=str(message_id))


def tell_read(workspace_id: str, message_id: str) -> None:
    """Tell that a message was read. Safe to run twice."""
    _tell(UUID(workspace_id), UUID(message_id), typing=False)


def tell_typing(workspace_id: str, message_id: str) -> None:
    """Tell that an answer to a message is being written. Safe to run twice."""
    _tell(UUID(workspace_id), UUID(message_id), typing=True)


def _tell(workspace: UUID, id: UUID, *, typing: bool) -> None:
    with scope(workspace):
        message = Message.objects.select_related("channel").filter(id=id, direction=Direction.IN).first()
        if message is None or not message.external_id or message.at < now() - TELLABLE_FOR:
            return
        channel: Channel = message.channel
        if not channel.is_bound or channel.read_receipts == ReadReceipts.NEVER:
            return
        link, external_id, channel_id = connecting.link_of(channel), str(message.external_id), channel.id
    reason = registry.tell_read(link, external_id, typing=typing)
    if reason:
        event(log, "receipts.not_told", workspace_id=workspace, channel_id=channel_id, reason=reason)
