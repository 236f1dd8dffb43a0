"""After a restore: do the keys at hand belong to the workspaces in the database?"""

from uuid import UUID

from django.db import connection

from troth.accounts.models import User
from troth.base import tombstones
from troth.base.keystore import KeysDamaged, KeysMissing
from troth.base.restoring import check_on_restore
from troth.base.sealing import Unreadable
from troth.base.tombstones import Kind
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope


def connect() -> None:
    """Register. Called once, when the app is ready."""
    check_on_restore("workspaces", unreadable_workspaces)


def unreadable_workspaces() -> int:
    """Count the workspaces whose keys are missing or others than those that sealed their data.

    A workspace that was forgotten has lost its keys on purpose, and is not counted.
    """
    forgotten = {one.subject_id for one in tombstones.read() if one.kind == Kind.WORKSPACE}
    return sum(not _opens(id) for id in _all_with_people() - forgotten)


def _all_with_people() -> set[UUID]:
    found: set[UUID] = set()
    with connection.cursor() as cursor:
        for user in User.objects.values_list("id", flat=True):
            cursor.execute("SELECT workspace_id FROM workspaces_of(%s)", [user])
            found.update(row[0] for row in cursor.fetchall())
    return found


def _opens(workspace_id: UUID) -> bool:
    try:
        with scope(workspace_id):
            Workspace.current()
    except (KeysMissing, KeysDamaged, Unreadable):
        return False
    return True
