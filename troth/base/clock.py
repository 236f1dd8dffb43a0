"""The only place that reads the time, so that tests can set it."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current instant in UTC."""
    return datetime.now(UTC)
