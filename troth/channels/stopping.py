"""Stopping a workspace's sending, and letting it go on. What is queued waits; nothing is lost, and nothing is read."""

from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.models import SendingStop


class StoppedAlready(Exception):
    """Its sending is stopped already."""


class NotStopped(Exception):
    """Its sending is not stopped."""


def current_stop() -> SendingStop | None:
    """Return the stop that holds for the workspace in scope."""
    return SendingStop.objects.filter(lifted_at=None).first()


def stop_sending(*, reason: str, by: UUID) -> SendingStop:
    """Let nothing leave the workspace in scope, from within seconds. `by` is somebody of staff. Raises: StoppedAlready."""
    if current_stop() is not None:
        raise StoppedAlready
    stop = SendingStop.objects.create(reason=reason, stopped_by=by)
    record("sending.stopped", by=Actor.staff(by), target=("stop", stop.pk), detail={"reason": reason})
    return stop


def let_send(*, by: UUID) -> None:
    """Let the workspace in scope send again, what waited first. Raises: NotStopped."""
    stop = current_stop()
    if stop is None:
        raise NotStopped
    stop.lifted_at, stop.lifted_by = now(), by
    stop.save(update_fields=["lifted_at", "lifted_by"])
    record("sending.allowed", by=Actor.staff(by), target=("stop", stop.pk))
