"""Telling who waits to know when the first byte of a call leaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_told: ContextVar[Callable[[], None] | None] = ContextVar("told", default=None)


@contextmanager
def on_departure(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` at the instant before the first byte of a call made in this block may leave, when it has waited for its
    turn and for a connection, and again once all has left. A call that is repeated on another connection tells again."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def tell_departure() -> None:
    """Say that a call's first byte may leave now."""
    if (tell := _told.get()) is not None:
        tell()
