"""Events that may be logged, each declared with its keys beside the code that reports it."""

import logging
import os
import re
from types import TracebackType
from typing import NamedTuple

from troth.base.logs.kinds import Kind, Scalar, Unloggable

WITHHELD = "[withheld]"
UNDECLARED = "log.undeclared"

ErrorInfo = bool | BaseException | tuple[type[BaseException], BaseException, TracebackType | None] | None

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
# What the formatter itself writes.
_RESERVED = frozenset({"at", "level", "logger", "event", "text", "from", "error"})


class UndeclaredEvent(LookupError):
    """An event, or a key of one, was never declared."""


class Checked(dict[str, Scalar]):
    """Values that passed their kinds. The formatter takes no other dictionary for an event's."""


class _Event(NamedTuple):
    level: int
    kinds: dict[str, Kind]


_events: dict[str, _Event] = {UNDECLARED: _Event(logging.WARNING, {})}


def declare(name: str, /, *, level: int = logging.INFO, **kinds: Kind) -> None:
    """Allow an event and its keys: `declare("send.failed", level=WARNING, message_id=ID, code=CODE)`.

    Raises: ValueError for a name that is taken or not of the form "noun.verb"
    """
    if not _NAME.fullmatch(name) or _RESERVED & kinds.keys():
        raise ValueError(f"{name!r} or one of its keys cannot be declared")
    known = _events.get(name)
    if known is not None and known.kinds.keys() != kinds.keys():
        raise ValueError(f"{name!r} is declared twice, with different keys")
    _events[name] = _Event(level, kinds)


def event(logger: logging.Logger, name: str, /, *, exc_info: ErrorInfo = None, **values: object) -> None:
    """Log an event with the ids that belong to it.

    Raises: UndeclaredEvent and Unloggable in development and tests. In production the line is written without what
    was not declared, since a mistake in a log call must not cost a message.
    """
    declared = _events.get(name)
    if declared is None:
        if _is_strict():
            raise UndeclaredEvent(f"{name!r} is not declared")
        name, declared, values = UNDECLARED, _events[UNDECLARED], {}
    if logger.isEnabledFor(declared.level):
        checked = _checked(name, declared, values)
        logger.log(declared.level, name, exc_info=exc_info, extra={"event_values": checked}, stacklevel=2)


def _checked(name: str, declared: _Event, values: dict[str, object]) -> Checked:
    checked = Checked()
    for key, value in values.items():
        kind = declared.kinds.get(key)
        if kind is None:
            if _is_strict():
                raise UndeclaredEvent(f"{name!r} has no key {key!r}")
            continue
        if value is None:
            continue
        try:
            checked[key] = kind(value)
        except Unloggable:
            if _is_strict():
                raise
            checked[key] = WITHHELD
    return checked


def _is_strict() -> bool:
    return os.environ.get("TROTH_ENV", "production") in ("development", "test")
