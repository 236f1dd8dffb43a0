"""How far a phone app is with handing over its contacts and old messages, told to the number's own page."""

from collections.abc import Sequence
from uuid import UUID

from troth.channels.contract import HistoryChunk, IdentityChanged
from troth.channels.models import SyncKind
from troth.channels.phone_sync import Heard, keep
from troth.inbox.receive.arrival import Arrival


def tell(histories: Sequence[Arrival], identities: Sequence[Arrival]) -> None:
    """Tell what this batch brought. Comes after all of it was applied: what came before counts once."""
    heard: dict[tuple[UUID, str], Heard] = {}
    for arrival in histories:
        chunk = arrival.event
        assert isinstance(chunk, HistoryChunk)
        news = _news(heard, arrival, SyncKind.HISTORY)
        news.progress = max(news.progress, chunk.progress or 0)
        news.phase = max((one for one in (news.phase, chunk.phase) if one is not None), default=None)
        news.code = chunk.problems[0].code if chunk.problems else news.code
        if chunk.order is not None:
            news.pieces.append((chunk.phase or 0, chunk.order))
        if _is_new(arrival):
            news.count += len(chunk.received) + len(chunk.echoed)
    for arrival in identities:
        event = arrival.event
        if isinstance(event, IdentityChanged) and event.kind == "address_book" and not event.removed:
            _news(heard, arrival, SyncKind.CONTACTS).count += int(_is_new(arrival))
    keep([(channel, kind, heard[(channel, kind)]) for channel, kind in sorted(heard)])


def _news(heard: dict[tuple[UUID, str], Heard], arrival: Arrival, kind: SyncKind) -> Heard:
    return heard.setdefault((arrival.channel_id, kind.value), Heard())


def _is_new(arrival: Arrival) -> bool:
    return arrival.outcome is not None and arrival.outcome.result == "applied"
