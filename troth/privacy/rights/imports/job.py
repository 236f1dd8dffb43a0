"""The job that checks a copy and restores it. Safe to kill: what is restored keeps its place, and it goes on from there."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from troth.audit.record import Actor, record
from troth.base import jobs
from troth.base.clock import now
from troth.base.sealed_files import SealedReader, buffered
from troth.base.sealing import INSTALLATION, Unreadable, ring
from troth.privacy.models import DataImport, ImportState
from troth.privacy.rights.exports import places
from troth.privacy.rights.imports.moving import Mover
from troth.privacy.rights.imports.reading import BadFile, Copy
from troth.privacy.rights.imports.restoring import DoesNotFit, Problem, check, is_empty, undo
from troth.privacy.rights.imports.restoring import restore as put_in
from troth.privacy.rights.imports.values import BadRow
from troth.workspaces.models import Role
from troth.workspaces.scope import scope

RESTORE = "imports.restore"
SILENT = timedelta(minutes=2)
ATTEMPTS_MAX = 5
UNDER_WAY = (ImportState.WAITING, ImportState.CHECKING, ImportState.RESTORING)


class TakenOver(Exception):
    """Another worker goes on with this import."""


def defer(taken: DataImport) -> None:
    """Let the worker restore a copy when this transaction commits."""
    jobs.defer(RESTORE, workspace_id=str(taken.workspace_id), import_id=str(taken.pk))


def restore(workspace_id: str, import_id: str) -> None:
    """Check a copy and restore it into the workspace, or refuse it and change nothing. Safe to run twice."""
    held = _claim(UUID(workspace_id), UUID(import_id))
    if held is None:
        return
    try:
        problems = _work(held)
    except TakenOver:
        return
    except BadFile as no:
        problems = [{"part": "", "line": 0, "field": no.why}]
    except Unreadable:
        problems = [{"part": "", "line": 0, "field": "not_a_zip"}]
    except (DoesNotFit, BadRow) as no:
        problems = [{"part": str(no), "line": 0, "field": "does_not_fit"}]
    if problems:
        _refuse(held, problems)
    places.import_file(held.taken).unlink(missing_ok=True)


def tend(timestamp: int = 0) -> None:
    """Go on with imports whose worker fell silent, and delete uploads that nobody took."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, import_id FROM imports_due(%s)", [now() - SILENT])
        due = cursor.fetchall()
    for workspace_id, import_id in due:
        with scope(workspace_id):
            defer(DataImport.objects.get(pk=import_id))
    for left in (places.root() / "arriving").glob("*"):
        if left.stat().st_mtime < (now() - timedelta(hours=6)).timestamp():
            left.unlink(missing_ok=True)


@dataclass
class _Held:
    """An import that is ours to do while our attempt is the latest."""

    taken: DataImport
    workspace_id: UUID
    attempt: int

    def set(self, **facts: Any) -> None:
        with scope(self.workspace_id):
            ours = DataImport.objects.filter(pk=self.taken.pk, attempt=self.attempt, state__in=UNDER_WAY)
            if not ours.update(beat_at=now(), **facts):
                raise TakenOver

    def progress(self, steps: int) -> None:
        self.set(done=F("done") + steps)


def _claim(workspace_id: UUID, import_id: UUID) -> _Held | None:
    with scope(workspace_id):
        silent = Q(beat_at=None) | Q(beat_at__lt=now() - SILENT)
        taken = DataImport.objects.select_for_update(skip_locked=True).filter(silent, pk=import_id).first()
        if taken is None or taken.state not in UNDER_WAY:
            return None
        taken.attempt += 1
        taken.beat_at = now()
        taken.save(update_fields=["attempt", "beat_at"])
    held = _Held(taken, workspace_id, taken.attempt)
    if taken.attempt > ATTEMPTS_MAX:
        _refuse(held, [{"part": "", "line": 0, "field": "gave_up"}])
        return None
    return held


def _may_still(taken: DataImport) -> bool:
    """Return whether whoever handed the copy in is an owner now, and not only was one then. In scope."""
    return taken.made_by is not None and taken.made_by.may(Role.OWNER)


def _work(held: _Held) -> list[Problem]:
    path = places.import_file(held.taken)
    if not path.exists():
        return [{"part": "", "line": 0, "field": "not_a_zip"}]
    with scope(held.workspace_id):
        begun = held.taken.state == ImportState.RESTORING
        if not _may_still(held.taken):
            return [{"part": "", "line": 0, "field": "not_allowed"}]
        if not begun and not is_empty():
            return [{"part": "", "line": 0, "field": "not_empty"}]
    # The number by which ids move belongs to this import: going on after a crash gives the same ids.
    move = Mover(f"{held.workspace_id}|{held.taken.pk}")
    reader = SealedReader(path, keys=ring(INSTALLATION), name=str(held.taken.pk))
    with buffered(reader) as file:
        copy = Copy(file)
        rows = sum(copy.rows.values())
        held.set(state=ImportState.RESTORING if begun else ImportState.CHECKING, done=0, total=max(1, 3 * rows))
        for _ in copy.check_hashes():
            held.set()
        held.progress(rows)
        problems = check(copy, workspace_id=held.workspace_id, move=move, progress=held.progress)
        if problems:
            return problems
        held.set(state=ImportState.RESTORING)
        counts = put_in(copy, workspace_id=held.workspace_id, move=move, progress=held.progress)
    with scope(held.workspace_id):
        held.set(state=ImportState.DONE, rows=counts, ended_at=now())
        record(
            "import.done", by=Actor.system(), target=("import", held.taken.pk), detail={"rows": sum(counts.values())}
        )
    return []


def _refuse(held: _Held, problems: list[Problem]) -> None:
    """Take out what was put in, and say what is wrong."""
    with scope(held.workspace_id):
        state = DataImport.objects.values_list("state", flat=True).get(pk=held.taken.pk)
    if state == ImportState.RESTORING:
        undo(held.workspace_id)
    with scope(held.workspace_id):
        taken = DataImport.objects.get(pk=held.taken.pk)
        taken.state, taken.problems, taken.ended_at = ImportState.REFUSED, problems, now()
        taken.save(update_fields=["state", "problems", "ended_at"])
        record("import.refused", by=Actor.system(), target=("import", taken.pk))
