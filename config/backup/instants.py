"""Instants, in the two forms in which backups state them."""

from datetime import UTC, datetime

_IN_NAMES = "%Y%m%dT%H%M%SZ"


def now() -> datetime:
    """Return the current instant in UTC. Only the commands and the sweep ask; all else is told."""
    return datetime.now(UTC)


def for_name(at: datetime) -> str:
    """Return an instant as it stands in a file's name, to the second."""
    return at.astimezone(UTC).strftime(_IN_NAMES)


def from_name(text: str) -> datetime:
    """Return the instant that a file's name states. Raises: ValueError."""
    return datetime.strptime(text, _IN_NAMES).replace(tzinfo=UTC)


def told(at: datetime) -> str:
    """Return an instant for people: 2026-11-22 03:15 UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
