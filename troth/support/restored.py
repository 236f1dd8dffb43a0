"""After a restore: nobody looks by a permission of that time.

What was stopped since the backup was made would be alive again, and nobody could tell which. So all of it ends; whoever
still wants help to be given gives permission again. Requests and what was written in them stay.
"""

from datetime import UTC, datetime
from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.restoring import settle_on_restore
from troth.support import glass, places
from troth.support.models import Ending, Grant
from troth.workspaces.scope import scope

EVER = datetime.max.replace(tzinfo=UTC)


def connect() -> None:
    """Register. Called once, when the app is ready."""
    settle_on_restore("grants ended", end_all_grants)
    settle_on_restore("break-glass sessions ended", glass.end_all)


def end_all_grants() -> int:
    """End every grant, those that wait for a yes too, in every workspace; return how many there were."""
    found = places.grants_over(EVER)
    for workspace_id, grant_id in found:
        _end(workspace_id, grant_id)
    return len(found)


def _end(workspace_id: UUID, grant_id: UUID) -> None:
    with scope(workspace_id):
        Grant.objects.filter(pk=grant_id, ended_at=None).update(ended_at=now(), ending=Ending.RESTORED)
        # Without a detail: a workspace that was forgotten since has no keys to seal one with.
        record("grant.restored", by=Actor.system(), target=("grant", grant_id))
