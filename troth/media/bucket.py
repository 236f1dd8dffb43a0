"""Files in a bucket of an S3-compatible store, under the same names as in a folder.

They lie below a generation: a restored backup is built as a new one while the present one is used, and takes its place when
the mark `current` is written anew. Files are written in one piece, with their digest, which the store compares; they are read
in stretches, each of which can be asked for again; they are deleted with all their versions.
"""

import base64
import hashlib
import re
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from troth.base.clock import now
from troth.base.http import Response
from troth.base.logs import CODE, STATUS, declare, event
from troth.media.bucket_answers import (
    Page,
    Unreadable,
    Version,
    deletion,
    error_code,
    not_deleted,
    objects,
    said,
    versions,
)
from troth.media.bucket_calls import Calls, Place, log
from troth.media.keeping import Kept, StoreAway

FIRST_BYTES, STRETCH_BYTES = 1024 * 1024, 4 * 1024 * 1024
IN_MEMORY_BYTES_MAX = 1024 * 1024
PIECE_BYTES = 256 * 1024
DELETED_AT_ONCE = 1000  # as many as one call may name
MARK, FIRST = "current", "1"
LOOK_AGAIN_AFTER_S = 300.0
GENERATION = re.compile(r"[a-z0-9]{1,32}")
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_DIGEST = "x-amz-meta-sha256"

declare("media.store_refused", reason=CODE, status=STATUS)


class Versioning(NamedTuple):
    """Whether a bucket keeps what is deleted (then all versions have to go), and whether it lets nothing go at all."""

    keeps: bool
    locks: bool


