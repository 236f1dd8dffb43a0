"""Brings webhooks to callbacks: batches under load, signs, retries with growing pauses, and misbehaves when asked."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sandbox.behaviour import Behaviour
from sandbox.post import NotLoopback, Unreachable
from sandbox.webhooks import Change, body_of, headers

# Seconds before each further attempt; Meta says "immediately, then less and less often, for up to seven days".
RETRY_PAUSES_S = (0.5, 10, 30, 120, 300, 1200, 3600, 3600 * 3, 3600 * 6, 3600 * 12, *(3600 * 24,) * 6)
BODY_BYTES_MAX = 3 * 1024 * 1024
LOG_LENGTH = 200
OK = 200

Post = Callable[[str, dict[str, str], bytes, float], Awaitable[int]]


@dataclass(slots=True)
class Parcel:
    """One webhook body with what happened to it so far; retries repeat the same bytes."""

    url: str
    secret: str = field(repr=False)
    body: bytes = field(repr=False)
    changes: int
    behaviour: Behaviour = field(repr=False)
    attempts: int = 0


@dataclass(slots=True)
class Line:
    """What waits for one callback."""

    waiting: deque[Change] = field(default_factory=deque)
    posting: int = 0
    due: asyncio.TimerHandle | None = None


class Courier:
    """All webhooks on their way."""

    def __init__(self, post: Post, *, chance: random.Random) -> None:
        self._post = post
        self._chance = chance
        self._lines: dict[tuple[str, str], Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._retries: set[asyncio.TimerHandle] = set()
        self.counts: Counter[str] = Counter()
        self.log: deque[dict[str, object]] = deque(maxlen=LOG_LENGTH)

    @property
    def underway(self) -> int:
        """Return how many changes and posts are not yet settled."""
        return sum(len(line.waiting) for line in self._lines.values()) + len(self._tasks) + len(self._retries)

    def send(self, url: str, secret: str, change: Change, behaviour: Behaviour) -> None:
        """Queue one change for a callback."""
        line = self._lines.setdefault((url, secret), Line())
        line.waiting.append(change)
        if behaviour.disorder_rate and len(line.waiting) > 1 and self._chance.random() < behaviour.disorder_rate:
            line.waiting.appendleft(line.waiting.pop())
        self.counts["changes"] += 1
        if behaviour.duplicate_rate and self._chance.random() < behaviour.duplicate_rate:
            line.waiting.append(change)
            self.counts["duplicates"] += 1
        wait_s = behaviour.batch_wait_ms / 1000
        if len(line.waiting) >= behaviour.batch_max:
            wait_s = 0.0
        if line.due is None and line.posting < behaviour.posts_at_once:
            loop = asyncio.get_running_loop()
            line.due = loop.call_later(wait_s, self._flush, url, secret, line, behaviour)

    def close(self) -> None:
        for handle in self._retries:
            handle.cancel()
        for task in self._tasks:
            task.cancel()

    def _flush(self, url: str, secret: str, line: Line, behaviour: Behaviour) -> None:
        line.due = None
        if not line.waiting or line.posting >= behaviour.posts_at_once:
            return
        batch: list[Change] = []
        size = 0
        while line.waiting and len(batch) < behaviour.batch_max and size < BODY_BYTES_MAX - len(line.waiting[0].json):
            batch.append(line.waiting.popleft())
            size += len(batch[-1].json) + 120
        parcel = Parcel(url, secret, body_of(batch), len(batch), behaviour)
        line.posting += 1
        self._start(self._carry(parcel, line))
        if line.waiting and line.posting < behaviour.posts_at_once:
            line.due = asyncio.get_running_loop().call_soon(self._flush, url, secret, line, behaviour)  # type: ignore[assignment]  # a Handle cancels like a TimerHandle

    async def _carry(self, parcel: Parcel, line: Line) -> None:
        try:
            await self._attempt(parcel)
        finally:
            line.posting -= 1
            self._flush(parcel.url, parcel.secret, line, parcel.behaviour)

    async def _attempt(self, parcel: Parcel) -> None:
        parcel.attempts += 1
        try:
            status = await self._post(
                parcel.url,
                headers(parcel.secret, parcel.body),
                parcel.body,
                parcel.behaviour.post_timeout_ms / 1000,
            )
        except (Unreachable, NotLoopback):
            status = 0
        self.counts["posts"] += 1
        self.log.append({"url": parcel.url, "status": status, "attempt": parcel.attempts, "changes": parcel.changes})
        if status == OK:
            self.counts["delivered"] += parcel.changes
            return
        self.counts["refused"] += 1
        self._retry(parcel)

    def _retry(self, parcel: Parcel) -> None:
        if parcel.attempts > len(RETRY_PAUSES_S):
            self.counts["dropped"] += parcel.changes
            return
        pause_s = RETRY_PAUSES_S[parcel.attempts - 1] * parcel.behaviour.retry_scale
        handle: asyncio.TimerHandle

        def again() -> None:
            self._retries.discard(handle)
            self._start(self._attempt(parcel))

        handle = asyncio.get_running_loop().call_later(pause_s, again)
        self._retries.add(handle)

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
