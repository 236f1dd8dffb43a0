"""Keeps the newest reaction of each person on each message, whichever comes first, message or reaction."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.contract import ReactionChanged
from troth.inbox.index import external_hash
from troth.inbox.models import Reaction
from troth.inbox.receive.arrival import Arrival, Contacts, Named
from troth.inbox.receive.touched import Touched
from troth.workspaces.scope import current_workspace_id


def apply_all(arrivals: Sequence[Arrival], contacts: Contacts, touched: Touched) -> None:
    """Apply these reactions. An older one changes nothing; taking one away is a reaction without an emoji."""
    keys = ring()
    seal = Reaction._meta.get_field("emoji").seal
    changed: list[tuple[UUID, bytes]] = []
    for arrival in sorted(arrivals, key=lambda a: (a.at, a.event.external_id or "")):
        event = arrival.event
        assert isinstance(event, ReactionChanged)
        named = contacts.get(id(event), Named(None))
        reactor = None if event.from_us else named.sender or named.contact
        if reactor is None and not event.from_us:
            arrival.ignored("nobody-named")
            continue
        target = external_hash(keys, event.target_id)
        order = keys.index(f"{event.external_id}|{event.emoji}", place="inbox_reaction")
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO inbox_reaction AS r"
                " (id, workspace_id, channel_id, target_hash, reactor_id, emoji, at, order_hash)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
                " ON CONFLICT (workspace_id, channel_id, target_hash, reactor_id) DO UPDATE"
                " SET emoji = excluded.emoji, at = excluded.at, order_hash = excluded.order_hash"
                " WHERE (excluded.at, excluded.order_hash) > (r.at, r.order_hash)",
                [
                    new_id(),
                    current_workspace_id(),
                    arrival.channel_id,
                    target,
                    reactor,
                    seal(event.emoji),
                    arrival.at,
                    order,
                ],
            )
            news = cursor.rowcount == 1
        arrival.applied() if news else arrival.ignored("nothing-new")
        if news:
            changed.append((arrival.channel_id, target))
    _look_at(changed, touched)


def _look_at(targets: list[tuple[UUID, bytes]], touched: Touched) -> None:
    if not targets:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conversation_id, channel_id FROM inbox_message"
            " WHERE workspace_id = %s AND external_hash = ANY(%b::bytea[])",
            [current_workspace_id(), [digest for _, digest in targets]],
        )
        for conversation, channel in cursor.fetchall():
            touched.look_at(conversation, channel)
