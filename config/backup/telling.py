"""What the commands say: lines for a person as things go on, or one JSON object for a machine in the end."""

import json
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from config.trouble import Trouble

INTERRUPTED = 130


class Stopped(BaseException):
    """Somebody asked us to stop."""


class Voice:
    """Speaks to whoever ran the command."""

    def __init__(self, *, for_machine: bool) -> None:
        self._for_machine = for_machine

    def say(self, line: str) -> None:
        """Tell a person how things stand."""
        if not self._for_machine:
            print(line, flush=True)

    def end(self, **facts: Any) -> None:
        """Tell a machine what came of it."""
        if self._for_machine:
            print(json.dumps({"ok": True, **facts}, default=str), flush=True)

    def fail(self, trouble: Trouble) -> None:
        """Tell what stood in the way and what to do."""
        if self._for_machine:
            print(json.dumps({"ok": False, "trouble": str(trouble)}), flush=True)
        else:
            print(f"\n{trouble}", file=sys.stderr, flush=True)


def spoken(voice: Voice, work: Callable[[], None]) -> int:
    """Do the work and return the command's exit code. A request to stop is heeded in between, and cleaned up after."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        work()
    except Trouble as trouble:
        voice.fail(trouble)
        return 1
    except (Stopped, KeyboardInterrupt):
        voice.fail(Trouble("Stopped. Nothing that was there before has changed."))
        return INTERRUPTED
    return 0


def size(count: int) -> str:
    """Return a size for people: 12.3 MB."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stopped
