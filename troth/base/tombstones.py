"""Who was forgotten: a journal outside the database, so that restoring an older database brings nobody back.

A purge appends one line in the same step in which it deletes, *before* it commits: a crash in between forgets somebody
once more, never less. After every restore all tombstones are replayed before the product opens.

The journal is one file, `journal`, in a folder of its own (`<home>/tombstones`, or TROTH_TOMBSTONE_FOLDER). It only ever
grows. A line is JSON, a tab, and the first 16 hexadecimal digits of the JSON's SHA-256:

    {"kind":"contact","workspace":"0198...","subject":"0198...","erased_at":"2026-11-22T10:00:00+00:00","hashes":[]}<tab>9f...

`kind` is contact, member, former or workspace; `workspace` is null for a member of the installation who is in none. `hashes` are
keyed hashes of the subject's identities, "name:hex" or plain hex, by which imports and syncs know whom to leave out.
There is no personal data in it, and what would be (a name, an address, a telephone number) is refused.

A line that was cut short by a power cut was never acknowledged, so it counts as not written; readers pass it over and the
next writer begins a new line. Two journals are united by taking every line of both: order means nothing.
"""

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from uuid import UUID

_HASH = re.compile(r"(?:[a-z][a-z0-9_.]{0,63}:)?[0-9a-f]{16,128}")
_CHECK_DIGITS = 16
_PIECE_BYTES = 1 << 16

# Forgets once more, in the database, everybody whom the journal names; returns how many it still found there.
Replayer = Callable[[], int]

_journal: Path | None = None
_replayers: list[Replayer] = []


class Kind(StrEnum):
    """What was forgotten."""

    CONTACT = "contact"
    MEMBER = "member"
    FORMER = "former"  # a former member, in one workspace
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One subject that was forgotten. Raises: ValueError for what is not a keyed hash, or an instant without a zone."""

    kind: Kind
    subject_id: UUID
    workspace_id: UUID | None
    erased_at: datetime
    hashes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.erased_at.tzinfo is None:
            raise ValueError("the instant of a tombstone needs a zone")
        if self.kind == Kind.WORKSPACE and self.workspace_id != self.subject_id:
            raise ValueError("a workspace's tombstone names the workspace twice")
        if not all(_HASH.fullmatch(one) for one in self.hashes):
            raise ValueError("a tombstone holds keyed hashes and nothing else")


def keep_in(path: Path) -> None:
    """Name the file of the journal. Called once by the settings, again by tests."""
    global _journal
    _journal = path


def journal() -> Path:
    """Return the journal's file, there or not."""
    assert _journal is not None, "the settings name the journal of tombstones"
    return _journal


def append(tombstone: Tombstone) -> None:
    """Write a tombstone, and return once it is on the disk. Safe among any number of processes.

    Raises: OSError, when it cannot be kept; then nothing may be deleted.
    """
    _write([_line_of(tombstone)])


def read(path: Path | None = None) -> list[Tombstone]:
    """Return all tombstones of the journal, or of another one, each subject once for each instant."""
    found = dict.fromkeys(_read_lines(path or journal()))
    return [_tombstone_of(line) for line in found]


def merge(other: Path) -> int:
    """Take over what another journal has and ours has not; return how many tombstones that were."""
    known = set(_read_lines(journal()))
    missing = [line for line in dict.fromkeys(_read_lines(other)) if line not in known]
    if missing:
        _write(missing)
    return len(missing)


def register_replayer(replayer: Replayer) -> None:
    """Name a function that forgets again, in the database and the media store, all whom the journal names.

    Upper apps call this in `ready()`. It must be safe to repeat.
    """
    if replayer not in _replayers:
        _replayers.append(replayer)


def replayers() -> list[Replayer]:
    """Return the functions that were registered."""
    return list(_replayers)


def _line_of(tombstone: Tombstone) -> str:
    body = json.dumps(
        {
            "kind": tombstone.kind.value,
            "workspace": str(tombstone.workspace_id) if tombstone.workspace_id else None,
            "subject": str(tombstone.subject_id),
            "erased_at": tombstone.erased_at.isoformat(),
            "hashes": list(tombstone.hashes),
        },
        separators=(",", ":"),
    )
    return f"{body}\t{_check(body)}"


def _tombstone_of(line: str) -> Tombstone:
    told = json.loads(line.partition("\t")[0])
    return Tombstone(
        kind=Kind(told["kind"]),
        subject_id=UUID(told["subject"]),
        workspace_id=UUID(told["workspace"]) if told["workspace"] else None,
        erased_at=datetime.fromisoformat(told["erased_at"]),
        hashes=tuple(told["hashes"]),
    )


def _check(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:_CHECK_DIGITS]


def _read_lines(path: Path) -> Iterator[str]:
    """Yield the lines that are whole."""
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            for line in file:
                body, _, check = line.rstrip("\n").partition("\t")
                if check and check == _check(body):
                    yield f"{body}\t{check}"
    except FileNotFoundError:
        return


def _write(lines: list[str]) -> None:
    path = journal()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone_at(path) as descriptor:
        torn = os.fstat(descriptor).st_size > 0 and not _ends_a_line(descriptor)
        data = ("\n" if torn else "") + "".join(f"{line}\n" for line in lines)
        view = memoryview(data.encode("ascii"))
        while view:
            view = view[os.write(descriptor, view[:_PIECE_BYTES]) :]
        os.fsync(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the file itself may be new
    finally:
        os.close(folder)


@contextmanager
def _alone_at(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _ends_a_line(descriptor: int) -> bool:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1) == b"\n"
