"""Does a chain hold? By itself, by the details that can still be opened, and against anchors that were written outside."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from troth.audit.chain import START, link
from troth.audit.models import Entry
from troth.audit.record import open_salted

Anchors = Mapping[int, bytes]


class Problem(StrEnum):
    """What is wrong with a chain."""

    MISSING = "missing"  # a number is left out
    CHANGED = "changed"  # an entry, or one before it, is not what it was
    DETAIL = "detail"  # a detail is not what the entry says of it
    OTHER = "other"  # it holds by itself, and is not the chain that was anchored
    CUT = "cut"  # an anchor tells of entries that are not there any more


@dataclass(frozen=True)
class Verdict:
    """What was found: how many entries hold from the first one on, and the first thing that is wrong, if any."""

    count: int
    hash: bytes
    since: datetime | None
    problem: Problem | None = None
    at_number: int | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None


def verify(entries: Iterable[Entry], *, anchors: Anchors | None = None, details: bool = False) -> Verdict:
    """Follow a chain from its first entry; `entries` are in the order of their numbers, `anchors` hashes by number.

    With `details`, every detail that is still there is opened and compared too. Raises: Unreadable, KeysMissing.
    """
    left = dict(anchors or {})
    count, previous, since = 0, START, None
    for entry in entries:
        since = since or entry.at
        problem = _look_at(entry, count + 1, previous, anchor=left.pop(count + 1, None), details=details)
        if problem is not None:
            return Verdict(count, previous, since, problem, count + 1)
        count, previous = count + 1, bytes(entry.hash)
    if left:
        return Verdict(count, previous, since, Problem.CUT, count + 1)
    return Verdict(count, previous, since)


def entries_of_chain() -> Iterable[Entry]:
    """Return the entries of the chain within reach: the workspace's in scope, or the installation's."""
    return Entry.objects.order_by("number").iterator(chunk_size=1_000)


def _look_at(entry: Entry, number: int, previous: bytes, *, anchor: bytes | None, details: bool) -> Problem | None:
    if entry.number != number:
        return Problem.MISSING
    if bytes(entry.hash) != link(entry, previous=previous):
        return Problem.CHANGED
    if details and entry.detail is not None and not _is_true(entry):
        return Problem.DETAIL
    return Problem.OTHER if anchor is not None and anchor != bytes(entry.hash) else None


def _is_true(entry: Entry) -> bool:
    salted = open_salted(entry)
    return salted is not None and hashlib.sha256(salted).digest() == bytes(entry.detail_hash or b"")
