"""Numbers of pieces that came, kept as ranges: which are missing shows at a glance, and a thousand take a few bytes."""

from collections.abc import Sequence
from itertools import pairwise

Spans = list[list[int]]  # of first and last, both included, in order and apart


def with_number(spans: Spans, number: int) -> Spans:
    """Return the ranges with one more number in them."""
    return joined([*spans, [number, number]])


def joined(spans: Sequence[list[int]]) -> Spans:
    """Return any ranges in order, those that touch made one."""
    found: Spans = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = [found[-1][0], max(found[-1][1], last)]
        else:
            found.append([first, last])
    return found


def missing(spans: Spans) -> int:
    """Return how many numbers are missing between the first and the last that came."""
    return sum(later[0] - earlier[1] - 1 for earlier, later in pairwise(spans))
