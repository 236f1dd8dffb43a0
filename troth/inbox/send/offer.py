"""What is offered, and what became of it. Pure: no clock, no database, no network."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.channels.contract import NOT_SUPPORTED, Accepted, Outbound, SendError
from troth.inbox.models import MessageStatus

STOPPED_MAX = 3  # after so many times that a message stopped a number which worked before, it is the message's fault
STOPPED_S = 60.0  # how long a number rests that Meta has stopped ...
STILL_STOPPED_S = 300.0  # ... and each time that it turns out to be stopped still
WAIT_MAX_S = 60.0  # a message waits no longer than this for a number to work again, whatever happened to it before


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is `sending` since `claimed_at`: ours to offer once. `attempts` counts this offer too.

    `outbound` is None where it cannot be offered at all; `problem` is then the code of the reason.
    """

    id: UUID
    conversation_id: UUID
    claimed_at: datetime
    attempts: int
    outbound: Outbound | None
    problem: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a claimed message.

    `retry_after_s` belongs to `queued`: None for at once. `counted` is whether it counts as an attempt.
    """

    of: Claimed
    status: MessageStatus
    external_id: str | None = None
    held: bool = False
    code: int | None = None
    retry_after_s: float | None = None
    counted: bool = True
    window_closed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A result, and what it means for the number: to rest for some seconds, or to stop for some, with the reason shown
    to people. A number that stopped keeps its queue."""

    result: Result
    rest_s: float = 0.0
    stop_s: float = 0.0


def accepted(one: Claimed, answer: Accepted) -> Verdict:
    """Return what it means that the provider took a message."""
    return Verdict(Result(one, MessageStatus.SENT, external_id=answer.external_id, held=answer.held))


def not_offered(one: Claimed, *, retry_after_s: float | None = None) -> Result:
    """Return the result of a message that goes back into the outbox as if nothing had been."""
    return Result(one, MessageStatus.QUEUED, retry_after_s=retry_after_s, counted=False)


def hopeless(one: Claimed) -> Result:
    """Return the result of a message that cannot be offered at all."""
    return Result(one, MessageStatus.FAILED, code=one.problem)


def unsupported(one: Claimed) -> Verdict:
    """Return what it means that the channel cannot say this."""
    return Verdict(Result(one, MessageStatus.FAILED, code=NOT_SUPPORTED))


def unsure(one: Claimed) -> Result:
    """Return the result of a message that may have left: only a fact or a person may decide.

    It gets no code: that place is kept for the reason why it failed, should we hear of one.
    """
    return Result(one, MessageStatus.UNCERTAIN)


def refused(one: Claimed, refusal: SendError, *, troubled: bool) -> Verdict:
    """Return what a refusal means. `troubled` is whether the number was stopped before and has not sent since."""
    if refusal.uncertain:
        return Verdict(unsure(one))
    if refusal.scope == "account" or (refusal.scope == "number" and not refusal.retryable):
        return _stopped(one, refusal, troubled=troubled)
    if not refusal.retryable or one.attempts >= refusal.attempts_max:
        return _failed(one, refusal)
    first_s = refusal.retry_after_s or 1.0
    wait_s = first_s * refusal.retry_growth ** (one.attempts - 1)
    if refusal.scope != "number":
        return Verdict(_later(one, refusal, wait_s))
    return Verdict(_later(one, refusal, min(wait_s, max(first_s, WAIT_MAX_S))), rest_s=first_s)


def _stopped(one: Claimed, refusal: SendError, *, troubled: bool) -> Verdict:
    """Keep the message and stop the number, unless this message alone is what stops it, again and again."""
    if not troubled and one.attempts >= STOPPED_MAX:
        return _failed(one, refusal)
    stop_s = max(STILL_STOPPED_S if troubled else STOPPED_S, refusal.retry_after_s or 0.0)
    return Verdict(_later(one, refusal, 0.0, counted=not troubled), stop_s=stop_s)


def _failed(one: Claimed, refusal: SendError) -> Verdict:
    failed = Result(one, MessageStatus.FAILED, code=refusal.code, window_closed=refusal.window_closed)
    return Verdict(failed)


def _later(one: Claimed, refusal: SendError, wait_s: float, *, counted: bool = True) -> Result:
    return Result(one, MessageStatus.QUEUED, code=refusal.code, retry_after_s=wait_s, counted=counted)
