"""What the send lane reads and writes. Each function is one short transaction in the scope of the number's workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec
from django.db import close_old_connections, connection

from troth.base.clock import now
from troth.base.fields import SealedField
from troth.base.sealing import ring
from troth.channels.contract import Content, Outbound
from troth.channels.models import Channel
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.index import external_hash
from troth.inbox.models import Message, MessageStatus
from troth.inbox.receive.changes import apply_waiting
from troth.inbox.receive.touched import Touched
from troth.realtime.pokes import poke_all
from troth.workspaces.scope import scope

UNADDRESSED = -1  # our own code: nobody to send to


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is now `sending`: ours to offer once. `attempts` counts this offer too."""

    id: UUID
    conversation_id: UUID
    attempts: int
    outbound: Outbound | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an offer. `retry_after_s` belongs to `queued`; `code` to `queued` and `failed`."""

    id: UUID
    conversation_id: UUID
    status: MessageStatus
    external_id: str | None = None
    held: bool = False
    code: int | None = None
    retry_after_s: float | None = None


def waiting() -> list[tuple[UUID, UUID]]:
    """Return (workspace, channel) of every number with messages that are queued or were being sent."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, channel_id FROM outbox_waiting()")
        return list(cursor.fetchall())


def disown(workspace: UUID, channel: UUID) -> int:
    """Mark as uncertain what an earlier lane was sending when it ended: it may have left. Returns how many."""
    with scope(workspace):
        touched = _mark(channel)
        poke_all((("conversation", id, channel) for id in sorted(set(touched))), workspace_id=workspace)
        return len(touched)


def _mark(channel: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH m AS (UPDATE inbox_message SET status = %s WHERE channel_id = %s AND status = %s"
            " RETURNING id, conversation_id), c AS (UPDATE inbox_conversation c SET preview_status = %s FROM m"
            " WHERE c.id = m.conversation_id AND c.last_message_id = m.id)"
            " SELECT conversation_id FROM m",
            [MessageStatus.UNCERTAIN, channel, MessageStatus.SENDING, MessageStatus.UNCERTAIN],
        )
        return [row[0] for row in cursor.fetchall()]


def claim(workspace: UUID, channel: UUID, *, lane: int, most: int) -> list[Claimed]:
    """Take up to this many messages, at most one a conversation and each conversation's oldest, and mark them
    `sending`. That is committed before anything leaves."""
    close_old_connections()
    with scope(workspace), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [MessageStatus.SENDING, now(), lane, channel, MessageStatus.QUEUED, now(), most])
        rows = cursor.fetchall()
        people = _people([row[1] for row in rows])
    with scope(workspace):
        return [_claimed(row, people) for row in sorted(rows)]


_CLAIM = """
    UPDATE inbox_message SET status = %s, sending_at = %s, lane = %s, attempts = attempts + 1
    WHERE id IN (
        SELECT m.id FROM inbox_message m
        WHERE m.channel_id = %s AND m.status = %s AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= %s)
          AND NOT EXISTS (
            SELECT 1 FROM inbox_message e WHERE e.channel_id = m.channel_id AND e.conversation_id = m.conversation_id
              AND e.status IN (10, 20) AND e.id < m.id
          )
        ORDER BY m.id LIMIT %s FOR UPDATE SKIP LOCKED
    )
    RETURNING id, conversation_id, attempts, content, quote_id
"""


