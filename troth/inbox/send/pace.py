"""How fast messages may leave: evenly, and never so many that a second anywhere on their way holds more than the limit.

Times are in seconds of a monotonic clock. What is counted is the instant at which a message really leaves, not the one
at which it should have or was told to: a process that was held up for a moment makes good for it without overshooting.
"""

from collections import deque
from dataclasses import dataclass
from math import inf

MARGIN = (
    0.025  # this share of the limit stays unused: messages drift apart on their way, and no second may overflow ...
)
SPARE = 0.015  # ... most of it as room for messages that are late alone, the rest as distance for those late together
EVEN_S = 1.02  # messages leave as evenly as if the limit was meant for this long, so that lateness does not pile up
LEARN, LEARN_MAX = (
    0.01,
    0.04,
)  # so much more of it stays unused each time that we are told to be too fast, up to so much
CATCH_UP_S = 0.1  # how much lateness may be made good at once

PAIR_EVERY_S = 6.0  # Meta: one message to one person in six seconds ...
PAIR_BURST = 40  # ... with bursts of up to 45 that are borrowed from later (throughput page, read 2026-11-22)
PEOPLE_MAX = 50_000


@dataclass(slots=True)
class Departure:
    """When one message left: at first when it was let go, then when its first byte went."""

    at: float

    def went(self, at: float) -> None:
        """Correct the instant: building the request and finding a connection took until now."""
        self.at = max(self.at, at)


class Pace:
    """Lets the messages of one number leave, `per_second` at most."""

    def __init__(self, per_second: int) -> None:
        self._due = -inf
        self._left: deque[Departure] = deque()
        self._before = -inf  # the latest of those that are no longer remembered one by one
        self._learnt = 0.0
        self.change(per_second)

    def change(self, per_second: int) -> None:
        """Go on at another speed."""
        self.per_second = max(1, per_second)
        self._every_s = EVEN_S / self.per_second
        spare = int(SPARE * self.per_second)
        self._most = self.per_second - spare
        self._guard_s = MARGIN + self._learnt - spare / self.per_second
        self._forget_surplus(keep=self._most)

    def leave_more(self) -> None:
        """Leave more of the limit unused: whoever counts at the other end found a second too full."""
        self._learnt = min(self._learnt + LEARN, LEARN_MAX)
        self.change(self.per_second)

    def wait_s(self, at: float) -> float:
        """Return how long the next message has to wait. If 0 it leaves now, and is counted as `last`."""
        wait_s = self.due(at) - at
        if wait_s > 0:
            return wait_s
        self._forget_surplus(keep=self._most - 1)
        self._left.append(Departure(at))
        self._due = max(self._due, at - CATCH_UP_S) + self._every_s
        return 0.0

    def due(self, at: float) -> float:
        """Return when the next message may leave; in the past if it could have left already."""
        full = len(self._left) >= self._most
        return max(self._due, max(self._before, self._left[0].at if full else -inf) + 1.0 + self._guard_s)

    @property
    def last(self) -> Departure:
        """The message that left last."""
        return self._left[-1]

    def _forget_surplus(self, *, keep: int) -> None:
        while len(self._left) > keep:
            self._before = max(self._before, self._left.popleft().at)

    def room(self, at: float, *, ahead_s: float) -> int:
        """Return about how many messages could leave within the next seconds."""
        ahead_s = at + ahead_s - max(self.due(at), at - CATCH_UP_S)
        return 0 if ahead_s < 0 else int(ahead_s / self._every_s) + 1

    def rest(self, *, until: float) -> None:
        """Let nothing leave before an instant."""
        self._due = max(self._due, until)

    def left_at(self) -> float:
        """Return when the last message left."""
        return self._left[-1].at if self._left else -inf


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
