"""In which thread another is shown, while its contact is merged into that one's (see `folding.py`)."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection

from troth.inbox.models import Conversation
from troth.realtime.pokes import poke
from troth.workspaces.scope import current_workspace_id


def thread_ids(head: UUID) -> list[UUID]:
    """Return a thread and those that are shown in it."""
    return [head, *Conversation.objects.filter(folded_into=head).order_by("id").values_list("id", flat=True)]


def shown_ids(conversation: Conversation) -> list[UUID]:
    """Return what `thread_ids` does, without a query where a view has read it with the thread."""
    folded = getattr(conversation, "folded_ids", None)
    return thread_ids(conversation.id) if folded is None else [conversation.id, *folded]


def head_of(conversation: Conversation) -> Conversation:
    """Return the thread in which this one is shown: mostly itself."""
    if conversation.folded_into_id is None:
        return conversation
    return Conversation.objects.select_related("contact", "channel").get(id=conversation.folded_into_id)


def poke_shown(conversation_id: UUID, *, channel_id: UUID) -> None:
    """Tell open screens to look again at a thread, or at the one in which it is shown."""
    head = heads_of([conversation_id]).get(conversation_id, conversation_id)
    poke("conversation", head, workspace_id=current_workspace_id(), about=channel_id)


def heads_of(conversation_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return by thread the one in which it is shown, for those that are folded. One query, of few rows or none."""
    if not conversation_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, folded_into_id FROM inbox_conversation"
            " WHERE workspace_id = %s AND folded_into_id IS NOT NULL AND id = ANY(%b::uuid[])",
            [current_workspace_id(), sorted(conversation_ids)],
        )
        return dict(cursor.fetchall())


def restyle(heads: Collection[UUID], message_ids: Collection[UUID]) -> None:
    """Let heads show what became of these messages, where one is their latest."""
    if heads and message_ids:
        with connection.cursor() as cursor:
            cursor.execute(_RESTYLE, [sorted(heads), current_workspace_id(), sorted(message_ids)])


_RESTYLE = """
    UPDATE inbox_conversation h SET preview_status = c.preview_status, preview_kind = c.preview_kind, preview = c.preview
    FROM inbox_conversation c
    WHERE h.id = ANY(%b::uuid[]) AND h.workspace_id = %s AND c.workspace_id = h.workspace_id AND c.folded_into_id = h.id
        AND c.last_message_id = h.last_message_id AND h.last_message_id = ANY(%b::uuid[])
"""
