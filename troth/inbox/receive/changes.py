"""Applies what happened to messages afterwards: statuses, edits, deletions. What comes too early waits."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.registry import closes_window
from troth.inbox.models import PendingChange
from troth.inbox.receive import tallies
from troth.inbox.receive.arrival import FORGOTTEN, WAITS, Arrival, Outcome
from troth.inbox.receive.change import Change, Target, change_of
from troth.inbox.receive.state import shown, states_of, write
from troth.inbox.receive.touched import Touched
from troth.inbox.refusals import Refused, learn
from troth.workspaces.scope import current_workspace_id

GONE = "message-is-gone"


def apply_all(arrivals: Sequence[Arrival], touched: Touched, erased: Collection[int] = ()) -> None:
    """Apply these events to their messages; those whose message is not here yet wait for it.

    `erased` are the events (by id()) that name somebody who was forgotten: their messages will never come.
    """
    wanted: dict[Target, list[Change]] = {}
    for arrival in arrivals:
        target, change = change_of(arrival)
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
            " RETURNING p.channel_id, p.target_hash, p.detail, p.once_hash, p.created_at",
            [[c for c, _ in ordered], [h for _, h in ordered], current_workspace_id()],
        )
        rows = cursor.fetchall()
    unseal = PendingChange._meta.get_field("detail").unseal
    wanted: dict[Target, list[Change]] = {}
    for channel, digest, detail, once, created_at in rows:
        change = Change.unpacked(unseal(detail), order=bytes(once), came_on=created_at.date())
        wanted.setdefault((channel, bytes(digest)), []).append(change)
    _apply(wanted, touched)
    tallies.keep_settled(
        [
            tallies.Settled(target[0], change.came_on, change.outcome or Outcome("ignored", GONE))
            for target, some in wanted.items()
            for change in some
            if change.came_on is not None
        ]
    )


def _apply(wanted: dict[Target, list[Change]], touched: Touched) -> dict[Target, list[Change]]:
    """Apply changes to the messages that are here; return those whose message is not."""
    if not wanted:
        return {}
    states = states_of(wanted)
    missing: dict[Target, list[Change]] = {}
    for target, some in wanted.items():
        state = states.get(target)
        if state is None:
            missing[target] = some
            continue
        for change in sorted(some, key=lambda c: (c.at, c.order)):
            if state.is_of_another_offer(change, target[1]):
                change.became(Outcome("ignored", "another-offer"))
                continue
            news = state.take(change) | state.learn(change, target[1])
            state.changed |= news
            if change.kind == "failed" and state.outgoing and closes_window(change.code):
                touched.refused(state.id)
            change.became(Outcome("applied") if news else Outcome("ignored", "nothing-new"))
    changed = {state.id: state for state in states.values() if state.changed}
    write(list(changed.values()))
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
        touched.restyle(state.id, shown(state) if state.rewritten else None)
    return missing


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
        change.became(Outcome("applied", WAITS) if change.order in new else Outcome("ignored", "repeated"))
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
