"""Puts messages into their threads, each once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import Ring, ring
from troth.channels.contract import HistoryChunk, MessageEchoed, MessageReceived
from troth.inbox.files.expecting import expect, has_file
from troth.inbox.index import external_hash, tokens_of
from troth.inbox.models import Direction, Message
from troth.inbox.preview import Preview, preview_text
from troth.inbox.receive import changes, gaps, repeats
from troth.inbox.receive.announcing import Written as Announced
from troth.inbox.receive.announcing import announce
from troth.inbox.receive.arrival import Arrival, Contacts, Named
from troth.inbox.receive.line import Line, Written, array
from troth.inbox.receive.threads import conversations_of, open_conversations
from troth.inbox.receive.touched import Touched
from troth.workspaces.scope import current_workspace_id

_PLACE = "inbox_message"


def insert(arrivals: Sequence[Arrival], histories: Sequence[Arrival], contacts: Contacts, touched: Touched) -> None:
    """Insert the messages of these events and apply what waited for them."""
    keys = ring()
    lines, of_arrival = _lines(arrivals, histories, contacts, keys)
    fresh = _fresh(lines)
    _find_conversations(fresh)
    new = _write(fresh, keys)
    for line in fresh:
        if line.id in new:
            _touch(line, touched)
    news = new | repeats.apply([line for line in lines if line.id not in new], keys, touched)
    for arrival in [*arrivals, *histories]:
        if arrival.outcome is None:
            _conclude(arrival, [line.id in news for line in of_arrival[id(arrival)]])
    expect([line.id for line in fresh if line.id in new and has_file(line.event.content)])
    changes.take_waiting({line.target for line in fresh if line.id in new}, touched)
    announce(
        [
            Announced(line.id, line.event.content.text or "")
            for line in fresh
            if line.id in new and line.is_ours_to_answer
        ]
    )


def _conclude(arrival: Arrival, news: Sequence[bool]) -> None:
    if any(news):
        arrival.applied()
    else:
        arrival.ignored("repeated" if news else "empty")


def _lines(
    arrivals: Sequence[Arrival], histories: Sequence[Arrival], contacts: Contacts, keys: Ring
) -> tuple[list[Line], dict[int, list[Line]]]:
    lines: list[Line] = []
    of_arrival: dict[int, list[Line]] = {id(arrival): [] for arrival in [*arrivals, *histories]}

    def add(arrival: Arrival, event: Written, *, history: bool) -> None:
        named = contacts.get(id(event), Named(None))
        if named.contact is None or not event.external_id:
            gaps.keep_gap(arrival, "nobody-named")
            return
        digest = external_hash(keys, event.external_id)
        at = arrival.instant_of(event)
        line = Line(new_id(), event, arrival.channel_id, at, named.contact, named.sender, history, digest)
        lines.append(line)
        of_arrival[id(arrival)].append(line)

    for arrival in arrivals:
        assert isinstance(arrival.event, MessageReceived | MessageEchoed)
        add(arrival, arrival.event, history=False)
    for arrival in histories:
        assert isinstance(arrival.event, HistoryChunk)
        written: list[Written] = [*arrival.event.received, *arrival.event.echoed]
        for event in written:
            add(arrival, event, history=True)
    return lines, of_arrival


def _fresh(lines: Sequence[Line]) -> list[Line]:
    """Return one line for each message that is not here yet."""
    first: dict[tuple[UUID, bytes], Line] = {}
    for line in lines:
        first.setdefault(line.target, line)
    known = _known(line.hash for line in lines)
    return [line for target, line in first.items() if target not in known]


def _known(hashes: Iterable[bytes]) -> set[tuple[UUID, bytes]]:
    wanted = sorted(set(hashes))
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, external_hash FROM inbox_message"
            " WHERE workspace_id = %s AND external_hash = ANY(%b::bytea[])",
            [current_workspace_id(), wanted],
        )
        return {(channel, bytes(digest)) for channel, digest in cursor.fetchall()}


def _find_conversations(lines: Sequence[Line]) -> None:
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


def _write(rows: Sequence[Line], keys: Ring) -> set[UUID]:
    """Write these lines and return the ids of those that are in now."""
    if not rows:
        return set()
    place = f"{_PLACE}.%s"
    external, quoted, content = place % "external_id", place % "quote_id", place % "content"
    quotes = [line.event.quote.external_id if line.event.quote else None for line in rows]
    columns: list[list[Any]] = [
        [line.id for line in rows],
        [line.conversation for line in rows],
        [line.channel for line in rows],
        [Direction.IN.value if line.came_in else Direction.ECHO.value for line in rows],
        [line.event.content.kind for line in rows],
        [keys.seal(msgspec.json.encode(line.event.content), place=content) for line in rows],
        [array(tokens_of(keys, line.event.content)) for line in rows],
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
        return {id for (id,) in cursor.fetchall()}


_INSERT = """
    INSERT INTO inbox_message (workspace_id, created_at, id, conversation_id, channel_id, direction, kind, content,
        tokens, external_id, external_hash, quote_id, quote_hash, forwarded, history, status, at, sender_id,
        held, attempts)
    SELECT %s, %s, id, conversation, channel, direction, kind, content, tokens::int[], external, hash, quote,
        quote_hash, forwarded, history, status, at, sender, false, 0
    FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %s::text[], %s::text[], %b::bytea[], %s::text[], %b::bytea[],
        %b::bytea[], %b::bytea[], %b::bytea[], %s::int[], %s::bool[], %s::int[], %b::timestamptz[], %b::uuid[])
        AS new (id, conversation, channel, direction, kind, content, tokens, external, hash, quote, quote_hash,
        forwarded, history, status, at, sender)
    ON CONFLICT (workspace_id, channel_id, external_hash) DO NOTHING
    RETURNING id
"""


def _forwarded(event: Written) -> int:
    """0 not, 1 forwarded, 2 forwarded many times."""
    if event.quote is None:
        return 0
    return 2 if event.quote.frequently_forwarded else int(event.quote.forwarded)


def _touch(line: Line, touched: Touched) -> None:
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
    if line.rings:
        touched.rang(line.conversation, at=line.at, unread=1, opens=line.is_ours_to_answer)


assert Message._meta.db_table == _PLACE
