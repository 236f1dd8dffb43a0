"""Time that passes only when everybody waits, so that an hour of sending takes a moment and is the same every time."""

import asyncio
import selectors
import time
from collections.abc import Coroutine
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
Answer = TypeVar("Answer")


class _Skipping(selectors.DefaultSelector):
    """Moves the clock on instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.clock += timeout or 0.0
        return super().select(0)


class VirtualTime(asyncio.SelectorEventLoop):
    """An event loop whose clock starts at 0."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.clock


class AtOnce(Executor):
    """Runs what it is given before it answers, in the caller's thread: inside the test's own transaction."""

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **named))
        except BaseException as error:
            future.set_exception(error)
        return future


def run(work: Coroutine[Any, Any, Answer], *, monkeypatch: pytest.MonkeyPatch, clocks: tuple[str, ...] = ()) -> Answer:
    """Run to the end in virtual time; `clocks` names the `now` functions that follow it."""
    loop = VirtualTime()
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setattr(time, "monotonic", loop.time)
    for clock in clocks:
        monkeypatch.setattr(clock, lambda: BEGIN + timedelta(seconds=loop.time()))
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work)
