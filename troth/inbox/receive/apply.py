"""The order in which a batch of events is applied to one workspace."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from troth.channels.contract import (
    CallChanged,
    ChannelChanged,
    HistoryChunk,
    IdentityChanged,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    PreferenceChanged,
    ReactionChanged,
    StatusChanged,
    TemplateChanged,
    Unrecognised,
)
from troth.inbox.receive import changes, codes, forgotten, lines, messages, news, people, phone, reactions, tallies
from troth.inbox.receive.arrival import Arrival
from troth.inbox.receive.touched import Touched
from troth.realtime.pokes import poke_all
from troth.workspaces.scope import current_workspace_id


def apply(arrivals: Sequence[Arrival]) -> None:
    """Apply these events to the workspace in scope; afterwards each has an outcome.

    Every step may be repeated and done in another order with the same end: rows are unique by keyed ids, instants only
    grow, statuses only rise, and what comes before its message waits for it.
    """
    one_at_a_time()
    came = arrivals
    arrivals, erased = forgotten.leave_out(arrivals)
    touched = Touched()
    of = {kind: [a for a in arrivals if isinstance(a.event, kind)] for kind in _KINDS}
    contacts = people.move_all(of[IdentityChanged]) | people.recognise_all(arrivals)
    codes.keep_codes(arrivals, contacts)
    messages.insert(
        [a for a in arrivals if isinstance(a.event, MessageReceived | MessageEchoed)],
        of[HistoryChunk],
        contacts,
        touched,
    )
    people.tell_identities(of[IdentityChanged], contacts, touched)
    changes.apply_all(
        [a for a in arrivals if isinstance(a.event, StatusChanged | MessageEdited | MessageRevoked)], touched, erased
    )
    reactions.apply_all(of[ReactionChanged], contacts, touched)
    lines.apply_calls(of[CallChanged], contacts, touched)
    people.apply_preferences(of[PreferenceChanged], contacts, touched)
    lines.keep_gaps(of[Unrecognised])
    lines.tell_handovers(of[ChannelChanged], touched)
    news.apply_notices([*of[ChannelChanged], *of[HistoryChunk]])
    news.apply_templates(of[TemplateChanged])
    phone.tell(of[HistoryChunk], of[IdentityChanged])
    touched.write()
    tallies.keep(came)
    _tell(touched, [a.channel_id for a in of[ChannelChanged]])


_KINDS = (
    HistoryChunk,
    IdentityChanged,
    CallChanged,
    ReactionChanged,
    PreferenceChanged,
    ChannelChanged,
    TemplateChanged,
    Unrecognised,
)


def one_at_a_time() -> None:
    """Let one at a time write to a workspace what came in, so that two never make one person twice, and nobody comes
    in while they are being forgotten. Held until the transaction ends."""
    key = int.from_bytes(current_workspace_id().bytes[8:], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _tell(touched: Touched, channels: list[UUID]) -> None:
    pokes: list[tuple[str, UUID, UUID | None]] = [
        ("conversation", conversation, channel) for conversation, channel in sorted(touched.conversations.items())
    ]
    pokes += [("channel", channel, channel) for channel in sorted(set(channels))]
    poke_all(pokes, workspace_id=current_workspace_id())
