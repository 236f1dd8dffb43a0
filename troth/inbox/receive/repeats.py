"""What a message tells when it comes again: mostly nothing.

A number that also lives in a phone app hands over its history, in which files are missing at first and messages stand
that come live too. Whichever comes first, the end is the same: live counts more than history, something shown counts
more than "not supported", and a status only rises.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.sealing import Ring
from troth.inbox.files.expecting import expect, has_file
from troth.inbox.index import tokens_of
from troth.inbox.preview import preview_text
from troth.inbox.receive.line import Line, array
from troth.inbox.receive.touched import Touched
from troth.workspaces.scope import current_workspace_id

NOT_SHOWN = "unsupported"


@dataclass(slots=True)
class _Known:
    """The message as it stands in the database."""

    id: UUID
    conversation: UUID
    history: bool
    not_shown: bool
    deleted: bool
    status: int


def apply(lines: Sequence[Line], keys: Ring, touched: Touched) -> set[UUID]:
    """Let these repeated messages tell what they can; return the lines (by id) that told something."""
    known = _known(lines)
    news: set[UUID] = set()
    for line in lines:
        row = known.get(line.target)
        if row is None:
            continue
        live, shown, risen = _live(line, row, touched), _shown(line, row, keys), _risen(line, row)
        if live or shown or risen:
            news.add(line.id)
            touched.look_at(row.conversation, line.channel)
            content = line.event.content
            touched.restyle(row.id, (preview_text(content), content.kind) if shown and not row.deleted else None)
    return news


def _known(lines: Sequence[Line]) -> dict[tuple[UUID, bytes], _Known]:
    if not lines:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel_id, external_hash, id, conversation_id, history, kind = %s AND edited_at IS NULL,"
            " revoked_at IS NOT NULL, status"
            " FROM inbox_message WHERE workspace_id = %s AND external_hash = ANY(%b::bytea[]) ORDER BY id FOR UPDATE",
            [NOT_SHOWN, current_workspace_id(), sorted({line.hash for line in lines})],
        )
        return {(channel, bytes(digest)): _Known(*rest) for channel, digest, *rest in cursor.fetchall()}


def _live(line: Line, known: _Known, touched: Touched) -> bool:
    """What came live is no history."""
    if line.history or not known.history:
        return False
    known.history = False
    _change(known, "history = false", [])
    if line.rings:
        touched.rang(known.conversation, at=line.at, unread=1, opens=line.is_ours_to_answer)
    return True


def _shown(line: Line, known: _Known, keys: Ring) -> bool:
    """Put what a message says in place of "not supported". What was deleted since stays away."""
    content = line.event.content
    if not known.not_shown or content.kind == NOT_SHOWN:
        return False
    known.not_shown = False
    sealed = keys.seal(msgspec.json.encode(content), place="inbox_message.content")
    _change(
        known,
        "kind = %s, content = CASE WHEN revoked_at IS NULL THEN %s::bytea END,"
        " tokens = CASE WHEN revoked_at IS NULL THEN %s::int[] ELSE tokens END",
        [content.kind, sealed, array(tokens_of(keys, content))],
    )
    if has_file(content) and not known.deleted:
        expect([known.id])
    return True


def _risen(line: Line, known: _Known) -> bool:
    if line.came_in or line.status <= known.status:
        return False
    known.status = line.status
    _change(known, "status = %s", [int(line.status)])
    return True


def _change(known: _Known, change: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE inbox_message SET {change} WHERE id = %s AND workspace_id = %s",  # noqa: S608  # our own words
            [*values, known.id, current_workspace_id()],
        )
