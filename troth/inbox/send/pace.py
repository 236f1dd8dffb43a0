"""How fast messages may leave: evenly, and never so many that a second anywhere on their way holds more than the limit.

Times are in seconds of a monotonic clock. What is counted is the instant at which a message really leaves, not the one
at which it should have: a process that was held up for a moment makes good for it without overshooting.
"""

from collections import deque
from math import inf

GUARD_S = 0.015  # two messages may drift this far apart on their way, and still no second holds one too many
EVEN_S = 1.02  # messages leave as evenly as if the limit was meant for this long, so that lateness does not pile up
CATCH_UP_S = 0.1  # how much lateness may be made good at once

PAIR_EVERY_S = 6.0  # Meta: one message to one person in six seconds ...
PAIR_BURST = 40  # ... with bursts of up to 45 that are borrowed from later (throughput page, read 2026-11-22)
PEOPLE_MAX = 50_000


class Pace:
    """Lets the messages of one number leave, `per_second` at most."""

    def __init__(self, per_second: int) -> None:
        self._due = -inf
        self._left: deque[float] = deque()
        self.change(per_second)

    def change(self, per_second: int) -> None:
        """Go on at another speed."""
        self.per_second = max(1, per_second)
        self._every_s = EVEN_S / self.per_second
        self._left = deque(self._left, maxlen=self.per_second)

    def wait_s(self, at: float) -> float:
        """Return how long the next message has to wait. If 0 it leaves now, and is counted."""
        wait_s = self.due(at) - at
        if wait_s > 0:
            return wait_s
        self._left.append(at)
        self._due = max(self._due, at - CATCH_UP_S) + self._every_s
        return 0.0

    def due(self, at: float) -> float:
        """Return when the next message may leave; in the past if it could have left already."""
        full = len(self._left) == self.per_second
        return max(self._due, self._left[0] + 1.0 + GUARD_S if full else -inf)

    def room(self, at: float, *, ahead_s: float) -> int:
        """Return about how many messages could leave within the next seconds."""
        ahead_s = at + ahead_s - max(self.due(at), at - CATCH_UP_S)
        return 0 if ahead_s < 0 else int(ahead_s / self._every_s) + 1

    def rest(self, *, until: float) -> None:
        """Let nothing leave before an instant."""
        self._due = max(self._due, until)

    def left_at(self) -> float:
        """Return when the last message left."""
        return self._left[-1] if self._left else -inf


class PairPace:
    """Says when one person may get another message. Forgets people whose quota is whole again."""

    def __init__(self) -> None:
        self._due: dict[object, float] = {}

    def wait_s(self, person: object, at: float) -> float:
        """Return how long this person has to be left alone, 0 for not at all; counts a message when it is 0."""
        due = max(self._due.get(person, at), at)
        early_s = due - at - PAIR_EVERY_S * (PAIR_BURST - 1)
        if early_s > 0:
            return early_s
        self._due[person] = due + PAIR_EVERY_S
        if len(self._due) > PEOPLE_MAX:
            self.forget(at)
        return 0.0

    def forget(self, at: float) -> None:
        """Forget everybody whose quota is whole again."""
        self._due = {person: due for person, due in self._due.items() if due > at}
