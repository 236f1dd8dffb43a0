"""Percentiles of times."""

from collections.abc import Sequence


def at(times: Sequence[float], share: float) -> float:
    """Return the time within which this share of them lies, 0 where there are none. They must be sorted."""
    return times[min(len(times) - 1, int(len(times) * share))] if times else 0.0
