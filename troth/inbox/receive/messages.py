"""Puts messages into their threads, each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import Ring, ring
from troth.channels.contract import HistoryChunk, MessageEchoed, MessageReceived
from troth.inbox.index import external_hash, tokens_of
from troth.inbox.models import Direction, Message, MessageStatus
from troth.inbox.preview import Preview, preview_text
from troth.inbox.receive import changes
from troth.inbox.receive.arrival import Arrival, Contacts, Named
from troth.inbox.receive.threads import conversations_of, open_conversations
from troth.inbox.receive.touched import Touched
from troth.workspaces.scope import current_workspace_id

_PLACE = "inbox_message"

Written = MessageReceived | MessageEchoed
_WORDS = {
    "sent": MessageStatus.SENT,
    "accepted": MessageStatus.SENT,
    "pending": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "error": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
}


@dataclass(slots=True)
class _Line:
    """A message about to be written."""

    id: UUID
    event: Written
    channel: UUID
    at: datetime
    contact: UUID
    sender: UUID | None
    history: bool
    hash: bytes
    conversation: UUID | None = None

    @property
    def came_in(self) -> bool:
        return isinstance(self.event, MessageReceived)

    @property
    def status(self) -> int:
        if isinstance(self.event, MessageReceived):
            return MessageStatus.RECEIVED
        return _WORDS.get(self.event.status or "sent", MessageStatus.SENT)


def insert(
    arrivals: Sequence[Arrival], histories: Sequence[Arrival], contacts: Contacts, touched: Touched
) -> None:
    """Insert the messages of these events and apply what waited for them."""
    keys = ring()
    lines, of_arrival = _lines(arrivals, histories, contacts, keys)
    _find_conversations(lines)
    new = _write(lines, keys)
    for line in lines:
        if line.hash in new and new[line.hash] == line.id:
            _touch(line, touched)
    for arrival in arrivals:
        if arrival.outcome is None:
            mine = of_arrival[id(arrival)]
            arrival.applied() if new.get(mine.hash) == mine.id else arrival.ignored("repeated")
    for arrival in histories:
        arrival.applied()
    changes.apply_waiting({(line.channel, line.hash) for line in lines if line.hash in new}, touched)


def _lines(
    arrivals: Sequence[Arrival], histories: Sequence[Arrival], contacts: Contacts, keys: Ring
) -> tuple[list[_Line], dict[int, _Line]]:
    lines: list[_Line] = []
    of_arrival: dict[int, _Line] = {}

    def add(arrival: Arrival, event: Written, *, history: bool) -> _Line | None:
        named = contacts.get(id(event), Named(None))
        if named.contact is None or not event.external_id:
            return None
        digest = external_hash(keys, event.external_id)
        at = event.at or arrival.at
        line = _Line(new_id(), event, arrival.channel_id, at, named.contact, named.sender, history, digest)
        lines.append(line)
        return line

    for arrival in arrivals:
        assert isinstance(arrival.event, MessageReceived | MessageEchoed)
        line = add(arrival, arrival.event, history=False)
        if line is None:
            arrival.gap("nobody-named")
            changes.keep_gap(arrival, "nobody-named")
        else:
            of_arrival[id(arrival)] = line
    for arrival in histories:
        assert isinstance(arrival.event, HistoryChunk)
        for event in (*arrival.event.received, *arrival.event.echoed):
            add(arrival, event, history=True)
    return lines, of_arrival


def _find_conversations(lines: Sequence[_Line]) -> None:
    """Find or make the thread of each line."""
    wanted = sorted({(line.channel, line.contact) for line in lines})
    if not wanted:
        return
    first_at: dict[tuple[UUID, UUID], datetime] = {}
    for line in lines:
        key = (line.channel, line.contact)
        first_at[key] = min(line.at, first_at.get(key, line.at))
    found = conversations_of(wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        found |= open_conversations({key: first_at[key] for key in missing})
    for line in lines:
        line.conversation = found[(line.channel, line.contact)]


def _write(lines: Sequence[_Line], keys: Ring) -> dict[bytes, UUID]:
    """Write all lines that are not there yet and return which row each new hash became."""
    fresh = {(line.channel, line.hash): line for line in reversed(lines)}
    rows = [line for line in lines if fresh[(line.channel, line.hash)] is line]
    if not rows:
        return {}
    place = f"{_PLACE}.%s"
    external, quoted, content = place % "external_id", place % "quote_id", place % "content"
    quotes = [line.event.quote.external_id if line.event.quote else None for line in rows]
    columns = [
        [line.id for line in rows],
        [line.conversation for line in rows],
        [line.channel for line in rows],
        [Direction.IN.value if line.came_in else Direction.ECHO.value for line in rows],
        [line.event.content.kind for line in rows],
        [keys.seal(msgspec.json.encode(line.event.content), place=content) for line in rows],
        [_array(tokens_of(keys, line.event.content)) for line in rows],
        [keys.seal((line.event.external_id or "").encode(), place=external) for line in rows],
        [line.hash for line in rows],
        [keys.seal(quote.encode(), place=quoted) if quote else None for quote in quotes],
        [external_hash(keys, quote) if quote else None for quote in quotes],
        [_forwarded(line.event) for line in rows],
        [line.history for line in rows],
        [line.status for line in rows],
        [line.at for line in rows],
        [line.sender for line in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [current_workspace_id(), now(), *columns])
        return {bytes(digest): id for digest, id in cursor.fetchall()}


_INSERT = """
    INSERT INTO inbox_message (workspace_id, created_at, id, conversation_id, channel_id, direction, kind, content,
        tokens, external_id, external_hash, quote_id, quote_hash, forwarded, history, status, at, sender_id,
        held, attempts)
    SELECT %s, %s, id, conversation, channel, direction, kind, content, tokens::int[], external, hash, quote,
        quote_hash, forwarded, history, status, at, sender, false, 0
    FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::bytea[],
        %s::bytea[], %s::bytea[], %s::bytea[], %s::int[], %s::bool[], %s::int[], %s::timestamptz[], %s::uuid[])
        AS new (id, conversation, channel, direction, kind, content, tokens, external, hash, quote, quote_hash,
        forwarded, history, status, at, sender)
    ON CONFLICT (workspace_id, channel_id, external_hash) DO NOTHING
    RETURNING external_hash, id
"""


def _array(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _forwarded(event: Written) -> int:
    """0 not, 1 forwarded, 2 forwarded many times."""
    if event.quote is None:
        return 0
    return 2 if event.quote.frequently_forwarded else int(event.quote.forwarded)


def _touch(line: _Line, touched: Touched) -> None:
    assert line.conversation is not None
    content = line.event.content
    direction = Direction.IN.value if line.came_in else Direction.ECHO.value
    touched.look_at(line.conversation, line.channel)
    touched.came(
        line.conversation,
        at=line.at,
        id=line.id,
        preview=Preview(preview_text(content), content.kind, direction, line.status),
    )
    if line.came_in and not line.history and content.kind != "system":
        touched.rang(line.conversation, at=line.at, unread=1)


assert Message._meta.db_table == _PLACE
