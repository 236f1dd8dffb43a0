"""What the lane knows of a connected number: how to speak for it, how fast, and whether it may send now."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from troth.base.clock import now
from troth.channels.mails import tell_of_trouble
from troth.channels.models import Channel
from troth.channels.stopping import current_stop
from troth.channels.trouble import ANSWERS, FIRST, held_of
from troth.inbox.send.ledger import fresh
from troth.realtime.pokes import poke


@dataclass(frozen=True, slots=True)
class Number:
    """What it takes to send, secrets included: kept in memory only while the number sends.

    `troubled` is whether it was stopped and has not sent since; `held` what a restriction of Meta's holds back.
    """

    workspace_id: UUID
    channel_id: UUID
    kind: str
    number_id: str
    token: str = field(repr=False)
    app_secret: str = field(repr=False)
    per_second: int
    troubled: bool = field(compare=False)
    held: frozenset[str] = frozenset()


def number(workspace: UUID, channel: UUID) -> Number | None:
    """Return a number that may send now, None where it is gone or stopped."""
    with fresh(workspace):
        found = Channel.objects.filter(id=channel, removed_at=None).first()
        if found is None or (found.paused_until is not None and found.paused_until > now()):
            return None
        if current_stop() is not None:
            return None
        sends = _number(found)
        return None if sends.held >= {FIRST, ANSWERS} else sends


def stop(used: Number, *, seconds: float, code: int) -> bool:
    """Let a number rest, and remember why, so that its page can say so.

    Returns false and does nothing where it is another number by now: somebody has just put it right.
    """
    with fresh(used.workspace_id):
        found = Channel.objects.select_for_update().filter(id=used.channel_id, removed_at=None).first()
        if found is None or _number(found) != used:
            return False
        if found.problem_code is not None:
            tell_of_trouble(found.id, f"problem:{code}")  # not at the first time, which often passes within a minute
        found.paused_until, found.problem_code = now() + timedelta(seconds=seconds), code
        found.save(update_fields=["paused_until", "problem_code"])
        _tell(used)
        return True


def works_again(used: Number) -> None:
    """Forget a number's trouble, because it sends."""
    with fresh(used.workspace_id):
        troubled = Channel.objects.filter(id=used.channel_id).exclude(problem_code=None)
        if troubled.update(paused_until=None, problem_code=None):
            _tell(used)


def _number(channel: Channel) -> Number:
    return Number(
        workspace_id=channel.workspace_id,
        channel_id=channel.id,
        kind=channel.kind,
        number_id=channel.number_id,
        token=channel.token or "",
        app_secret=channel.app_secret or "",
        per_second=channel.messages_per_second,
        troubled=channel.problem_code is not None,
        held=held_of(channel).kinds,
    )


def _tell(used: Number) -> None:
    poke("channel", used.channel_id, workspace_id=used.workspace_id, about=used.channel_id)
