"""How fast messages may leave a number: a leaky bucket (GCRA) that never lets a second hold more than the limit."""

HEADROOM = 0.978  # of the limit, so that jitter on the way cannot push a second above it
SLACK_S = 0.006  # how much lateness may be caught up at once

PAIR_EVERY_S = 6.0  # Meta: one message to one person in six seconds ...
PAIR_BURST = 40  # ... with bursts of up to 45 that are borrowed from later (throughput page, read 2026-11-22)


class Pace:
    """Gives each message of a number its moment. Times are in seconds of a monotonic clock."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self._due = 0.0

    def next(self, at: float) -> float:
        """Return when the next message may leave, and count it as leaving then."""
        every = 1.0 / (self.per_second * HEADROOM)
        moment = max(self._due, at - SLACK_S)
        self._due = moment + every
        return max(moment, at)

    def room(self, at: float, *, ahead_s: float) -> int:
        """Return how many messages could leave within the next seconds."""
        every = 1.0 / (self.per_second * HEADROOM)
        return max(0, int((at + ahead_s - max(self._due, at - SLACK_S)) / every))


class PairPace:
    """Says when one person may get another message. Forgets people whose quota is whole again."""

    def __init__(self) -> None:
        self._due: dict[object, float] = {}

    def wait_s(self, person: object, at: float) -> float:
        """Return how long this person has to be left alone, 0 for not at all; counts a message when it is 0."""
        due = max(self._due.get(person, 0.0), at)
        early = due - at - PAIR_EVERY_S * PAIR_BURST
        if early > 0:
            return early
        self._due[person] = due + PAIR_EVERY_S
        if len(self._due) > 50_000:
            self._due = {who: when for who, when in self._due.items() if when > at}
        return 0.0
