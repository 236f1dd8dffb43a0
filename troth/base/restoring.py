"""What has to be settled in a database that was restored from a backup, before the product opens it.

A backup is a picture of a moment. Much may have happened since which the picture does not show: a message that it shows
as waiting may have been sent long ago. So every app says here how what was under way in its tables is put to rest.
"""

from collections.abc import Callable

# Puts something to rest; returns how many there were. Safe to repeat.
Settler = Callable[[], int]

_settlers: dict[str, Settler] = {}
_checks: dict[str, Settler] = {}


def settle_on_restore(what: str, settler: Settler) -> None:
    """Register a settler under words for people, such as "sessions ended". Apps call this in `ready()`."""
    _settlers[what] = settler


def check_on_restore(what: str, check: Settler) -> None:
    """Register a count of what the keys at hand do not open, such as "workspaces": anything but 0 is told."""
    _checks[what] = check


def settle_all() -> dict[str, int]:
    """Put everything to rest; return the counts by words."""
    return {what: settler() for what, settler in _settlers.items()}


def unreadable() -> dict[str, int]:
    """Return what does not open, by words."""
    return {what: count for what, check in _checks.items() if (count := check())}
