"""Taking a message back before it leaves."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.inbox.blocking import is_blocked
from troth.inbox.latest import tell_latest
from troth.inbox.models import Message, MessageStatus
from troth.inbox.outbox import CannotSend, is_in_doubt
from troth.inbox.saying.sending import HOLD
from troth.realtime.pokes import poke


def undo(message: Message) -> dict[str, Any]:
    """Take a message out of the outbox that has not left, and return what it said: within a few seconds, or for as long as
    the person is blocked or nobody has made sure of them. Raises: CannotSend."""
    said: dict[str, Any] = message.content or {}
    # One that waits for its file stands there for longer than that.
    within = Q(attempts=0, next_attempt_at__gt=now(), next_attempt_at__lte=now() + HOLD)
    waiting = Message.objects.select_for_update().filter(id=message.id, status=MessageStatus.QUEUED)
    if not (is_blocked(message.conversation) or is_in_doubt(message.conversation)):
        waiting = waiting.filter(within)
    if waiting.values_list("id", flat=True).first() is None:
        raise CannotSend(_("It has already left."))
    Message.objects.filter(id=message.id)._raw_delete("default")
    tell_latest([message.conversation_id])
    poke("conversation", message.conversation_id, workspace_id=message.workspace_id, about=message.channel_id)
    return said