class Bucket:
    """Keeps files in a bucket. `spool` is a folder in which what is on its way out lies, sealed and nameless; `generation`
    is only said while another than the present one is built."""

    def __init__(self, place: Place, *, spool: Path, generation: str = "") -> None:
        self.place = place
        self._calls = Calls(place)
        self._spool = spool
        self._generation = generation
        self._versioning: tuple[float, Versioning] | None = None

    # What every store does

    def prepare(self) -> None:
        """Find out which generation is used, which is asked once. Raises: StoreAway."""
        self.current()

    def target(self, name: str) -> "Outgoing":
        """Return what takes the bytes of a file."""
        return Outgoing(self, self._key(name), spool=self._spool)

    def source(self, name: str) -> "Incoming":
        """Return what gives the bytes of a file. Raises: FileNotFoundError, StoreAway."""
        return Incoming(self, self._key(name))

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file, as it was noted when it was written. Raises: FileNotFoundError, StoreAway."""
        return Incoming(self, self._key(name), first_bytes=1).sha256

    def kept(self, below: str = "", *, all_traces: bool = False) -> Iterator[Kept]:
        """Yield the files whose names begin so. Raises: StoreAway."""
        root, last = self._key(""), ""
        for one in self._listed(root + below, all_versions=all_traces and self.versioning().keeps):
            name = one.key.removeprefix(root)
            if name != last:  # versions of a file come one after the other
                yield Kept(name, one.size, one.changed_at)
            last = name

    def remove(self, beginnings: Iterable[str]) -> None:
        """Delete whatever has a name that begins so, in all its versions. Raises: StoreAway, where something stayed."""
        root = self._key("")
        self._remove_keys(root + beginning for beginning in beginnings)

    # What only a bucket has

    def current(self) -> str:
        """Return the generation that is used. Raises: StoreAway, where its mark is gone and files are there."""
        if self._generation:
            return self._generation
        answer = self._mark()
        if answer.status == 404 and error_code(answer) != "NoSuchBucket":
            if not self._page(self.place.prefix, [], all_versions=False).versions:
                self.turn(FIRST)
                return FIRST
            answer = self._mark()  # somebody may have begun with the bucket between the two looks
        found = answer.body.decode("ascii", "replace").strip()
        if answer.status != 200 or not GENERATION.fullmatch(found):
            raise self._refused(answer, "no_mark")
        self._generation = found
        return found

    def _mark(self) -> Response:
        return self._calls.call("GET", self.place.prefix + MARK, max_bytes=64 * 1024)

    def turn(self, generation: str) -> None:
        """Use another generation from now on. Raises: StoreAway."""
        assert GENERATION.fullmatch(generation)
        body = generation.encode()
        self.put(self.place.prefix + MARK, body, hashlib.sha256(body).hexdigest())
        self._generation = generation

    def generations(self) -> list[str]:
        """Return all generations of which anything is left. Raises: StoreAway."""
        keeps, found = self.versioning().keeps, list[str]()
        more: list[tuple[str, str]] = []
        while True:
            page = self._page(self.place.prefix, [("delimiter", "/"), *more], all_versions=keeps)
            names = [one.removeprefix(self.place.prefix).rstrip("/") for one in page.beginnings]
            found += [one for one in names if GENERATION.fullmatch(one)]
            if not (more := page.more):
                return found

    def drop(self, generation: str) -> None:
        """Delete a generation that is not used. Raises: StoreAway."""
        assert GENERATION.fullmatch(generation)
        assert generation != self.current()
        self._remove_keys([f"{self.place.prefix}{generation}/"])

    def versioning(self) -> Versioning:
        """Return what the bucket does with what is deleted; asked anew every five minutes, since it can be switched on at any
        time. Raises: StoreAway."""
        at = now().timestamp()
        if self._versioning is None or not 0 <= at - self._versioning[0] < LOOK_AGAIN_AFTER_S:
            self._versioning = at, Versioning(self._has_versions(), self._has_locks())
        return self._versioning[1]

    def get(self, key: str, *, first: int, count: int, etag: str = "") -> Response:
        """Return a stretch of a file: 206, or 404, or 412 where it is another file by now. Raises: StoreAway."""
        wanted = {"Range": f"bytes={first}-{first + count - 1}", **({"If-Match": etag} if etag else {})}
        return self._calls.call("GET", key, headers=wanted, max_bytes=count + 64 * 1024, good=_is_whole)

    def put(self, key: str, body: "bytes | Outgoing", sha256: str) -> None:
        """Write a file; the store compares the digest with what came. Raises: StoreAway."""
        answer = self._calls.call("PUT", key, headers={_DIGEST: sha256}, body=body, sha256=sha256)
        if answer.status != 200:
            raise self._refused(answer)

    # How

    def _key(self, name: str) -> str:
        return f"{self.place.prefix}{self.current()}/{name}"

    def _remove_keys(self, beginnings: Iterable[str]) -> None:
        keeps = self.versioning().keeps
        self._delete(one for beginning in beginnings for one in self._emptied(beginning, all_versions=keeps))

    def _emptied(self, beginning: str, *, all_versions: bool) -> Iterator[Version]:
        """Yield what is left to be deleted of what begins so. All pages but the last are deleted here, and then it is looked
        again from the start: stores do not agree about where a page goes on whose last entry is gone."""
        before: list[Version] = []
        while True:
            page = self._page(beginning, [], all_versions=all_versions)
            if not page.more:
                yield from page.versions
                return
            if page.versions == before:
                raise StoreAway("not_deleted")
            self._delete(iter(page.versions))
            before = page.versions

    def _delete(self, found: Iterator[Version]) -> None:
        while batch := list(islice(found, DELETED_AT_ONCE)):
            body = deletion(batch)
            # Stores differ in which of the two they want; both are right for all.
            md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
            told = {"Content-MD5": md5, "Content-Type": "application/xml"}
            sha256 = hashlib.sha256(body).hexdigest()
            answer = self._calls.call(
                "POST", query=[("delete", "")], headers=told, body=body, sha256=sha256, good=_is_read
            )
            if answer.status != 200:
                raise self._refused(answer)
            if word := not_deleted(answer.body):
                raise self._refused(answer, word)

    def _listed(self, beginning: str, *, all_versions: bool) -> Iterator[Version]:
        more: list[tuple[str, str]] = []
        while True:
            page = self._page(beginning, more, all_versions=all_versions)
            yield from page.versions
            if not (more := page.more):
                return

    def _page(self, beginning: str, more: list[tuple[str, str]], *, all_versions: bool) -> Page:
        kind = ("versions", "") if all_versions else ("list-type", "2")
        query = [kind, ("encoding-type", "url"), ("prefix", beginning), *more]
        answer = self._calls.call("GET", query=query, good=_is_read)
        if answer.status != 200:
            raise self._refused(answer)
        return versions(answer.body) if all_versions else objects(answer.body)

    def _has_versions(self) -> bool:
        answer = self._calls.call("GET", query=[("versioning", "")], good=_is_read)
        if answer.status == 501:
            return False  # a store that knows no versions
        if answer.status != 200:
            raise self._refused(answer)
        return said(answer.body, "Status") in ("Enabled", "Suspended")

    def _has_locks(self) -> bool:
        answer = self._calls.call("GET", query=[("object-lock", "")])
        if answer.status in (400, 404, 501) and error_code(answer) not in ("NoSuchBucket", "AccessDenied"):
            return False
        if answer.status != 200:
            raise self._refused(answer)
        return said(answer.body, "ObjectLockEnabled") == "Enabled"

    def _refused(self, answer: Response, reason: str = "") -> StoreAway:
        word = reason or error_code(answer) or f"status_{answer.status}"
        event(log, "media.store_refused", reason=word, status=answer.status)
        return StoreAway(word)


class Outgoing:
    """A file on its way into the bucket: what is written waits here, sealed, until its size and digest are known."""

    def __init__(self, bucket: Bucket, key: str, *, spool: Path) -> None:
        self._bucket, self._key = bucket, key
        self._digest = hashlib.sha256()
        self.size = 0
        # Without a name, so that it ends with us.
        self._file = tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES_MAX, dir=str(spool))  # noqa: SIM115

    @property
    def sha256(self) -> str:
        """The digest of what was written, in hexadecimal digits."""
        return self._digest.hexdigest()

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)

    def finish(self) -> None:
        """Put the file into the bucket. Raises: StoreAway; then what was there before is there still."""
        try:
            if self.size <= IN_MEMORY_BYTES_MAX:
                self._file.seek(0)
                self._bucket.put(self._key, self._file.read(), self.sha256)
            else:
                self._bucket.put(self._key, self, self.sha256)
        finally:
            self._file.close()

    def abandon(self) -> None:
        """Forget what was written."""
        self._file.close()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Give the bytes from the first on; for the client, which may have to begin again."""
        self._file.seek(0)
        while piece := self._file.read(PIECE_BYTES):
            yield piece


