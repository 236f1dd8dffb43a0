"""Bringing all files from one keeper to another: as they lie, each compared by its digest, and again where it was cut short."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from troth.media.keeping import Kept, Store
from troth.media.passing import at_once, parts_of
from troth.media.store import owner_of

PASSES_MAX = 3
REPORT_FILES = 500

Say = Callable[[str], None]


class Moved(NamedTuple):
    """What a move did: files and bytes copied, files deleted because the other has them no more, and whether both agree."""

    copied: int
    bytes: int
    deleted: int
    agree: bool


def copy(source: Store, target: Store, *, say: Say) -> Moved:
    """Make a target hold what a source holds, and nothing else of ours. Safe to repeat and to be cut short: what is there
    already stays. While somebody writes into the source, they may not agree in the end.

    Raises: StoreAway, Differs.
    """
    copied = size = deleted = 0
    for _ in range(PASSES_MAX):
        changes = 0
        for one in at_once(lambda pair: _settle(source, target, *pair), _pairs(source, target)):
            changes += one.copied + one.deleted
            copied, size, deleted = copied + one.copied, size + one.bytes, deleted + one.deleted
            if one.copied and copied % REPORT_FILES == 0:
                say(f"{copied} files, {size / 1e6:.0f} MB ...")
        if not changes:
            return Moved(copied, size, deleted, agree=True)
    return Moved(copied, size, deleted, agree=False)


def copy_missing(source: Store, target: Store) -> int:
    """Copy what a target has not, and return how many files that were. Raises: StoreAway, Differs."""
    missing = (mine for mine, theirs in _pairs(source, target) if mine is not None and theirs is None)
    return sum(1 for _ in at_once(lambda one: _copy(source, target, one.name), missing))


def delete_what_is_in_both(source: Store, target: Store) -> int:
    """Delete in a source what a target has just so, and return how many files that were. Raises: StoreAway."""
    same = (
        mine
        for mine, theirs in _pairs(source, target)
        if mine is not None and theirs is not None and mine.size == theirs.size
    )
    gone = 0
    for batch in _batches(same):
        source.remove([one.name for one in batch])
        gone += len(batch)
    return gone


def _batches(found: Iterator[Kept]) -> Iterator[list[Kept]]:
    while batch := list(islice(found, REPORT_FILES)):
        yield batch


def _settle(source: Store, target: Store, mine: Kept | None, theirs: Kept | None) -> Moved:
    try:
        if mine is None:
            assert theirs is not None
            target.remove([theirs.name])
            return Moved(0, 0, 1, agree=False)
        if theirs is not None and _same(source, target, mine, theirs):
            return Moved(0, 0, 0, agree=True)
        return Moved(1, _copy(source, target, mine.name), 0, agree=False)
    except FileNotFoundError:
        return Moved(0, 0, 0, agree=True)  # erased this moment: the next pass sees to it


def _same(source: Store, target: Store, mine: Kept, theirs: Kept) -> bool:
    if mine.size != theirs.size:
        return False
    # Clocks differ; only where it may have been replaced since is it looked into.
    return mine.changed_at < theirs.changed_at or source.digest(mine.name) == target.digest(theirs.name)


def _copy(source: Store, target: Store, name: str) -> int:
    opened = source.source(name)
    out = target.target(name)
    try:
        for part in parts_of(opened):
            out.write(part)
    except BaseException:
        out.abandon()
        raise
    out.finish()
    return opened.size


def _pairs(source: Store, target: Store) -> Iterator[tuple[Kept | None, Kept | None]]:
    """Yield each file of ours with its fellow. Our names sort alike everywhere, since their parts are of fixed length."""
    left, right = _ours(source), _ours(target)
    mine, theirs = next(left, None), next(right, None)
    while mine is not None or theirs is not None:
        if theirs is None or (mine is not None and mine.name < theirs.name):
            yield mine, None
            mine = next(left, None)
        elif mine is None or theirs.name < mine.name:
            yield None, theirs
            theirs = next(right, None)
        else:
            yield mine, theirs
            mine, theirs = next(left, None), next(right, None)


def _ours(keeper: Store) -> Iterator[Kept]:
    return (one for one in keeper.kept() if owner_of(one.name) is not None)
