"""What of a phone app's old messages is known to be missing."""

from datetime import timedelta
from enum import Enum

from troth.base.clock import now
from troth.channels.models import PhoneSync, SyncKind, SyncState
from troth.channels.phone_wanted import is_late
from troth.channels.spans import Spans, joined, missing

WHOLE = 100
QUIET = timedelta(days=1)  # Meta hands a history over within hours: after a day of silence nothing comes by itself


class Hole(Enum):
    """Why a history is not whole."""

    DECLINED = "declined"
    LATE = "late"
    REFUSED = "refused"
    STOPPED = "stopped"
    PIECES = "pieces"


_OF_STATES = {SyncState.DECLINED: Hole.DECLINED, SyncState.LATE: Hole.LATE, SyncState.FAILED: Hole.REFUSED}


def hole_of(row: PhoneSync) -> Hole | None:
    """Return why a history is not whole, None where it is, may still become so, or is none."""
    if row.kind != SyncKind.HISTORY:
        return None
    if row.state in _OF_STATES:
        return _OF_STATES[SyncState(row.state)]
    if row.state in (SyncState.WANTED, SyncState.ASKED) and row.heard_at is None and is_late(row, at=now()):
        return Hole.LATE
    if not _is_quiet(row):
        return None
    if row.state == SyncState.RUNNING and row.progress < WHOLE:
        return Hole.STOPPED
    return Hole.PIECES if missing_pieces(row) else None


def _is_quiet(row: PhoneSync) -> bool:
    return row.heard_at is not None and row.heard_at < now() - QUIET


def missing_pieces(row: PhoneSync) -> int:
    """Return how many pieces of a history surely never came. Meta does not say whether it counts through all phases or in
    each anew, so only what is missing either way counts."""
    of_phases: list[Spans] = list(row.chunks.values())
    together = joined([span for spans in of_phases for span in spans])
    return min(sum(missing(spans) for spans in of_phases), missing(together))
