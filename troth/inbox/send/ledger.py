"""What the send lane reads and writes. Each function is one short transaction in the scope of the number's workspace."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import close_old_connections, connection

from troth.base.clock import now
from troth.base.fields import SealedField
from troth.base.sealing import Unreadable, ring
from troth.channels.contract import NOT_SUPPORTED, UNADDRESSED, Content, Outbound
from troth.channels.trouble import ANSWERS, FIRST, UTILITY
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.heads import heads_of, restyle
from troth.inbox.index import external_hash
from troth.inbox.models import Message, MessageStatus
from troth.inbox.receive.changes import apply_waiting
from troth.inbox.receive.touched import CLOSE_WINDOW, SERVICE_WINDOW, Touched
from troth.inbox.refusals import Refused, learn
from troth.inbox.send.offer import Claimed, Result
from troth.realtime.pokes import poke_all
from troth.workspaces.scope import scope


@contextmanager
def fresh(workspace: UUID) -> Iterator[None]:
    """Work in the scope of a workspace, on a connection that is not a dead one of before."""
    close_old_connections()
    with scope(workspace):
        yield


def waiting() -> list[tuple[UUID, UUID]]:
    """Return (workspace, channel) of every number with messages that are queued or were being sent."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, channel_id FROM outbox_waiting()")
        return list(cursor.fetchall())


def disown(workspace: UUID, channel: UUID) -> int:
    """Mark as uncertain what an earlier lane was sending when it ended: it may have left. Returns how many."""
    with fresh(workspace):
        with connection.cursor() as cursor:
            cursor.execute(_DISOWN, [channel])
            touched = [row[0] for row in cursor.fetchall()]
        heads = heads_of(set(touched))
        shown = {id for one in touched for id in _shown_in(one, heads)}
        poke_all((("conversation", id, channel) for id in sorted(shown)), workspace_id=workspace)
        return len(touched)


_DISOWN = """
    WITH m AS (
        UPDATE inbox_message SET status = 30 WHERE channel_id = %s AND status = 20 RETURNING id, conversation_id
    ), c AS (
        UPDATE inbox_conversation c SET preview_status = 30 FROM m
        WHERE c.id = m.conversation_id AND c.last_message_id = m.id
    )
    SELECT conversation_id FROM m
"""


def claim(
    workspace: UUID,
    channel: UUID,
    *,
    lane: int,
    most: int,
    probing: bool = False,
    held: Collection[str] = (),
) -> list[Claimed]:
    """Take up to this many messages, at most one a conversation and each conversation's oldest, and mark them
    `sending`. That is committed before anything leaves.

    Where `probing`, what the number was stopped at comes last: it may be to blame. What is `held` is left alone, and what
    comes after it in its conversation waits with it. Nothing is taken for somebody whom the number has blocked: Meta would
    refuse it, so it waits until they are unblocked. Nor in a conversation that another responder answers just now, which is
    what `Conversation.is_of_another` tells. Nor, where the number asks for it, for somebody whose security code changed
    until a member has made sure of them: what was written before may be private. A farewell tells nothing, and leaves.
    """
    instant = now()
    with fresh(workspace):
        with connection.cursor() as cursor:
            cursor.execute(
                _pick(probing=probing, held=held),
                [channel, instant, instant - SERVICE_WINDOW, channel, most, instant, lane],
            )
            rows = sorted(cursor.fetchall())
        people = _people([row[0] for row in rows])
        return [_claimed(row, people.get(row[0], {})) for row in rows]


# Each conversation's oldest, unless one of that conversation is on its way. The questions about the conversation and the
# person are ones with a limit, which the planner has to ask row by row: as an anti-join it read the whole outbox for each
# row whenever statistics were older than a campaign. Materialised, because a subquery may be run more than once and would then lock
# more than its limit.
_PICK = """
    WITH picked AS MATERIALIZED (
        SELECT m.id FROM inbox_message m
        WHERE m.channel_id = %s AND m.status = 10 AND (m.next_attempt_at IS NULL OR m.next_attempt_at <= %s)
          AND m.id = (
            SELECT e.id FROM inbox_message e WHERE e.channel_id = m.channel_id AND e.conversation_id = m.conversation_id
              AND e.status IN (10, 20) ORDER BY e.status = 20 DESC, e.id LIMIT 1
          )
          AND NOT EXISTS (
            SELECT 1 FROM inbox_conversation c LEFT JOIN inbox_block b
              ON b.workspace_id = c.workspace_id AND b.channel_id = c.channel_id AND b.contact_id = c.contact_id
              WHERE c.id = m.conversation_id AND (b.id IS NOT NULL OR (
                c.observed_at > %s AND c.observed_at > coalesce(c.window_expires_at, '-infinity') - interval '24 hours'
              )) LIMIT 1
          )
          AND (m.farewell OR (SELECT n.confirms_identity FROM channels_channel n WHERE n.id = %s) IS NOT TRUE OR NOT EXISTS (
            SELECT 1 FROM inbox_conversation c JOIN contacts_contact p ON p.id = c.contact_id
              WHERE c.id = m.conversation_id
                AND p.security_changed_at > coalesce(p.security_confirmed_at, '-infinity') LIMIT 1
          ))
        {only} ORDER BY {order} LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE inbox_message m SET status = 20, sending_at = %s, lane = %s, attempts = attempts + 1, error_code = NULL
    FROM picked WHERE m.id = picked.id
    RETURNING m.id, m.conversation_id, m.sending_at, m.attempts, m.content, m.quote_id
"""
_ONLY = {
    FIRST: "AND m.kind <> 'template'",
    ANSWERS: "AND m.kind = 'template'",
    UTILITY: "AND m.category <> 'UTILITY'",
}


