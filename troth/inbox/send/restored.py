"""After a restore: nothing of ours is sent a second time.

What the backup shows as waiting or on its way has most likely left since. Nobody knows, so it is uncertain, and a fact or
a person decides: the status that WhatsApp tells under our id, or whoever looks at the thread.
"""

from uuid import UUID

from django.db import connection

from troth.base.restoring import settle_on_restore
from troth.inbox.saying import scheduling
from troth.inbox.send import ledger
from troth.workspaces.scope import scope


def connect() -> None:
    """Register. Called once, when the app is ready."""
    settle_on_restore("messages uncertain", doubt_all)
    settle_on_restore("scheduled messages held", scheduling.doubt_all)


def doubt_all() -> int:
    """Mark as uncertain whatever waits to be sent, in every workspace; return how much that was."""
    return sum(_doubt(workspace, channel) for workspace, channel in ledger.waiting())


def _doubt(workspace: UUID, channel: UUID) -> int:
    with scope(workspace), connection.cursor() as cursor:
        cursor.execute(_DOUBT, [channel])
        row = cursor.fetchone()
        return int(row[0])


# `sending_at` is when it may have left, should somebody say that it arrived.
_DOUBT = """
    WITH m AS (
        UPDATE inbox_message SET status = 30, sending_at = coalesce(sending_at, at), next_attempt_at = NULL, lane = NULL
        WHERE channel_id = %s AND status IN (10, 20) RETURNING id, conversation_id
    ), c AS (
        UPDATE inbox_conversation c SET preview_status = 30 FROM m
        WHERE c.id = m.conversation_id AND c.last_message_id = m.id
    )
    SELECT count(*) FROM m
"""
