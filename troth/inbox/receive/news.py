"""News of numbers, accounts and templates on their way to the channels."""

from collections.abc import Sequence

from troth.channels.contract import ChannelChanged, HistoryChunk
from troth.channels.models import Channel
from troth.channels.notices import is_of_another_number, keep_notices, keep_templates
from troth.inbox.receive.arrival import Arrival


def apply_notices(arrivals: Sequence[Arrival]) -> None:
    """Keep notices with the numbers that they are about. A history that is refused is such a notice too."""
    told = [(arrival, event) for arrival in arrivals if (event := _notice(arrival)) is not None]
    if not told:
        return
    channels = {channel.id: channel for channel in Channel.objects.filter(id__in={a.channel_id for a, _ in told})}
    kept = []
    for arrival, event in told:
        if is_of_another_number(channels[arrival.channel_id], event):
            arrival.ignored("another-number")
        else:
            kept.append((arrival, event))
    for arrival, new in keep_notices([(a.channel_id, event, a.at) for a, event in kept], [a for a, _ in kept]):
        if new:
            arrival.applied()
        elif arrival.outcome is None or arrival.outcome.result != "applied":
            arrival.ignored("repeated")


def _notice(arrival: Arrival) -> ChannelChanged | None:
    event = arrival.event
    if isinstance(event, ChannelChanged):
        return event
    if isinstance(event, HistoryChunk) and event.problems:
        return ChannelChanged(
            change=event.change,
            field=event.field,
            number_id=event.number_id,
            account_id=event.account_id,
            at=event.at,
            raw=event.raw,
            aspect="history",
            value=str(event.problems[0].code),
            problems=event.problems,
        )
    return None


def apply_templates(arrivals: Sequence[Arrival]) -> None:
    """Keep what is told of templates."""
    for arrival, result in keep_templates([(a.event, a.at) for a in arrivals], list(arrivals)):
        if result == "applied":
            arrival.applied()
        else:
            arrival.ignored(result)
