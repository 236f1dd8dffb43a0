"""The jobs that make copies, go on after a crash, and delete what is over."""

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.privacy.models import Export, ExportState, PersonalExport
from troth.privacy.rights.exports import places
from troth.privacy.rights.exports.asking import UNDER_WAY, defer
from troth.privacy.rights.exports.gather import gather
from troth.privacy.rights.exports.pack import Packed, pack
from troth.privacy.rights.exports.task import SILENT, TakenOver, Task
from troth.privacy.rights.telling import tell_export_is_ready
from troth.workspaces.scope import scope

LIVES = timedelta(hours=72)


def make(workspace_id: str, export_id: str) -> None:
    """Make a copy of a workspace or of one of its contacts. Safe to run twice and to kill at any moment."""
    _make(UUID(export_id), workspace_id=UUID(workspace_id))


def make_personal(export_id: str) -> None:
    """Make a copy of what is about one person. Safe to run twice and to kill at any moment."""
    _make(UUID(export_id), workspace_id=None)


def tend(timestamp: int = 0) -> None:
    """Go on with copies whose worker fell silent, and delete those whose time is over."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, export_id FROM exports_due(%s, %s)", [now() - SILENT, now()])
        due = cursor.fetchall()
    for workspace_id, export_id in due:
        with scope(workspace_id):
            _tend(Export.objects.filter(pk=export_id).first())
    personal = PersonalExport.objects.filter(state__in=[*UNDER_WAY, ExportState.READY])
    for export in personal:
        with transaction.atomic():
            _tend(export)


def _make(export_id: UUID, *, workspace_id: UUID | None) -> None:
    task = Task.claim(export_id, workspace_id=workspace_id)
    if task is None:
        return
    try:
        _offer(task, pack(task, gather(task)))
    except TakenOver:
        return
    for spool in (places.folder_of(task.export) / "parts").glob("*"):
        spool.unlink(missing_ok=True)


def _offer(task: Task, packed: Packed) -> None:
    """Let the copy be fetched from now on, and tell whoever waits for it. Raises: TakenOver."""
    kind = "export" if task.workspace_id else "personal_export"
    with task.inside():
        at = now()
        facts = {"rows": packed.rows, "size_bytes": packed.size_bytes, "ready_at": at, "expires_at": at + LIVES}
        task.set(state=ExportState.READY, **facts)
        task.export.refresh_from_db()
        record(
            "export.made", by=Actor.system(), target=(kind, task.export.pk), detail={"rows": sum(packed.rows.values())}
        )
        tell_export_is_ready(task.export)


def _tend(export: Export | PersonalExport | None) -> None:
    if export is None:
        return
    if export.state == ExportState.READY and export.expires_at is not None and export.expires_at <= now():
        end(export)
    elif export.state in UNDER_WAY and (export.beat_at or export.created_at) < now() - SILENT:
        defer(export.pk, workspace_id=export.workspace_id if isinstance(export, Export) else None)


def end(export: Export | PersonalExport) -> None:
    """Delete a copy; its row stays, so that it can be seen that there was one."""
    places.forget(export)
    export.state = ExportState.GONE
    export.save(update_fields=["state"])
    kind = "export" if isinstance(export, Export) else "personal_export"
    record("export.deleted", by=Actor.system(), target=(kind, export.pk))
