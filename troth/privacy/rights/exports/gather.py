"""Gathering rows into sealed files, one a part, batch by batch, each batch in a scope and a transaction of its own.

A part that was finished stays when the worker is killed, and is not gathered again. What follows is made from these
files alone, so that all forms of a copy say the same, whatever happens to the data meanwhile.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from troth.base.sealed_files import SealedReader, SealedWriter, buffered
from troth.base.sealing import Ring
from troth.contacts.merging import group_of
from troth.privacy.models import PersonalExport
from troth.privacy.rights.exports import places, walk
from troth.privacy.rights.exports.rows import Reader, Row, rows_of
from troth.privacy.rights.exports.task import Task, inside
from troth.privacy.rights.exports.walk import Part
from troth.privacy.rights.kinds import SubjectKind
from troth.workspaces.models import Membership

BATCH = 500


@dataclass(frozen=True)
class Share:
    """A part as it stands in one workspace, or outside of any."""

    workspace_id: UUID | None
    part: Part
    reader: Reader


@dataclass(frozen=True)
class Spool:
    """The sealed file of one part."""

    export_id: UUID
    key: str
    part: Part
    task_keys: Ring
    folder: Any

    @property
    def path(self) -> Any:
        return self.folder / f"{self.key}.sealed"

    @property
    def name(self) -> str:
        return f"{self.export_id}/{self.key}"

    def lines(self) -> Iterator[bytes]:
        """Yield each row as it was written: JSON, with its line's end."""
        reader = SealedReader(self.path, keys=self.task_keys, name=self.name)
        with buffered(reader) as lines:
            yield from lines

    def rows(self) -> Iterator[Row]:
        """Yield each row."""
        for line in self.lines():
            yield json.loads(line)


def gather(task: Task) -> list[Spool]:
    """Gather all parts of an export, counting as it goes. Raises: TakenOver."""
    by_key = _by_key(shares_of(task))
    task.set(total=2 * _count(by_key), done=0)
    spools = []
    for key, shares in by_key.items():
        spool = Spool(task.export.pk, key, shares[0].part, places.ring_of(task.export), _folder(task))
        if spool.path.exists():
            task.count(sum(1 for _ in spool.lines()))
        else:
            _fill(spool, shares, task)
        spools.append(spool)
    return spools


def shares_of(task: Task) -> list[Share]:
    """Return whatever belongs to an export, with the workspace that it stands in."""
    export = task.export
    if isinstance(export, PersonalExport):
        return _shares_of_person(export.user_id)
    with task.inside():
        if export.subject_kind == SubjectKind.CONTACT and export.subject_id is not None:
            roles = dict(Membership.objects.values_list("id", "role"))
            roles |= dict(Membership.objects.values_list("user_id", "role"))
            theirs = frozenset(group_of(export.subject_id))
            reader = Reader(contact=export.subject_id, merged=theirs, roles=roles)
            return [Share(task.workspace_id, part, reader) for part in walk.of_contact(export.subject_id)]
        reader = Reader(asked_at=export.created_at)
        return [Share(task.workspace_id, part, reader) for part in walk.of_workspace(asked_at=export.created_at)]


def _shares_of_person(user_id: UUID) -> list[Share]:
    shares = [Share(None, part, Reader()) for part in walk.of_person(user_id)]
    places_of: dict[UUID, list[UUID]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, membership_id FROM places_ever_of(%s)", [user_id])
        for workspace_id, membership_id in cursor.fetchall():
            places_of[workspace_id].append(membership_id)
    for workspace_id, memberships in places_of.items():
        shares += [Share(workspace_id, part, Reader()) for part in walk.of_membership(memberships)]
    return shares


def _by_key(shares: Sequence[Share]) -> dict[str, list[Share]]:
    by_key: dict[str, list[Share]] = {}
    for share in shares:
        by_key.setdefault(share.part.key, []).append(share)
    return by_key


def _count(by_key: dict[str, list[Share]]) -> int:
    total = 0
    for shares in by_key.values():
        for share in shares:
            with inside(share.workspace_id):
                total += sum(rows.count() for rows in share.part.found())
    return total


def _fill(spool: Spool, shares: Sequence[Share], task: Task) -> None:
    with SealedWriter(spool.path, keys=spool.task_keys, name=spool.name, durable=False) as out:
        for share in shares:
            for batch in _batches(share):
                out.write(b"".join(line_of(row) for row in batch))
                task.count(len(batch))


def _batches(share: Share) -> Iterator[list[Row]]:
    for number in range(len(share.part.ways)):
        last: Any = None
        while True:
            with inside(share.workspace_id):
                rows = share.part.found()[number]
                found = list(_after(rows, share.part.order, last)[:BATCH])
                batch = rows_of(share.part, found, reader=share.reader)
            if batch:
                yield batch
            if len(found) < BATCH:
                break
            last = found[-1]


def _after(rows: "QuerySet[Any]", order: Sequence[str], last: Any) -> "QuerySet[Any]":
    """Return the rows that come after one, by what they are ordered by."""
    if last is None:
        return rows
    later, same = Q(pk__in=[]), Q(**{f"{order[0]}__gte": getattr(last, order[0])})
    held = Q()
    for name in order:
        later |= held & Q(**{f"{name}__gt": getattr(last, name)})
        held &= Q(**{name: getattr(last, name)})
    return rows.filter(same & later)


def line_of(row: Row) -> bytes:
    """Return a row as one line of JSON. Halves of characters, which UTF-8 cannot say, are escaped."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _folder(task: Task) -> Any:
    return places.folder_of(task.export) / "parts"