class Incoming:
    """A file in the bucket, read in stretches. It is the one that was there when it was opened, or none: one that was
    replaced meanwhile is not mixed with it."""

    def __init__(self, bucket: Bucket, key: str, *, first_bytes: int = FIRST_BYTES) -> None:
        self._bucket, self._key = bucket, key
        answer = bucket.get(key, first=0, count=first_bytes)
        if answer.status == 404 and error_code(answer) != "NoSuchBucket":
            raise FileNotFoundError(key)
        self._start, self._held = 0, answer.body
        if answer.status == 206:
            self._size = int(_ranged(answer)[2])
        elif answer.status == 200:  # a store that gives the whole at once
            self._size = len(answer.body)
        elif answer.status == 416:  # an empty file has no first byte
            self._size, self._held = 0, b""
        else:
            raise bucket._refused(answer)
        self._etag = answer.headers.get("ETag", "")
        self.sha256 = answer.headers.get(_DIGEST, "")

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return self._size

    def read(self, at: int, count: int) -> bytes:
        """Return up to `count` bytes from a place; fewer only at the end. Raises: StoreAway, FileNotFoundError."""
        end = min(self._size, at + count)
        found = bytearray()
        while at < end:
            if not self._start <= at < self._start + len(self._held):
                self._fetch(at)
            offset = at - self._start
            piece = self._held[offset : offset + end - at]
            found += piece
            at += len(piece)
        return bytes(found)

    def close(self) -> None:
        """Let go of it."""
        self._held = b""

    def _fetch(self, at: int) -> None:
        answer = self._bucket.get(self._key, first=at, count=min(STRETCH_BYTES, self._size - at), etag=self._etag)
        if answer.status in (404, 412):
            raise FileNotFoundError(self._key)
        if answer.status != 206:
            raise self._bucket._refused(answer)
        if answer.headers.get("ETag", "") != self._etag:  # a store that does not know the condition
            raise FileNotFoundError(self._key)
        self._start, self._held = at, answer.body


def _is_whole(answer: Response) -> bool:
    """Return whether a stretch has as many bytes as it says."""
    if answer.status != 206:
        return True
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return found is not None and int(found[2]) - int(found[1]) + 1 == len(answer.body)


def _ranged(answer: Response) -> tuple[str, ...]:
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    assert found is not None  # `_is_whole` saw to it
    return found.groups()


def _is_read(answer: Response) -> bool:
    """Return whether an answer that should be a document is one to its end."""
    if answer.status != 200:
        return True
    try:
        said(answer.body, "")
    except Unreadable:
        return False
    return True