def _people(conversations: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Return by conversation how its contact can be addressed."""
    value = _sealed("contacts_identity", "value")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, i.kind, i.value FROM inbox_conversation c JOIN contacts_identity i"
            " ON i.contact_id = c.contact_id AND i.workspace_id = c.workspace_id AND i.valid_to IS NULL"
            " WHERE c.id = ANY(%s::uuid[]) ORDER BY i.valid_from",
            [list(conversations)],
        )
        found: dict[UUID, dict[str, str]] = {}
        for conversation, kind, sealed in cursor.fetchall():
            found.setdefault(conversation, {})[kind] = value.unseal(sealed)
        return found


def _claimed(row: tuple[UUID, UUID, int, bytes, bytes | None], people: dict[UUID, dict[str, str]]) -> Claimed:
    id, conversation, attempts, content, quote = row
    ways = people.get(conversation, {})
    group, phone, bsuid = (ways.get(kind.value) for kind in (IdentityKind.GROUP, IdentityKind.PHONE, IdentityKind.BSUID))
    if not (group or phone or bsuid):
        return Claimed(id, conversation, attempts, None)
    outbound = Outbound(
        our_id=id,
        content=msgspec.convert(_sealed("inbox_message", "content").unseal(content), Content),
        phone=None if group else phone,
        bsuid=None if group or phone else bsuid,
        group_id=group,
        quoted_id=_sealed("inbox_message", "quote_id").unseal(quote),
    )
    return Claimed(id, conversation, attempts, outbound)


def _sealed(table: str, column: str) -> SealedField:
    model = {"contacts_identity": Identity, "inbox_message": Message}[table]
    field = model._meta.get_field(column)
    assert isinstance(field, SealedField)
    return field


def record(workspace: UUID, channel: UUID, results: Sequence[Result], *, lane: int) -> None:
    """Write what became of these offers. A status that a receipt has raised meanwhile is never lowered."""
    close_old_connections()
    with scope(workspace):
        keys = ring()
        seal = _sealed("inbox_message", "external_id").seal
        rows = sorted(results, key=lambda result: result.id)
        hashes = [external_hash(keys, r.external_id) if r.external_id else None for r in rows]
        with connection.cursor() as cursor:
            cursor.execute(
                _RECORD,
                [
                    now(),
                    lane,
                    [r.id for r in rows],
                    [int(r.status) for r in rows],
                    [seal(r.external_id) for r in rows],
                    hashes,
                    [r.held for r in rows],
                    [r.code for r in rows],
                    [now() + timedelta(seconds=r.retry_after_s) if r.retry_after_s else None for r in rows],
                ],
            )
            cursor.execute(
                "UPDATE inbox_conversation c SET preview_status = m.status FROM inbox_message m"
                " WHERE m.id = ANY(%s::uuid[]) AND c.id = m.conversation_id AND c.last_message_id = m.id",
                [[r.id for r in rows]],
            )
        touched = Touched()
        apply_waiting({(channel, digest) for digest in hashes if digest}, touched)
        pokes = {("conversation", r.conversation_id, channel) for r in rows}
        poke_all(sorted(pokes), workspace_id=workspace)


_RECORD = """
    UPDATE inbox_message m SET
        status = CASE WHEN v.status = 10 THEN CASE WHEN m.status = 20 THEN 10 ELSE m.status END
                      ELSE GREATEST(m.status, v.status) END,
        sent_at = CASE WHEN v.status = 40 THEN COALESCE(m.sent_at, a.instant) ELSE m.sent_at END,
        failed_at = CASE WHEN v.status = 50 THEN COALESCE(m.failed_at, a.instant) ELSE m.failed_at END,
        external_id = COALESCE(m.external_id, v.external), external_hash = COALESCE(m.external_hash, v.hash),
        held = v.held, error_code = COALESCE(v.code, m.error_code), next_attempt_at = v.again
    FROM (SELECT %s::timestamptz AS instant, %s::int AS lane) a, unnest(%s::uuid[], %s::int[], %s::bytea[], %s::bytea[],
         %s::bool[], %s::int[], %s::timestamptz[]) AS v (id, status, external, hash, held, code, again)
    WHERE m.id = v.id AND (m.lane = a.lane OR v.status <> 10)
"""


def put_back(workspace: UUID, channel: UUID, ids: Sequence[UUID], *, lane: int) -> None:
    """Put claimed messages that were never offered back into the outbox."""
    with scope(workspace), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_message SET status = %s, attempts = attempts - 1 WHERE id = ANY(%s::uuid[])"
            " AND status = %s AND lane = %s",
            [MessageStatus.QUEUED, list(ids), MessageStatus.SENDING, lane],
        )


@dataclass(frozen=True, slots=True)
class Number:
    """What the lane needs to know of a number, its secrets included. Kept in memory only while it sends."""

    workspace_id: UUID
    channel_id: UUID
    kind: str
    number_id: str
    token: str
    app_secret: str
    per_second: float
    troubled: bool


def number(workspace: UUID, channel: UUID) -> Number | None:
    """Return a number that may send now, None where it is gone or paused."""
    close_old_connections()
    with scope(workspace):
        found = Channel.objects.filter(id=channel, removed_at=None).first()
        if found is None or (found.paused_until is not None and found.paused_until > now()):
            return None
        return Number(
            workspace,
            channel,
            found.kind,
            found.number_id,
            found.token or "",
            found.app_secret or "",
            float(found.messages_per_second),
            found.problem_code is not None,
        )


def pause(workspace: UUID, channel: UUID, *, seconds: float, code: int) -> None:
    """Let a number rest, and remember why, so that its page can say so."""
    with scope(workspace):
        Channel.objects.filter(id=channel).update(
            paused_until=now() + timedelta(seconds=seconds), problem_code=code
        )
        poke_all([("channel", channel, channel)], workspace_id=workspace)


def unpause(workspace: UUID, channel: UUID) -> None:
    """Forget a number's trouble, because it sends again."""
    with scope(workspace):
        Channel.objects.filter(id=channel).exclude(problem_code=None).update(paused_until=None, problem_code=None)
