"""Finds and makes conversations, set-wise."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.folding import fold_new
from troth.workspaces.scope import current_workspace_id


def conversations_of(wanted: Sequence[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], UUID]:
    """Return the existing conversations by (channel, contact)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.channel_id, c.contact_id, c.id FROM inbox_conversation c"
            " JOIN unnest(%b::uuid[], %b::uuid[]) AS w (channel, contact)"
            " ON c.channel_id = w.channel AND c.contact_id = w.contact WHERE c.workspace_id = %s",
            [[channel for channel, _ in wanted], [contact for _, contact in wanted], current_workspace_id()],
        )
        return {(channel, contact): id for channel, contact, id in cursor.fetchall()}


def open_conversations(missing: dict[tuple[UUID, UUID], datetime]) -> dict[tuple[UUID, UUID], UUID]:
    """Make conversations by (channel, contact), begun at the given instants, and return them."""
    made = {key: new_id() for key in missing}
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_conversation (id, workspace_id, channel_id, contact_id, opened_at, last_message_at,"
            " preview_kind, preview_direction, preview_status, unread, changed_at)"
            " SELECT id, %s, channel, contact, at, at, '', '', 0, 0, %s"
            " FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %b::timestamptz[]) AS new (id, channel, contact, at)"
            " ON CONFLICT DO NOTHING",
            [
                current_workspace_id(),
                now(),
                list(made.values()),
                [channel for channel, _ in made],
                [contact for _, contact in made],
                [missing[key] for key in made],
            ],
        )
        lost = cursor.rowcount != len(made)
    fold_new({contact for _, contact in made})
    return conversations_of(list(made)) if lost else made
