"""Counting how often parts of the product are used: an event, a day, a workspace, a number. Never a person.

Only declared events are counted. Counting is an addition in memory; a thread hands what has gathered to whoever stores it,
once a minute. A process that is killed loses the last minute, which is the price of costing nothing.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.functional import Promise

from troth.base.clock import now

log = logging.getLogger(__name__)

EVERY_S = 60.0
KEPT_MAX = 50_000

Key = tuple[UUID, date, str]
Store = Callable[[Mapping[Key, int]], None]


@dataclass(frozen=True)
class Event:
    """Something that is counted. `words` say to people what."""

    key: str
    words: str | Promise


class Undeclared(LookupError):
    """Something was to be counted that nobody declared."""


_events: dict[str, Event] = {}
_counts: Counter[Key] = Counter()
_lock = threading.Lock()


def declare_event(event: Event) -> None:
    """Declare something that is counted. Called from an app's `ready`."""
    _events[event.key] = event


def events() -> tuple[Event, ...]:
    """Return all that is counted."""
    return tuple(_events.values())


def count(event: str, *, workspace_id: UUID) -> None:
    """Count one use. Raises: Undeclared."""
    if event not in _events:
        raise Undeclared(event)
    key = (workspace_id, now().date(), event)
    with _lock:
        if key in _counts or len(_counts) < KEPT_MAX:
            _counts[key] += 1


def take() -> dict[Key, int]:
    """Return what has gathered, and begin anew."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    return taken


class Writing:
    """The thread that hands over what has gathered. Started with the web server, never by a test or a command."""

    def __init__(self, store: Store, *, every_s: float = EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Hand over the rest and end."""
        self._ending.set()
        self._thread.join(self._every_s)

    def _run(self) -> None:
        while not self._ending.wait(self._every_s):
            self._hand_over()
        self._hand_over()

    def _hand_over(self) -> None:
        taken = take()
        try:
            if taken:
                self._store(taken)
        except Exception:
            log.exception("usage.lost")  # counts only: better lost than in the way
