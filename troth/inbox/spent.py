"""Keeping what messages cost when they are deleted: whoever pays Meta's bill still needs the figures."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from troth.inbox.models import MessageStatus

_KEEP = f"""
    INSERT INTO inbox_pastspending AS p
        (id, workspace_id, channel_id, author_id, day, category, kind, country, failed, delivered, count)
    SELECT gen_random_uuid(), workspace_id, channel_id, author_id, (priced_at AT TIME ZONE 'UTC')::date,
        coalesce(pricing->>'category', ''), coalesce(pricing->>'type', ''), coalesce(country, ''),
        status = {MessageStatus.FAILED:d}, status >= {MessageStatus.DELIVERED:d}, count(*)
    FROM inbox_message WHERE id = ANY(%s) AND priced_at IS NOT NULL
    GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10 ORDER BY 3, 4, 5, 6, 7, 8, 9, 10
    ON CONFLICT (workspace_id, day, channel_id, author_id, category, kind, country, failed, delivered)
    DO UPDATE SET count = p.count + excluded.count
"""  # noqa: S608  # our own numbers


def keep_spending(messages: Sequence[UUID]) -> None:
    """Add what these messages cost to the counts. To be called in the transaction that deletes them, before it does."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [list(messages)])
