"""Files as they lie, sealed, passed on to a program that knows nothing of stores (the backup) and taken from one.

The form, in both directions: a kind (1 byte), a length (4, big-endian), that many bytes. N is a file's name, D a part of it,
E its end, with its SHA-256.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import IO, TypeVar

from troth.base.whole_files import Source, Target
from troth.media.keeping import Store

AT_ONCE = 8  # files asked for or handed over at a time: a store far away answers slowly, and many at once
PART_BYTES = 256 * 1024

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Differs(Exception):
    """A file is not what it was when it was written."""


class Broken(Exception):
    """What comes in is not in the form, or not what was sent."""


def give(keeper: Store, names: Iterable[str], out: IO[bytes]) -> int:
    """Write files in the order of their names; one that is gone is left out. Return how many were written. Raises:
    StoreAway."""

    def opened(name: str) -> tuple[str, Source | None]:
        try:
            return name, keeper.source(name)
        except FileNotFoundError:
            return name, None

    def let_go(one: tuple[str, Source | None]) -> None:
        if one[1] is not None:
            one[1].close()

    count = 0
    for name, source in at_once(opened, names, unwanted=let_go):
        if source is not None:
            _give(name, source, out)
            count += 1
    return count


def take(keeper: Store, given: IO[bytes]) -> int:
    """Keep every file that comes; return how many. Raises: Broken, StoreAway."""
    return sum(1 for _ in at_once(lambda target: target.finish(), _coming(keeper, given)))


def at_once(
    work: Callable[[_In], _Out], things: Iterable[_In], *, unwanted: Callable[[_Out], object] = id
) -> Iterator[_Out]:
    """Yield what work makes of things, in their order, with a few under way ahead. Where it is broken off, what is under way
    is done to its end, and each of its results is `unwanted`."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="media") as threads:
        under_way: deque[Future[_Out]] = deque()
        try:
            for thing in things:
                under_way.append(threads.submit(work, thing))
                if len(under_way) >= AT_ONCE:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                if future.exception() is None:
                    unwanted(future.result())


def parts_of(source: Source) -> Iterator[bytes]:
    """Yield a file in parts, and let go of it. Raises: Differs, at its end."""
    digest = hashlib.sha256()
    try:
        for at in range(0, source.size, PART_BYTES):
            part = source.read(at, PART_BYTES)
            digest.update(part)
            yield part
        if source.sha256 not in ("", digest.hexdigest()):
            raise Differs
    finally:
        source.close()


def _give(name: str, source: Source, out: IO[bytes]) -> None:
    digest = hashlib.sha256()
    _frame(out, b"N", name.encode())
    for part in parts_of(source):
        digest.update(part)
        _frame(out, b"D", part)
    _frame(out, b"E", digest.hexdigest().encode())


def _coming(keeper: Store, given: IO[bytes]) -> Iterator[Target]:
    while frame := _read(given):
        kind, name = frame
        if kind != b"N":
            raise Broken
        target, digest = keeper.target(name.decode()), hashlib.sha256()
        try:
            while True:
                kind, part = _read(given) or (b"", b"")
                if kind != b"D":
                    break
                digest.update(part)
                target.write(part)
            if kind != b"E" or part.decode() != digest.hexdigest():
                raise Broken
        except BaseException:
            target.abandon()
            raise
        yield target


def _frame(out: IO[bytes], kind: bytes, content: bytes) -> None:
    out.write(kind + len(content).to_bytes(4, "big"))
    out.write(content)


def _read(given: IO[bytes]) -> tuple[bytes, bytes] | None:
    head = given.read(5)
    if not head:
        return None
    size = int.from_bytes(head[1:], "big")
    content = given.read(size)
    if len(head) != 5 or len(content) != size:
        raise Broken
    return head[:1], content
