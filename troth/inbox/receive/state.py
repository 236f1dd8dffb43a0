"""Messages as they are kept, for what came after them: read under a lock, changed, and written again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from msgspec import structs

from troth.base.sealing import ring
from troth.channels.contract import Content
from troth.inbox.index import tokens_of
from troth.inbox.models import Attachment, Direction, Message, MessageStatus
from troth.inbox.preview import preview_text
from troth.inbox.receive.change import STATUSES, Change, Target
from troth.workspaces.scope import current_workspace_id


@dataclass(slots=True)
class State:
    """What is known of a message, before and after."""

    id: UUID
    conversation: UUID
    channel: UUID
    status: int
    times: dict[str, datetime | None]
    known_hash: bytes | None
    outgoing: bool
    elsewhere: bool  # said in the phone app, which costs nothing
    edited: tuple[datetime, bytes] | None
    revoked_at: datetime | None
    code: int | None
    pricing: dict[str, Any] | None
    country: str | None
    priced_at: datetime | None
    hash: bytes | None = None
    external_id: str | None = None
    content: dict[str, Any] | None = None
    rewritten: bool = False
    changed: bool = False

    def is_of_another_offer(self, change: Change, digest: bytes) -> bool:
        """Return whether this tells that an earlier offer of the message failed, which was offered again since."""
        waits = self.status == MessageStatus.QUEUED
        return change.kind == "failed" and (waits or self.known_hash not in (None, digest))

    def learn(self, change: Change, digest: bytes) -> bool:
        """Take over the provider's id of a message that has none yet, and return whether it had none."""
        if self.known_hash is not None or not change.external_id or self.status == MessageStatus.QUEUED:
            return False
        self.hash = self.known_hash = digest
        self.external_id = change.external_id
        return True

    def take(self, change: Change) -> bool:
        """Take a fact in and return whether it told anything new."""
        if change.kind == "edit":
            return self._edit(change)
        if change.kind == "revoke":
            if self.revoked_at is not None and self.revoked_at <= change.at:
                return False
            self.revoked_at, self.rewritten = change.at, True
            return True
        return self._status(change) if self.outgoing else False

    def _edit(self, change: Change) -> bool:
        if self.edited is not None and self.edited >= (change.at, change.order):
            return False
        self.edited, self.rewritten = (change.at, change.order), True
        self.content = change.content
        return True

    def _status(self, change: Change) -> bool:
        news = self._blame(change) | (not self.elsewhere and self._price(change))
        status = STATUSES[change.kind]
        if status > self.status:
            self.status, news = status, True
        column = {"sent": "sent_at", "delivered": "delivered_at", "failed": "failed_at"}.get(change.kind, "read_at")
        known = self.times[column]
        if known is None or change.at < known:
            self.times[column], news = change.at, True
        return news

    def _blame(self, change: Change) -> bool:
        """Keep the reason that belongs to the first failure, not one of an earlier try of ours."""
        failed_at = self.times["failed_at"]
        if change.kind != "failed" or change.code is None:
            return False
        if failed_at is not None and self.code is not None and (change.at, change.code) >= (failed_at, self.code):
            return False
        self.code = change.code
        return True

    def _price(self, change: Change) -> bool:
        """Add what is new about the price. Of two words for one thing the greater stays, whichever came first."""
        told = change.pricing or {}
        known = self.pricing or {}
        new = {key: word for key, word in told.items() if key not in known or _text(word) > _text(known[key])}
        if new:
            self.pricing = known | new
        return bool(new) | self._place_and_time(change)

    def _place_and_time(self, change: Change) -> bool:
        """Keep in which country the recipient is, and when the price was told first; so that any order ends alike."""
        if not change.pricing:
            return False
        before = self.country, self.priced_at
        self.country = max(filter(None, (self.country, change.country)), default=None)
        self.priced_at = min(filter(None, (self.priced_at, change.at)))
        return before != (self.country, self.priced_at)


def _text(word: Any) -> bytes:
    return msgspec.json.encode(word, order="deterministic")


def states_of(wanted: dict[Target, list[Change]]) -> dict[Target, State]:
    """Lock and read the messages meant: by the provider's id, else by ours where the provider told it.

    Ours is believed also where the provider's is another one: a message that was offered twice has two.
    """
    targets = sorted(wanted)
    ours: dict[UUID, set[Target]] = {}
    for target, some in wanted.items():
        for change in some:
            if change.our_id is not None:
                ours.setdefault(change.our_id, set()).add(target)
    with connection.cursor() as cursor:
        cursor.execute(
            _SELECT,
            [
                current_workspace_id(),
                [digest for _, digest in targets],
                current_workspace_id(),
                sorted(ours),
            ],
        )
        rows = cursor.fetchall()
    states: dict[Target, State] = {}
    for row in sorted(rows, key=lambda r: r[3] is None):
        state = _state(row)
        digest = bytes(row[3]) if row[3] is not None else None
        if digest is not None and (state.channel, digest) in wanted:
            states[(state.channel, digest)] = state
        for target in sorted(ours.get(state.id, ())) if state.outgoing else ():
            if target[0] == state.channel:
                states.setdefault(target, state)
    return states


