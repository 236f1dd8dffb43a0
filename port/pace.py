"""How fast a port may speak: one message at a time, so many a minute and a day, and never first to somebody.

WhatsApp names no limits for linked devices; these are ours, well below what people report to have cost them their number.
"""

from collections import deque

MINUTE_MAX = 20
DAY_MAX = 400
_MINUTE_S, _DAY_S = 60, 86_400


class Pace:
    """Counts what was sent, in this process only."""

    def __init__(self, *, minute_max: int = MINUTE_MAX, day_max: int = DAY_MAX) -> None:
        self._minute_max, self._day_max = minute_max, day_max
        self._sent: deque[float] = deque()

    def wait_s(self, *, at: float) -> float:
        """Return for how long the next message has to wait at this instant (seconds of any clock), 0 where it need not."""
        while self._sent and self._sent[0] <= at - _DAY_S:
            self._sent.popleft()
        if len(self._sent) >= self._day_max:
            return self._sent[-self._day_max] + _DAY_S - at
        if len(self._sent) >= self._minute_max:
            return max(0.0, self._sent[-self._minute_max] + _MINUTE_S - at)
        return 0.0

    def sent(self, *, at: float) -> None:
        """Count one."""
        self._sent.append(at)
