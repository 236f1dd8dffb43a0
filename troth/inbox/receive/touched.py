"""What a batch changes about whole conversations, collected and written in one statement."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.inbox.models import Conversation
from troth.inbox.preview import Preview
from troth.workspaces.scope import current_workspace_id

SERVICE_WINDOW = timedelta(hours=24)


@dataclass(slots=True)
class _Change:
    last: tuple[datetime, UUID] | None = None
    preview: Preview | None = None
    unread: int = 0
    window_expires_at: datetime | None = None
    reopens: bool = False


@dataclass(slots=True)
class Touched:
    """Conversations (with their channels) that open screens should look at again, and changes to write to some."""

    conversations: dict[UUID, UUID] = field(default_factory=dict)
    changes: dict[UUID, _Change] = field(default_factory=dict)

    def look_at(self, conversation: UUID, channel: UUID) -> None:
        """Remember that something in this conversation changed."""
        self.conversations[conversation] = channel

    def came(self, conversation: UUID, *, at: datetime, id: UUID, preview: Preview) -> None:
        """Remember a message that stands in the thread now; the newest becomes the list's line."""
        change = self.changes.setdefault(conversation, _Change())
        if change.last is None or (at, id) > change.last:
            change.last, change.preview = (at, id), preview

    def rang(self, conversation: UUID, *, at: datetime, unread: int) -> None:
        """Remember that the customer spoke: the window opens, the conversation does too.

        Source: Meta's page on the customer service window: 24 hours from each message or call (read 2026-11-22).
        """
        change = self.changes.setdefault(conversation, _Change())
        change.unread += unread
        change.reopens = True
        expires = at + SERVICE_WINDOW
        if change.window_expires_at is None or expires > change.window_expires_at:
            change.window_expires_at = expires

    def write(self) -> None:
        """Write all changes, whatever newer facts the rows hold already."""
        if not self.changes:
            return
        seal = Conversation._meta.get_field("preview").seal  # type: ignore[union-attr]  # a SealedText
        rows = sorted(self.changes.items())
        columns = (
            [id for id, _ in rows],
            [c.last[0] if c.last else None for _, c in rows],
            [c.last[1] if c.last else None for _, c in rows],
            [seal(c.preview.text) if c.preview else None for _, c in rows],
            [c.preview.kind if c.preview else None for _, c in rows],
            [c.preview.direction if c.preview else None for _, c in rows],
            [c.preview.status if c.preview else None for _, c in rows],
            [c.unread for _, c in rows],
            [c.window_expires_at for _, c in rows],
            [c.reopens for _, c in rows],
        )
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [now(), *columns, current_workspace_id()])


_NEWER = "(v.mid IS NOT NULL AND (c.last_message_id IS NULL OR (v.at, v.mid) > (c.last_message_at, c.last_message_id)))"
_UPDATE = f"""
    UPDATE inbox_conversation c SET
        last_message_at = CASE WHEN {_NEWER} THEN v.at ELSE c.last_message_at END,
        last_message_id = CASE WHEN {_NEWER} THEN v.mid ELSE c.last_message_id END,
        preview = CASE WHEN {_NEWER} THEN v.preview ELSE c.preview END,
        preview_kind = CASE WHEN {_NEWER} THEN v.kind ELSE c.preview_kind END,
        preview_direction = CASE WHEN {_NEWER} THEN v.direction ELSE c.preview_direction END,
        preview_status = CASE WHEN {_NEWER} THEN v.status ELSE c.preview_status END,
        unread = c.unread + v.unread,
        window_expires_at = GREATEST(c.window_expires_at, v.expires),
        closed_at = CASE WHEN v.reopens THEN NULL ELSE c.closed_at END,
        closed_by_id = CASE WHEN v.reopens THEN NULL ELSE c.closed_by_id END,
        changed_at = %s
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::uuid[], %s::bytea[], %s::text[], %s::text[], %s::int[], %s::int[],
                %s::timestamptz[], %s::bool[])
        AS v (id, at, mid, preview, kind, direction, status, unread, expires, reopens)
    WHERE c.id = v.id AND c.workspace_id = %s
"""