def _pick(*, probing: bool, held: Collection[str]) -> str:
    order = "m.next_attempt_at NULLS FIRST, m.id" if probing else "m.id"
    return _PICK.format(order=order, only=" ".join(_ONLY[kind] for kind in sorted(held)))


def _people(messages: Sequence[UUID]) -> dict[UUID, dict[str, bytes]]:
    """Return by message how its contact can be addressed, sealed; and as "code" the security code that has to hold."""
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESSES, [list(messages), list(messages)])
        found: dict[UUID, dict[str, bytes]] = {}
        for message, kind, value, _since in cursor.fetchall():
            found.setdefault(message, {})[kind] = value
        return found


# Nobody is written to whose data may only be kept, whatever stands in the outbox; but for a farewell, which goes to where
# they were known until then.
_ADDRESSES = """
    SELECT m.id, i.kind, i.value, i.valid_from FROM inbox_message m
    JOIN inbox_conversation c ON c.id = m.conversation_id
    JOIN contacts_contact p ON p.id = c.contact_id
    JOIN contacts_identity i ON i.contact_id = c.contact_id AND i.workspace_id = c.workspace_id
    WHERE m.id = ANY(%s::uuid[]) AND (
        (i.valid_to IS NULL AND p.erasing_at IS NULL AND p.disputed_at IS NULL)
        OR (m.farewell AND (i.valid_to IS NULL OR i.valid_to = p.erasing_at))
    )
    UNION ALL
    SELECT m.id, 'code', p.security_hash, NULL::timestamptz FROM inbox_message m
    JOIN inbox_conversation c ON c.id = m.conversation_id
    JOIN contacts_contact p ON p.id = c.contact_id
    JOIN channels_channel n ON n.id = m.channel_id AND n.confirms_identity
    WHERE m.id = ANY(%s::uuid[]) AND p.security_hash IS NOT NULL
    ORDER BY 4
"""


def _claimed(row: tuple[UUID, UUID, datetime, int, bytes, bytes | None], ways: dict[str, bytes]) -> Claimed:
    id, conversation, claimed_at, attempts, content, quote = row
    try:
        outbound = _outbound(id, content, quote, ways)
    except (Unreadable, msgspec.ValidationError):
        return Claimed(id, conversation, claimed_at, attempts, None, problem=NOT_SUPPORTED)
    return Claimed(id, conversation, claimed_at, attempts, outbound, problem=None if outbound else UNADDRESSED)


def _outbound(id: UUID, content: bytes, quote: bytes | None, ways: dict[str, bytes]) -> Outbound | None:
    """Return what is to leave, to the person's number rather than to an id, or None where there is nobody.

    Raises: Unreadable, msgspec.ValidationError.
    """
    kind = next((k for k in (IdentityKind.GROUP, IdentityKind.PHONE, IdentityKind.BSUID) if k.value in ways), None)
    if kind is None:
        return None
    to = _sealed("contacts_identity", "value").unseal(ways[kind.value])
    said = msgspec.convert(_sealed("inbox_message", "content").unseal(content), Content)
    return Outbound(
        our_id=id,
        content=said,
        phone=to if kind == IdentityKind.PHONE else None,
        bsuid=to if kind == IdentityKind.BSUID else None,
        group_id=to if kind == IdentityKind.GROUP else None,
        quoted_id=_sealed("inbox_message", "quote_id").unseal(quote),
        identity_hash=_sealed("contacts_contact", "security_hash").unseal(ways.get("code")),
        preview_links=bool((said.data or {}).get("preview_links")),
    )


