"""What each customer sees of each business number: for the page, and for those who answer."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

THREADS_MAX = 500
LINES_MAX = 200


@dataclass(slots=True)
class Line:
    """One bubble. `out` means that the business wrote it."""

    id: str
    out: bool
    kind: str
    content: dict[str, Any]
    at: int
    status: str = ""
    reply_to: str | None = None
    reactions: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Thread:
    """One customer with one business number."""

    number_id: str
    person_key: str
    lines: deque[Line] = field(default_factory=lambda: deque(maxlen=LINES_MAX))
    typing_until: float = 0.0


class Threads:
    """The latest threads; the oldest untouched one is forgotten first."""

    def __init__(self) -> None:
        self._threads: OrderedDict[tuple[str, str], Thread] = OrderedDict()
        self._lines: OrderedDict[str, tuple[Thread, Line]] = OrderedDict()
        self.version = 0

    def of(self, number_id: str, person_key: str) -> Thread:
        """Return the thread of a person with a number, made when there is none."""
        at = (number_id, person_key)
        thread = self._threads.get(at)
        if thread is None:
            thread = self._threads[at] = Thread(number_id, person_key)
            if len(self._threads) > THREADS_MAX:
                self._threads.popitem(last=False)
        self._threads.move_to_end(at)
        return thread

    def all_of(self, number_id: str) -> list[Thread]:
        """Return a number's threads, the latest last."""
        return [thread for (number, _person), thread in self._threads.items() if number == number_id]

    def add(self, number_id: str, person_key: str, line: Line) -> Thread:
        """Append a bubble."""
        thread = self.of(number_id, person_key)
        thread.lines.append(line)
        self._lines[line.id] = (thread, line)
        if len(self._lines) > THREADS_MAX * LINES_MAX // 10:
            self._lines.popitem(last=False)
        self.version += 1
        return thread

    def mark(self, message_id: str, status: str) -> None:
        """Set the tick of a bubble."""
        if found := self._lines.get(message_id):
            found[1].status = status
            self.version += 1

    def react(self, message_id: str, who: str, emoji: str) -> None:
        """Put a reaction under a bubble, or take it away with an empty one."""
        if found := self._lines.get(message_id):
            found[1].reactions.pop(who, None)
            if emoji:
                found[1].reactions[who] = emoji
            self.version += 1

    def find(self, message_id: str) -> tuple[Thread, Line] | None:
        return self._lines.get(message_id)

    def rename(self, old_key: str, new_key: str) -> None:
        """Move a person's threads to their new key."""
        for (number_id, person_key), thread in list(self._threads.items()):
            if person_key == old_key:
                thread.person_key = new_key
                self._threads[number_id, new_key] = self._threads.pop((number_id, person_key))
        self.version += 1
