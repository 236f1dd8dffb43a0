"""Taking a message back before it leaves. Its files go back to whoever chose them, to be sent another time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.inbox.blocking import is_blocked
from troth.inbox.files import drafting
from troth.inbox.heads import shown_ids
from troth.inbox.latest import tell_latest
from troth.inbox.models import Attachment, Conversation, Message, MessageStatus
from troth.inbox.outbox import STAYS, CannotSend, is_in_doubt
from troth.inbox.saying.sending import HOLD
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership

# A message with files stays until they are with the provider: that long after the instant until which it is held.
_WAITS = (timedelta(0), STAYS)


@dataclass(frozen=True)
class TakenBack:
    """What a message said, the files of it that are to be sent another time, by their places in it, and which message it
    quoted."""

    said: dict[str, Any]
    files: dict[str, Attachment]
    quoted_id: UUID | None = None


def held_until(message: Message) -> datetime | None:
    """Return the instant until which a message can be taken back, None for one that is not held."""
    at = message.next_attempt_at
    if at is None or message.status != MessageStatus.QUEUED or message.attempts or message.error_code is not None:
        return None
    return next((at - wait for wait in _WAITS if now() < at - wait <= now() + HOLD), None)


def undo(message: Message, *, conversation: Conversation, by: Membership) -> TakenBack:
    """Take a message out of the outbox that has not left, and return what it said: within a few seconds, or for as long as
    the person is blocked, another responder answers them, or nobody has made sure of them. Raises: CannotSend."""
    said: dict[str, Any] = message.content or {}
    # Files first, as whoever hands them over does.
    files = list(Attachment.objects.select_for_update().filter(message=message).order_by("id"))
    at_once, with_files = (
        Q(next_attempt_at__gt=now() + wait, next_attempt_at__lte=now() + wait + HOLD) for wait in _WAITS
    )
    waiting = Message.objects.select_for_update().filter(id=message.id, status=MessageStatus.QUEUED)
    thread = message.conversation
    if not (is_blocked(thread) or is_in_doubt(thread) or thread.is_of_another(at=now())):
        waiting = waiting.filter(at_once | with_files, attempts=0)
    if waiting.values_list("id", flat=True).first() is None:
        raise CannotSend(_("It has already left."))
    back = {file.slot: file for file in files if _is_own(file, message, by)}
    for slot, file in back.items():
        back[slot] = drafting.put_back(file, conversation, by=by)
    Attachment.objects.filter(message=message).delete()
    Message.objects.filter(id=message.id)._raw_delete("default")
    tell_latest([message.conversation_id])
    poke("conversation", message.conversation_id, workspace_id=message.workspace_id, about=message.channel_id)
    return TakenBack(said, back, _quoted_by(message, conversation))


def _quoted_by(message: Message, conversation: Conversation) -> UUID | None:
    """Return the message of the same thread that it quotes, None where it quotes none that is still here."""
    if not message.quote_hash:
        return None
    shown = Message.objects.filter(conversation__in=shown_ids(conversation), external_hash=message.quote_hash)
    return shown.values_list("id", flat=True).first()


def _is_own(file: Attachment, message: Message, by: Membership) -> bool:
    """Return whether a member chose this file for a message of theirs; any other goes with its message."""
    return message.author_id == by.id and file.copy_of is None and file.fetched_at is not None
