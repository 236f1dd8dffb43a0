"""What a batch changes about whole conversations, collected and written in one statement."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.inbox.heads import heads_of, restyle
from troth.inbox.models import Conversation
from troth.inbox.models.conversation import WINDOW
from troth.inbox.preview import Preview
from troth.workspaces.scope import current_workspace_id

SERVICE_WINDOW = WINDOW


@dataclass(slots=True)
class _Change:
    began_at: datetime
    spoke_at: datetime
    last: tuple[datetime, UUID] | None = None
    preview: Preview | None = None
    unread: int = 0
    window_expires_at: datetime | None = None
    observed_at: datetime | None = None
    reopens: bool = False


@dataclass(slots=True)
class Touched:
    """Conversations (with their channels) that open screens should look at again, and changes to write to some."""

    conversations: dict[UUID, UUID] = field(default_factory=dict)
    changes: dict[UUID, _Change] = field(default_factory=dict)
    restyled: dict[UUID, tuple[str, str] | None] = field(default_factory=dict)
    closing: set[UUID] = field(default_factory=set)

    def look_at(self, conversation: UUID, channel: UUID) -> None:
        """Remember that something in this conversation changed."""
        self.conversations[conversation] = channel

    def came(self, conversation: UUID, *, at: datetime, id: UUID, preview: Preview) -> None:
        """Remember a message that stands in the thread now; the newest becomes the list's line."""
        change = self.spoke(conversation, at=at)
        if change.last is None or (at, id) > change.last:
            change.last, change.preview = (at, id), preview

    def spoke(self, conversation: UUID, *, at: datetime) -> _Change:
        """Remember that something was said or somebody called: a conversation is as old as the oldest of these."""
        change = self.changes.setdefault(conversation, _Change(at, at))
        change.began_at, change.spoke_at = min(change.began_at, at), max(change.spoke_at, at)
        return change

    def restyle(self, message: UUID, said: tuple[str, str] | None = None) -> None:
        """Remember that a message's status, or what it says (its line and kind), may have to be told in the list."""
        self.restyled[message] = said or self.restyled.get(message)

    def refused(self, message: UUID) -> None:
        """Remember that WhatsApp refused a message since the window was closed when it was offered."""
        self.closing.add(message)

    def rang(self, conversation: UUID, *, at: datetime, unread: int, opens: bool = True) -> None:
        """Remember that the customer spoke: the conversation opens again and, where it `opens` it, the window does too;
        where not, another responder is the one to answer.

        Source: Meta's page on the customer service window: 24 hours from each message or call (read 2026-11-22).
        """
        change = self.spoke(conversation, at=at)
        change.unread += unread
        change.reopens = True
        if not opens:
            change.observed_at = max(filter(None, (change.observed_at, at)))
            return
        expires = at + SERVICE_WINDOW
        if change.window_expires_at is None or expires > change.window_expires_at:
            change.window_expires_at = expires

    def write(self) -> None:
        """Write all changes, whatever newer facts the rows hold already.

        Comes after everything about messages, as it does in the send lane: rows are locked in one order everywhere.
        """
        heads = heads_of({*self.conversations, *self.changes})
        self._change_heads(heads)
        self._write_changes()
        self._write_restyled()
        restyle(set(heads.values()), self.restyled)
        if self.closing:
            with connection.cursor() as cursor:
                cursor.execute(CLOSE_WINDOW, [SERVICE_WINDOW.total_seconds(), sorted(self.closing)])

    def _change_heads(self, heads: dict[UUID, UUID]) -> None:
        """Change the threads in which others are shown as those change."""
        for one, head in heads.items():
            if one in self.conversations:
                self.conversations[head] = self.conversations[one]
            if (told := self.changes.get(one)) is None:
                continue
            change = self.spoke(head, at=told.began_at)
            change.spoke_at = max(change.spoke_at, told.spoke_at)
            if told.last is not None and (change.last is None or told.last > change.last):
                change.last, change.preview = told.last, told.preview
            change.unread += told.unread
            change.reopens |= told.reopens
            expires = [at for at in (change.window_expires_at, told.window_expires_at) if at is not None]
            change.window_expires_at = max(expires, default=None)
            change.observed_at = max(filter(None, (change.observed_at, told.observed_at)), default=None)

    def _write_changes(self) -> None:
        if not self.changes:
            return
        seal = Conversation._meta.get_field("preview").seal
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
            [c.began_at for _, c in rows],
            [c.spoke_at for _, c in rows],
            [c.observed_at for _, c in rows],
        )
        with connection.cursor() as cursor:
            cursor.execute(_UPDATE, [now(), *columns, columns[0], current_workspace_id()])

    def _write_restyled(self) -> None:
        if not self.restyled:
            return
        seal = Conversation._meta.get_field("preview").seal
        rows = sorted(self.restyled.items())
        with connection.cursor() as cursor:
            cursor.execute(
                _RESTYLE,
                [
                    [id for id, _ in rows],
                    [seal(said[0]) if said else None for _, said in rows],
                    [said[1] if said else None for _, said in rows],
                    current_workspace_id(),
                ],
            )


