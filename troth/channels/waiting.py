"""How many messages wait to leave from a number. Messages belong to the floor above, which says how to count them."""

from collections.abc import Callable
from uuid import UUID

_counters: list[Callable[[UUID], int]] = []


def count_with(counter: Callable[[UUID], int]) -> None:
    """Count what waits of a channel in this way too. Called once, from an app's `ready`."""
    if counter not in _counters:
        _counters.append(counter)


def waiting(channel_id: UUID) -> int:
    """Return how many messages wait, in the workspace in scope."""
    return sum(counter(channel_id) for counter in _counters)
