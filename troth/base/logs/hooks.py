"""What nobody caught: it must reach the log as everything else does, not standard error with its message."""

import asyncio
import logging
import re
import sys
import threading
import warnings
from types import TracebackType
from typing import Any, TextIO

from troth.base.logs.events import declare, event
from troth.base.logs.failures import place, type_name
from troth.base.logs.kinds import CODE, Unloggable
from troth.base.logs.literals import LOOP_TEXTS

logger = logging.getLogger("troth.uncaught")

_PLACE = re.compile(r"\S{1,200}:[0-9]{1,6}(?: in \S{1,80})?")  # "troth/inbox/receive.py:120 in apply"


def _place(value: object) -> str:
    if isinstance(value, str) and _PLACE.fullmatch(value):
        return value
    raise Unloggable("place", value)


declare("uncaught.process", level=logging.CRITICAL)
declare("uncaught.thread", level=logging.ERROR)
declare("uncaught.unraisable", level=logging.ERROR)
declare("uncaught.loop", level=logging.ERROR, what=CODE)
declare("python.warned", level=logging.WARNING, category=CODE, place=_place)


def install_hooks() -> None:
    """Send uncaught exceptions of the process and its threads, unraisable ones and warnings to the log."""
    sys.excepthook = _process_failed
    threading.excepthook = _thread_failed
    sys.unraisablehook = _could_not_raise
    warnings.showwarning = _warned


def watch_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Send what an event loop could not hand to anybody to the log."""
    loop.set_exception_handler(_loop_failed)


def _process_failed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        event(logger, "uncaught.process", exc_info=(kind, error, trace))


def _thread_failed(failure: threading.ExceptHookArgs) -> None:
    if failure.exc_value is not None and not isinstance(failure.exc_value, SystemExit):
        event(logger, "uncaught.thread", exc_info=failure.exc_value)


def _could_not_raise(failure: "sys.UnraisableHookArgs") -> None:
    if failure.exc_value is not None:
        event(logger, "uncaught.unraisable", exc_info=failure.exc_value)


def _loop_failed(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    what = LOOP_TEXTS.get(str(context.get("message")), "other")
    event(logger, "uncaught.loop", what=what, exc_info=context.get("exception"))


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    event(logger, "python.warned", category=type_name(category), place=place(filename, lineno))
