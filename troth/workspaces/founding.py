"""Making a workspace."""

from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base import sealing
from troth.base.ids import new_id
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope


def found_workspace(name: str, *, by: User) -> Workspace:
    """Make a workspace with its own keys and with this person as its owner."""
    workspace_id = new_id()
    # The keys come first: a ring without a workspace is harmless, a workspace without a ring is unreadable.
    sealing.store().create(str(workspace_id))
    try:
        with scope(workspace_id):
            workspace = Workspace.objects.create(id=workspace_id, name=name, created_by=by)
            owner = Membership.objects.create(user=by, role=Role.OWNER)
            record("workspace.founded", by=Actor.member(owner.pk))
    except BaseException:
        sealing.store().destroy(str(workspace_id))
        sealing.forget_ring(str(workspace_id))
        raise
    return workspace
