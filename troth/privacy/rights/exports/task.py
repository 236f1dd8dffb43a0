"""One worker's hold on an export: claimed, kept alive by every batch, lost to whoever claims it after a silence."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from troth.base.clock import now
from troth.privacy.models import Export, ExportState, PersonalExport
from troth.privacy.models.export import AnyExport
from troth.privacy.rights.exports.asking import UNDER_WAY
from troth.workspaces.scope import scope

SILENT = timedelta(minutes=2)  # after which a worker counts as dead
ATTEMPTS_MAX = 5


class TakenOver(Exception):
    """Another worker goes on with this export."""


@dataclass
class Task:
    """An export that is ours to make while our attempt is the latest."""

    export: AnyExport
    workspace_id: UUID | None
    attempt: int
    rows: dict[str, int] = field(default_factory=dict)

    @classmethod
    def claim(cls, export_id: UUID, *, workspace_id: UUID | None) -> Self | None:
        """Return the hold on an export that waits or whose worker fell silent, None where there is nothing to do."""
        with inside(workspace_id):
            silent = Q(beat_at=None) | Q(beat_at__lt=now() - SILENT)
            export = _all(workspace_id).select_for_update(skip_locked=True).filter(silent, pk=export_id).first()
            if export is None or export.state not in UNDER_WAY:
                return None
            export.attempt += 1
            export.beat_at = now()
            export.started_at = export.started_at or now()
            export.state = ExportState.GATHERING
            if export.attempt > ATTEMPTS_MAX:
                export.state, export.failed_at = ExportState.FAILED, now()
            export.save()
        return cls(export, workspace_id, export.attempt) if export.state == ExportState.GATHERING else None

    def inside(self) -> AbstractContextManager[Any]:
        """Open the scope that the export belongs to."""
        return inside(self.workspace_id)

    def set(self, **facts: Any) -> None:
        """Write facts and that we are alive. Raises: TakenOver."""
        with self.inside():
            ours = _all(self.workspace_id).filter(pk=self.export.pk, attempt=self.attempt, state__in=UNDER_WAY)
            if not ours.update(beat_at=now(), **facts):
                raise TakenOver

    def count(self, rows: int) -> None:
        """Note that so many rows more are done. Raises: TakenOver."""
        self.set(done=F("done") + rows)


def inside(workspace_id: UUID | None) -> AbstractContextManager[Any]:
    """Open a workspace's scope, or a transaction outside of any."""
    return scope(workspace_id) if workspace_id else transaction.atomic()


def _all(workspace_id: UUID | None) -> Any:
    return Export.objects.all() if workspace_id else PersonalExport.objects.all()
