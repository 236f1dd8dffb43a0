"""Asking for a copy. A row in the caller's transaction; a job makes it."""

from datetime import timedelta
from uuid import UUID

from django.utils import translation

from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base import jobs
from troth.base.clock import now
from troth.privacy.models import Export, ExportState, PersonalExport
from troth.privacy.rights.kinds import SubjectKind
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id

MAKE, MAKE_PERSONAL = "exports.make", "exports.make_personal"
UNDER_WAY = (ExportState.WAITING, ExportState.GATHERING, ExportState.PACKING)
UNDER_WAY_MAX, A_DAY_MAX, PERSONAL_A_DAY_MAX = 3, 50, 5


class TooMany(Exception):
    """So many copies are being made, or were today, that another one has to wait."""


def request_export(
    subject_kind: SubjectKind | str,
    subject_id: UUID | None,
    *,
    by: Actor,
    member: Membership | None = None,
    case_id: UUID | None = None,
) -> Export:
    """Ask for a copy of the workspace in scope (`subject_id` None), or of one of its contacts. Raises: TooMany."""
    recent = Export.objects.filter(created_at__gt=now() - timedelta(days=1))
    under_way = Export.objects.filter(state__in=UNDER_WAY)
    if under_way.count() >= UNDER_WAY_MAX or recent.count() >= A_DAY_MAX:
        raise TooMany
    export = Export.objects.create(
        subject_kind=SubjectKind(subject_kind),
        subject_id=subject_id,
        case_id=case_id,
        made_by=member,
        language=translation.get_language() or "en",
    )
    record("export.asked", by=by, target=("export", export.pk), detail={"of": str(subject_id or subject_kind)})
    defer(export.pk, workspace_id=current_workspace_id())
    return export


def request_personal_export(user: User) -> PersonalExport:
    """Ask for a copy of what is about a person, in all their workspaces. Raises: TooMany."""
    recent = PersonalExport.objects.filter(user=user, created_at__gt=now() - timedelta(days=1))
    if recent.filter(state__in=UNDER_WAY).exists() or recent.count() >= PERSONAL_A_DAY_MAX:
        raise TooMany
    export = PersonalExport.objects.create(user=user, language=user.language or translation.get_language() or "en")
    record("export.asked", by=Actor.person(user.pk), target=("personal_export", export.pk))
    defer(export.pk, workspace_id=None)
    return export


def defer(export_id: UUID, *, workspace_id: UUID | None) -> None:
    """Let the worker make a copy, or go on making it, when this transaction commits."""
    if workspace_id is None:
        jobs.defer(MAKE_PERSONAL, export_id=str(export_id))
    else:
        jobs.defer(MAKE, workspace_id=str(workspace_id), export_id=str(export_id))
