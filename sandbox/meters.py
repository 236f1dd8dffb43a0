"""What was asked of each number, and how fast: the figures that benchmarks read."""

from bisect import insort
from collections import Counter, deque
from typing import Any

PAIR_BURST = 45
PAIR_SECONDS_PER_MESSAGE = 6.0
PAIRS_REMEMBERED = 50_000


class SlidingSecond:
    """The number of events in the last second, and the most there ever were. Events may come a little out of order."""

    def __init__(self) -> None:
        self.worst = 0
        self._times: deque[float] = deque()

    def count(self, now_s: float) -> int:
        times = self._times
        while times and times[0] <= now_s - 1.0:
            times.popleft()
        return len(times)

    def add(self, now_s: float) -> None:
        if self._times and now_s < self._times[-1]:
            insort(self._times, now_s)
        else:
            self._times.append(now_s)
        self.worst = max(self.worst, self.count(self._times[-1]))


class Meter:
    """One number's counts. `offered` are all well-formed sends, `accepted` those that were let through."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything, also the pair buckets."""
        self.offered = SlidingSecond()
        self.passed = SlidingSecond()
        self.accepted = 0
        self.asked = 0
        self.refused: Counter[int] = Counter()
        self.statuses: Counter[str] = Counter()
        self.repeated = 0
        self.first_at_s: float | None = None
        self.last_at_s: float | None = None
        self._seen: set[int] = set()
        self._pairs: dict[str, tuple[float, float]] = {}

    def throttled(self, now_s: float, *, limit_per_s: int) -> bool:
        """Count one send that is offered, and tell whether it exceeds the number's throughput."""
        self.asked += 1
        self.offered.add(now_s)
        return self.passed.count(now_s) >= limit_per_s

    def pair_throttled(self, recipient: str, now_s: float) -> bool:
        """Tell whether one person has been written to too often: one message in six seconds, bursts of 45."""
        left, at_s = self._pairs.get(recipient, (float(PAIR_BURST), now_s))
        left = min(float(PAIR_BURST), left + (now_s - at_s) / PAIR_SECONDS_PER_MESSAGE)
        if left < 1.0:
            return True
        if len(self._pairs) >= PAIRS_REMEMBERED:
            self._pairs.clear()
        self._pairs[recipient] = (left - 1.0, now_s)
        return False

    def accept(self, now_s: float, *, callback_data: str | None) -> None:
        """Count one accepted send; the same callback data a second time is a message sent twice."""
        self.accepted += 1
        self.passed.add(now_s)
        self.first_at_s = now_s if self.first_at_s is None else self.first_at_s
        self.last_at_s = now_s
        if callback_data is None:
            return
        key = hash(callback_data)
        if key in self._seen:
            self.repeated += 1
        self._seen.add(key)

    def report(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        span_s = (self.last_at_s or 0.0) - (self.first_at_s or 0.0)
        return {
            "asked": self.asked,
            "accepted": self.accepted,
            "repeated": self.repeated,
            "refused": {str(code): count for code, count in sorted(self.refused.items())},
            "statuses": dict(self.statuses),
            "worst_second_offered": self.offered.worst,
            "worst_second_accepted": self.passed.worst,
            "span_s": round(span_s, 3),
            "mean_per_s": round((self.accepted - 1) / span_s, 2) if span_s > 0 and self.accepted > 1 else None,
        }