_COLUMNS = (
    "id, conversation_id, channel_id, external_hash, status, sent_at, delivered_at, read_at, failed_at, direction,"
    " edited_at, edit_hash, revoked_at, error_code, pricing::text,"
    " country, priced_at"
)
_SELECT = f"""
    SELECT {_COLUMNS} FROM inbox_message WHERE id IN (
        SELECT id FROM inbox_message WHERE workspace_id = %s AND external_hash = ANY(%b::bytea[])
        UNION SELECT id FROM inbox_message WHERE workspace_id = %s AND id = ANY(%b::uuid[])
    ) ORDER BY id FOR UPDATE
"""  # noqa: S608  # our own words


def _state(row: tuple[Any, ...]) -> State:
    return State(
        id=row[0],
        conversation=row[1],
        channel=row[2],
        status=row[4],
        times=dict(zip(("sent_at", "delivered_at", "read_at", "failed_at"), row[5:9], strict=True)),
        known_hash=bytes(row[3]) if row[3] is not None else None,
        outgoing=row[9] != Direction.IN,
        elsewhere=row[9] == Direction.ECHO,
        edited=(row[10], bytes(row[11] or b"")) if row[10] else None,
        revoked_at=row[12],
        code=row[13],
        pricing=msgspec.json.decode(row[14]) if row[14] else None,
        country=row[15],
        priced_at=row[16],
    )


def write(states: Sequence[State]) -> None:
    """Write what these messages have become."""
    if not states:
        return
    rows = sorted(states, key=lambda state: state.id)
    keys = ring()
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            [
                [s.id for s in rows],
                [int(s.status) for s in rows],
                *([s.times[name] for s in rows] for name in ("sent_at", "delivered_at", "read_at", "failed_at")),
                [s.code for s in rows],
                [msgspec.json.encode(s.pricing).decode() if s.pricing is not None else None for s in rows],
                [s.country for s in rows],
                [s.priced_at for s in rows],
                [s.hash for s in rows],
                [
                    keys.seal(s.external_id.encode(), place="inbox_message.external_id") if s.external_id else None
                    for s in rows
                ],
                [s.id for s in rows],
                current_workspace_id(),
            ],
        )
    for state in rows:
        if state.rewritten:
            _rewrite(state)


_UPDATE = """
    UPDATE inbox_message m SET
        status = GREATEST(m.status, v.status),
        sent_at = LEAST(m.sent_at, v.sent), delivered_at = LEAST(m.delivered_at, v.delivered),
        read_at = LEAST(m.read_at, v.read), failed_at = LEAST(m.failed_at, v.failed),
        error_code = v.code, pricing = v.pricing::jsonb, country = v.country, priced_at = v.priced_at,
        external_hash = COALESCE(m.external_hash, v.hash), external_id = COALESCE(m.external_id, v.external)
    FROM unnest(%b::uuid[], %s::int[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[], %b::timestamptz[],
                %s::int[], %s::text[], %s::text[], %b::timestamptz[], %b::bytea[], %b::bytea[])
        AS v (id, status, sent, delivered, read, failed, code, pricing, country, priced_at, hash, external)
    WHERE m.id = v.id AND m.id = ANY(%b::uuid[]) AND m.workspace_id = %s
"""
# The ids stand there twice: without the list, statistics from before a campaign let the planner read the whole workspace.


def _rewrite(state: State) -> None:
    """Put an edit's text in place of the old one, or take a deleted message's text, file and words away."""
    keys = ring()
    content = _with_occasion(state, _said(state))
    edit = state.content or {}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inbox_message SET content = %s::bytea, tokens = %s::int[], kind = COALESCE(%s, kind),"
            " edited_at = %s, edit_hash = %s, revoked_at = %s WHERE id = %s AND workspace_id = %s",
            [
                keys.seal(msgspec.json.encode(content), place="inbox_message.content") if content else None,
                tokens_of(keys, content) if content else [],
                edit.get("kind"),
                state.edited[0] if state.edited else None,
                state.edited[1] if state.edited else None,
                state.revoked_at,
                state.id,
                current_workspace_id(),
            ],
        )
    if state.revoked_at is not None:
        Attachment.objects.filter(message_id=state.id)._raw_delete("default")


def _with_occasion(state: State, content: Content | None) -> Content | None:
    """Return what a message says with what its writer had before their eyes at first: an edit does not tell that again."""
    if content is None or content.occasion is not None:
        return content
    before = Message.objects.filter(id=state.id).values_list("content", flat=True).first() or {}
    return structs.replace(content, occasion=before.get("occasion"))


def _said(state: State) -> Content | None:
    """Return what a rewritten message says now; nothing once it is deleted."""
    return msgspec.convert(state.content, Content) if state.content is not None and state.revoked_at is None else None


def shown(state: State) -> tuple[str, str]:
    """Return the line and the kind by which a rewritten message stands in the list."""
    content = _said(state)
    return preview_text(content), content.kind if content else "deleted"
