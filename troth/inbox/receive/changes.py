"""Applies what happened to messages afterwards: statuses, edits, deletions. What comes too early waits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.contract import Content, MessageEdited, MessageRevoked, StatusChanged, Who
from troth.channels.markets import country_of
from troth.channels.registry import closes_window
from troth.inbox.index import external_hash, tokens_of
from troth.inbox.models import Attachment, Direction, MessageStatus, PendingChange
from troth.inbox.preview import preview_text
from troth.inbox.receive.arrival import FORGOTTEN, Arrival
from troth.inbox.receive.gaps import keep_gap
from troth.inbox.receive.touched import Touched
from troth.inbox.refusals import Refused, learn
from troth.workspaces.scope import current_workspace_id

STATUSES = {
    "sent": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "failed": MessageStatus.FAILED,
}
# What is kept of the provider's object about the price. Whether it is "billable" is not: Meta gives that word up.
PRICED_BY = ("type", "category", "subtype", "pricing_model")
PRICE_CHARS_MAX = 64
Target = tuple[UUID, bytes]  # channel and the keyed hash of the message's id


@dataclass(slots=True)
class Change:
    """One fact about one message. `order` breaks ties between facts of one instant, the same way every time."""

    kind: str  # a status's word, "edit" or "revoke"
    at: datetime
    order: bytes
    our_id: UUID | None = None
    external_id: str | None = None
    code: int | None = None
    pricing: dict[str, Any] | None = None
    country: str | None = None  # of the recipient, where the price is told: Meta's prices are those of countries
    content: dict[str, Any] | None = None
    who: tuple[str, ...] = ()  # how the event names the person: kept while it waits, so that they can be forgotten
    arrival: Arrival | None = None

    def packed(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "at": self.at.timestamp(),
            "our_id": str(self.our_id) if self.our_id else None,
            "external_id": self.external_id,
            "code": self.code,
            "pricing": self.pricing,
            "country": self.country,
            "content": self.content,
            "who": self.who,
        }

    @classmethod
    def unpacked(cls, packed: dict[str, Any], *, order: bytes) -> "Change":
        return cls(
            kind=packed["kind"],
            at=datetime.fromtimestamp(packed["at"], UTC),
            order=order,
            our_id=UUID(packed["our_id"]) if packed["our_id"] else None,
            external_id=packed["external_id"],
            code=packed["code"],
            pricing=packed["pricing"],
            country=packed.get("country"),
            content=packed["content"],
        )


def apply_all(arrivals: Sequence[Arrival], touched: Touched, erased: Collection[int] = ()) -> None:
    """Apply these events to their messages; those whose message is not here yet wait for it.

    `erased` are the events (by id()) that name somebody who was forgotten: their messages will never come.
    """
    wanted: dict[Target, list[Change]] = {}
    for arrival in arrivals:
        target, change = _change(arrival)
        if change is None:
            continue
        wanted.setdefault(target, []).append(change)
    missing = _apply(wanted, touched)
    _keep_waiting({target: kept for target, some in missing.items() if (kept := _not_of(erased, some))})


def _not_of(erased: Collection[int], changes: Sequence[Change]) -> list[Change]:
    """Return the changes that may wait; those about somebody who was forgotten are dropped."""
    kept = []
    for change in changes:
        if change.arrival is not None and id(change.arrival.event) in erased:
            change.arrival.ignored(FORGOTTEN)
        else:
            kept.append(change)
    return kept


def apply_waiting(targets: set[Target], touched: Touched) -> None:
    """Apply to messages that are now known what waited for them, and tell their conversations."""
    take_waiting(targets, touched)
    touched.write()


def take_waiting(targets: set[Target], touched: Touched) -> None:
    """Apply to messages that have just come what waited for them; the caller writes what was touched."""
    if not targets:
        return
    ordered = sorted(targets)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM inbox_pendingchange p USING unnest(%b::uuid[], %b::bytea[]) AS w (channel, hash)"
            " WHERE p.workspace_id = %s AND p.channel_id = w.channel AND p.target_hash = w.hash"
            " RETURNING p.channel_id, p.target_hash, p.detail, p.once_hash",
            [[c for c, _ in ordered], [h for _, h in ordered], current_workspace_id()],
        )
        rows = cursor.fetchall()
    unseal = PendingChange._meta.get_field("detail").unseal
    wanted: dict[Target, list[Change]] = {}
    for channel, digest, detail, once in rows:
        change = Change.unpacked(unseal(detail), order=bytes(once))
        wanted.setdefault((channel, bytes(digest)), []).append(change)
    _apply(wanted, touched)


def _change(arrival: Arrival) -> tuple[Target, Change | None]:
    event = arrival.event
    assert isinstance(event, StatusChanged | MessageEdited | MessageRevoked)
    nothing: Target = (arrival.channel_id, b"")
    target_id = event.external_id if isinstance(event, StatusChanged) else event.target_id
    if not target_id:
        keep_gap(arrival, "no-message-named")
        return nothing, None
    target = (arrival.channel_id, external_hash(ring(), target_id))
    if not isinstance(event, StatusChanged):
        kind = "edit" if isinstance(event, MessageEdited) else "revoke"
        content = msgspec.to_builtins(event.content) if isinstance(event, MessageEdited) else None
        order = _order(kind, target_id, event.external_id, arrival.told_at, content)
        return target, Change(
            kind=kind, at=arrival.at, order=order, content=content, who=_ways(event.who), arrival=arrival
        )
    if event.status not in STATUSES:
        keep_gap(arrival, "unknown-status")
        return nothing, None
    code = event.problems[0].code if event.problems else None
    pricing = _priced_by(event.pricing)
    return target, Change(
        kind=event.status,
        at=arrival.at,
        order=_order(event.status, target_id, event.our_id, arrival.told_at, code, event.pricing),
        our_id=_our_id(event.our_id),
        external_id=target_id,
        code=code,
        pricing=pricing,
        country=country_of(event.who.phone, event.who.bsuid) if pricing else None,
        who=_ways(event.who),
        arrival=arrival,
    )


def _priced_by(told: dict[str, Any] | None) -> dict[str, str] | None:
    words = {key: told[key][:PRICE_CHARS_MAX] for key in PRICED_BY if isinstance(told.get(key), str)} if told else {}
    return words or None


def _ways(who: Who) -> tuple[str, ...]:
    return tuple(way for way in (who.phone, who.bsuid, who.parent_bsuid) if way)


def _order(*facts: Any) -> bytes:
    """Return the keyed hash of all that a change says: the same for the same fact, however often it comes."""
    return ring().index(msgspec.json.encode(facts, order="deterministic"), place="inbox_change")


def _our_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@dataclass(slots=True)
class _State:
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


def _apply(wanted: dict[Target, list[Change]], touched: Touched) -> dict[Target, list[Change]]:
    """Apply changes to the messages that are here; return those whose message is not."""
    if not wanted:
        return {}
    states = _states(wanted)
    missing: dict[Target, list[Change]] = {}
    for target, some in wanted.items():
        state = states.get(target)
        if state is None:
            missing[target] = some
            continue
        for change in sorted(some, key=lambda c: (c.at, c.order)):
            if state.is_of_another_offer(change, target[1]):
                if change.arrival is not None:
                    change.arrival.ignored("another-offer")
                continue
            news = state.take(change) | state.learn(change, target[1])
            state.changed |= news
            if change.kind == "failed" and state.outgoing and closes_window(change.code):
                touched.refused(state.id)
            if change.arrival is not None:
                change.arrival.applied() if news else change.arrival.ignored("nothing-new")
    changed = {state.id: state for state in states.values() if state.changed}
    _write(list(changed.values()))
    learn(
        [
            Refused(states[target].id, change.code, change.at)
            for target, some in wanted.items()
            if target in states
            for change in some
            if change.kind == "failed"
        ]
    )
    for state in changed.values():
        touched.look_at(state.conversation, state.channel)
        touched.restyle(state.id, _shown(state) if state.rewritten else None)
    return missing


def _states(wanted: dict[Target, list[Change]]) -> dict[Target, _State]:
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
    states: dict[Target, _State] = {}
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


def _state(row: tuple[Any, ...]) -> _State:
    return _State(
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


def _write(states: Sequence[_State]) -> None:
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


def _rewrite(state: _State) -> None:
    """Put an edit's text in place of the old one, or take a deleted message's text, file and words away."""
    keys = ring()
    content = _said(state)
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


def _said(state: _State) -> Content | None:
    """Return what a rewritten message says now; nothing once it is deleted."""
    return msgspec.convert(state.content, Content) if state.content is not None and state.revoked_at is None else None


def _shown(state: _State) -> tuple[str, str]:
    """Return the line and the kind by which a rewritten message stands in the list."""
    content = _said(state)
    return preview_text(content), content.kind if content else "deleted"


def _keep_waiting(missing: dict[Target, list[Change]]) -> None:
    """Keep facts about messages that are not here yet; of a deleted message not what it was changed to."""
    _empty_deleted(missing)
    rows = [(target, change) for target, some in sorted(missing.items()) for change in some]
    if not rows:
        return
    seal = PendingChange._meta.get_field("detail").seal
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_pendingchange"
            " (id, workspace_id, channel_id, target_hash, kind, detail, at, once_hash, created_at)"
            " SELECT id, %s, channel, target, kind, detail, at, once, %s FROM unnest(%b::uuid[], %b::uuid[],"
            " %b::bytea[], %s::text[], %b::bytea[], %b::timestamptz[], %b::bytea[])"
            " AS new (id, channel, target, kind, detail, at, once) ON CONFLICT DO NOTHING RETURNING once_hash",
            [
                current_workspace_id(),
                now(),
                [new_id() for _ in rows],
                [target[0] for target, _ in rows],
                [target[1] for target, _ in rows],
                [change.kind[:8] for _, change in rows],
                [seal(change.packed()) for _, change in rows],
                [change.at for _, change in rows],
                [change.order for _, change in rows],
            ],
        )
        new = {bytes(row[0]) for row in cursor.fetchall()}
    for _, change in rows:
        if change.arrival is not None:
            change.arrival.applied("waits-for-its-message") if change.order in new else change.arrival.ignored(
                "repeated"
            )
        new.discard(change.order)


def _empty_deleted(missing: dict[Target, list[Change]]) -> None:
    """Take the words out of edits whose message was deleted, those that wait already too: nobody is to read them."""
    waiting = PendingChange.objects.filter(
        target_hash__in=[digest for _, digest in missing], kind__in=["edit", "revoke"]
    )
    known = list(waiting)
    deleted = {target for target, some in missing.items() if any(change.kind == "revoke" for change in some)}
    deleted |= {(one.channel_id, bytes(one.target_hash)) for one in known if one.kind == "revoke"}
    for target in deleted & set(missing):
        for change in missing[target]:
            change.content = _kind_only(change.content)
    for one in known:
        if one.kind == "edit" and (one.channel_id, bytes(one.target_hash)) in deleted:
            one.detail = {**one.detail, "content": _kind_only(one.detail["content"])}
            one.save(update_fields=["detail"])


def _kind_only(content: dict[str, Any] | None) -> dict[str, Any] | None:
    return {"kind": content["kind"]} if content else None