def _sealed(table: str, column: str) -> SealedField:
    model = {"contacts_contact": Contact, "contacts_identity": Identity, "inbox_message": Message}[table]
    field = model._meta.get_field(column)
    assert isinstance(field, SealedField)
    return field


def record(workspace: UUID, channel: UUID, results: Sequence[Result], *, lane: int) -> None:
    """Write what became of these offers; doing it twice does no harm.

    That a message was taken is a fact and always holds. Anything else holds only while the message is as this lane
    claimed it: a receipt, a person or a later claim has the better word.
    """
    with fresh(workspace):
        rows = sorted(results, key=lambda result: result.of.id)
        ids = [r.of.id for r in rows]
        hashes = [external_hash(ring(), r.external_id) if r.external_id else None for r in rows]
        with connection.cursor() as cursor:
            # In this order everywhere, so that two who write to the same messages do not wait for each other.
            cursor.execute("SELECT 1 FROM inbox_message WHERE id = ANY(%s::uuid[]) ORDER BY id FOR UPDATE", [ids])
            cursor.execute(_RECORD, [now(), lane, *_columns(rows, hashes), ids])
            cursor.execute(_PREVIEW, [ids])
            closed = [r.of.id for r in rows if r.window_closed]
            if closed:
                cursor.execute(CLOSE_WINDOW, [SERVICE_WINDOW.total_seconds(), closed])
        heads = heads_of({r.of.conversation_id for r in rows})
        restyle(set(heads.values()), ids)
        learn([Refused(r.of.id, r.code, now()) for r in rows if r.status == MessageStatus.FAILED])
        apply_waiting({(channel, digest) for digest in hashes if digest}, Touched())
        pokes = {("conversation", id, channel) for r in rows for id in _shown_in(r.of.conversation_id, heads)}
        poke_all(sorted(pokes), workspace_id=workspace)


def _shown_in(conversation: UUID, heads: dict[UUID, UUID]) -> list[UUID]:
    return [conversation, heads[conversation]] if conversation in heads else [conversation]


def _columns(rows: Sequence[Result], hashes: Sequence[bytes | None]) -> list[list[object]]:
    seal = _sealed("inbox_message", "external_id").seal
    return [
        [r.of.id for r in rows],
        [r.of.claimed_at for r in rows],
        [int(r.status) for r in rows],
        [seal(r.external_id) for r in rows],
        list(hashes),
        [r.held for r in rows],
        [r.code for r in rows],
        [None if r.retry_after_s is None else now() + timedelta(seconds=r.retry_after_s) for r in rows],
        [r.counted for r in rows],
    ]


_RECORD = """
    UPDATE inbox_message m SET
        status = CASE WHEN v.status = 40 THEN GREATEST(m.status, 40) ELSE v.status END,
        sent_at = CASE WHEN v.status = 40 AND NOT v.held THEN COALESCE(m.sent_at, a.instant) ELSE m.sent_at END,
        failed_at = CASE WHEN v.status = 50 THEN a.instant ELSE m.failed_at END,
        external_id = COALESCE(m.external_id, v.external), external_hash = COALESCE(m.external_hash, v.hash),
        held = v.held, error_code = COALESCE(v.code, m.error_code), next_attempt_at = v.again,
        attempts = m.attempts - CASE WHEN v.counted THEN 0 ELSE 1 END
    FROM (SELECT %s::timestamptz AS instant, %s::int AS lane) a, unnest(%s::uuid[], %s::timestamptz[], %s::int[],
         %s::bytea[], %s::bytea[], %s::bool[], %s::int[], %s::timestamptz[], %s::bool[])
         AS v (id, claimed_at, status, external, hash, held, code, again, counted)
    WHERE m.id = v.id AND m.id = ANY(%s::uuid[])
      AND (v.status = 40 OR (m.lane = a.lane AND m.sending_at = v.claimed_at AND m.status IN (20, 30)))
"""
_PREVIEW = """
    UPDATE inbox_conversation c SET preview_status = m.status FROM inbox_message m
    WHERE m.id = ANY(%s::uuid[]) AND c.id = m.conversation_id AND c.last_message_id = m.id
      AND c.preview_status <> m.status
"""


def put_back_lost(workspace: UUID, channel: UUID, *, lane: int, known: Collection[UUID]) -> int:
    """Put back into the outbox what this lane has claimed without learning of it: the database went away in between.

    None of it was ever offered. `known` are the claimed messages that the lane knows of. Returns how many there were.
    """
    with fresh(workspace), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_message SET status = 10, attempts = attempts - 1"
            " WHERE channel_id = %s AND status = 20 AND lane = %s AND id <> ALL(%s::uuid[])",
            [channel, lane, list(known)],
        )
        return int(cursor.rowcount)