# WhatsApp knows better than we do whether a window is open, unless the customer has written since we offered the message:
# which of the two is the later decides, in whatever order we hear of them.
CLOSE_WINDOW = """
    UPDATE inbox_conversation c SET window_refused_at = r.at,
        window_expires_at = CASE WHEN c.window_expires_at > r.at + make_interval(secs => %s) THEN c.window_expires_at
            ELSE r.at END
    FROM (
        SELECT place.id, max(COALESCE(m.sending_at, m.at)) AS at FROM inbox_message m
        JOIN inbox_conversation k ON k.id = m.conversation_id
        CROSS JOIN LATERAL (VALUES (k.id), (k.folded_into_id)) AS place (id)
        WHERE m.id = ANY(%s::uuid[]) AND m.direction = 'out' AND place.id IS NOT NULL GROUP BY place.id
    ) r
    WHERE c.id = r.id AND (c.window_refused_at IS NULL OR c.window_refused_at < r.at)
"""
_NEWER = "(v.mid IS NOT NULL AND (c.last_message_id IS NULL OR (v.at, v.mid) > (c.last_message_at, c.last_message_id)))"
_UPDATE = f"""
    UPDATE inbox_conversation c SET
        opened_at = LEAST(c.opened_at, v.began),
        last_message_at = CASE WHEN {_NEWER} THEN v.at WHEN c.last_message_id IS NULL
            THEN GREATEST(c.last_message_at, v.spoke) ELSE c.last_message_at END,
        last_message_id = CASE WHEN {_NEWER} THEN v.mid ELSE c.last_message_id END,
        preview = CASE WHEN {_NEWER} THEN v.preview ELSE c.preview END,
        preview_kind = CASE WHEN {_NEWER} THEN v.kind ELSE c.preview_kind END,
        preview_direction = CASE WHEN {_NEWER} THEN v.direction ELSE c.preview_direction END,
        preview_status = CASE WHEN {_NEWER} THEN v.status ELSE c.preview_status END,
        unread = c.unread + v.unread,
        window_expires_at = CASE WHEN v.expires - interval '24 hours' <= c.window_refused_at THEN c.window_expires_at
            ELSE GREATEST(c.window_expires_at, v.expires) END,
        observed_at = GREATEST(c.observed_at, v.observed),
        closed_at = CASE WHEN v.reopens THEN NULL ELSE c.closed_at END,
        closed_by_id = CASE WHEN v.reopens THEN NULL ELSE c.closed_by_id END,
        changed_at = %s
    FROM unnest(%b::uuid[], %b::timestamptz[], %b::uuid[], %b::bytea[], %s::text[], %s::text[], %s::int[], %s::int[],
                %b::timestamptz[], %s::bool[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[])
        AS v (id, at, mid, preview, kind, direction, status, unread, expires, reopens, began, spoke, observed)
    WHERE c.id = v.id AND c.id = ANY(%b::uuid[]) AND c.workspace_id = %s
"""  # noqa: S608  # our own words
_RESTYLE = """
    UPDATE inbox_conversation c SET
        preview_status = m.status, preview_kind = COALESCE(v.kind, c.preview_kind),
        preview = CASE WHEN v.kind IS NULL THEN c.preview ELSE v.preview END
    FROM unnest(%b::uuid[], %b::bytea[], %s::text[]) AS v (id, preview, kind) JOIN inbox_message m ON m.id = v.id
    WHERE c.id = m.conversation_id AND c.workspace_id = m.workspace_id AND m.workspace_id = %s
        AND c.last_message_id = m.id AND (v.kind IS NOT NULL OR c.preview_status <> m.status)
"""
