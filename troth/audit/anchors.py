"""Anchors: the heads of all chains, written every hour to a file outside of the database.

Whoever cuts the end off a chain leaves one that holds by itself; an anchor tells how long it was. The file only grows.
Lay it on another disk, or ship it to another machine (TROTH_ANCHOR_FILE, docs/support.md).
"""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from troth.base.clock import now

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
OVERLAP = timedelta(hours=1)
TAIL_BYTES = 4_096


@dataclass(frozen=True)
class Head:
    """The last entry of a chain. `workspace_id` None is the installation's."""

    workspace_id: UUID | None
    count: int
    hash: bytes
    at: datetime


def heads(*, since: datetime = BEGINNING) -> list[Head]:
    """Return the head of every chain that has grown since an instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, number, hash, at FROM audit_heads(%s)", [since])
        return [Head(workspace, number, bytes(digest), at) for workspace, number, digest, at in cursor.fetchall()]


def write_anchors(timestamp: int = 0) -> int:
    """Add a line for each chain that has grown since the file was last written to; return how many. Job."""
    path, instant = anchor_file(), now()
    grown = heads(since=_last_written(path) - OVERLAP)
    lines = "".join(_line(head, at=instant) for head in grown)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, lines.encode())
        os.fsync(file)
    finally:
        os.close(file)
    return len(grown)


def read_anchors(path: Path | None = None) -> dict[UUID | None, dict[int, bytes]]:
    """Return what was anchored: by workspace (None is the installation), the hash of each numbered entry."""
    found: dict[UUID | None, dict[int, bytes]] = defaultdict(dict)
    for line in _lines(path or anchor_file()):
        workspace = UUID(line["workspace"]) if line["workspace"] else None
        found[workspace][line["count"]] = bytes.fromhex(line["hash"])
    return found


def anchor_file() -> Path:
    """Return where anchors are written."""
    return Path(settings.ANCHOR_FILE)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        with path.open() as file:
            yield from (json.loads(line) for line in file if line.strip())


def _line(head: Head, *, at: datetime) -> str:
    workspace = str(head.workspace_id) if head.workspace_id else None
    facts = {"at": at.isoformat(), "workspace": workspace, "count": head.count, "hash": head.hash.hex()}
    return json.dumps(facts, sort_keys=True) + "\n"


def _last_written(path: Path) -> datetime:
    if not path.exists() or path.stat().st_size == 0:
        return BEGINNING + OVERLAP
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL_BYTES))
        last = file.read().rstrip().rsplit(b"\n", 1)[-1]
    return datetime.fromisoformat(json.loads(last)["at"])
