"""Tells the list anew which message of a conversation is the latest, after messages went."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from troth.base.clock import now
from troth.channels.contract import Content
from troth.inbox.models import Conversation, Message
from troth.inbox.preview import preview_text

BATCH = 200


def tell_latest(conversation_ids: Collection[UUID]) -> int:
    """Let each of these conversations show its latest message that may be shown, and return how many changed.

    One without any shows nothing; it keeps its place in the list.
    """
    return sum(_tell(ids) for ids in _batches(sorted(conversation_ids)))


def _tell(ids: Collection[UUID]) -> int:
    above = Conversation.objects.filter(id__in=ids, folded_into__isnull=False).values_list("folded_into_id", flat=True)
    wanted = {*ids, *above}
    heads = dict(Conversation.objects.filter(folded_into__in=wanted).values_list("id", "folded_into_id"))
    everything = wanted | set(heads)
    shown = Message.objects.filter(Q(sender=None) | Q(sender__erasing_at=None), conversation_id__in=everything)
    shown = shown.exclude(kind="reaction")
    newest = shown.order_by("conversation_id", "-at", "-id").distinct("conversation_id").defer("tokens", "external_id")
    latest = {message.conversation_id: message for message in newest}
    for id, head in heads.items():
        if id in latest:
            of_both = (latest[id], latest.get(head, latest[id]))
            latest[head] = max(of_both, key=lambda message: (message.at, message.id))
    changed = 0
    for conversation in Conversation.objects.filter(id__in=wanted).defer("preview"):
        message = latest.get(conversation.id)
        if (message.id if message else None) != conversation.last_message_id:
            Conversation.objects.filter(id=conversation.id).update(**_line(message), changed_at=now())
            changed += 1
    return changed


def _line(message: Message | None) -> dict[str, Any]:
    if message is None:
        nothing = {"last_message_id": None, "preview": None, "unread": 0}
        return {**nothing, "preview_kind": "", "preview_direction": "", "preview_status": 0}
    content = msgspec.convert(message.content, Content) if message.content else None
    return {
        "last_message_id": message.id,
        "last_message_at": message.at,
        "preview": preview_text(content),
        "preview_kind": message.kind if content else "deleted",
        "preview_direction": message.direction,
        "preview_status": message.status,
    }


def _batches(ids: list[UUID]) -> Iterable[Collection[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
