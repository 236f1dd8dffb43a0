"""Time that passes only when everybody waits, so that an hour of sending takes a moment and is the same every time."""

import asyncio
import selectors
import time
from collections.abc import Coroutine
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from django.db import connections

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
    """Runs what it is given before it answers, in a thread that shares the test's connection and its transaction."""

    def __init__(self) -> None:
        shared = connections["default"]
        shared.inc_thread_sharing()
        self._thread = ThreadPoolExecutor(1, initializer=lambda: connections.__setitem__("default", shared))

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> "Future[Any]":
        done = self._thread.submit(fn, *args, **named)
        wait([done])
        return done

    def close(self) -> None:
        self._thread.shutdown()
        connections["default"].dec_thread_sharing()


def run(work: Coroutine[Any, Any, Answer], *, monkeypatch: pytest.MonkeyPatch, clocks: tuple[str, ...] = ()) -> Answer:
    """Run to the end in virtual time; `clocks` names the `now` functions that follow it."""
    loop = VirtualTime()
    monkeypatch.setattr(time, "monotonic", loop.time)
    for clock in clocks:
        monkeypatch.setattr(clock, lambda: BEGIN + timedelta(seconds=loop.time()))
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(work)
