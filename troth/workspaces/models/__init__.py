from troth.workspaces.models.base import SameWorkspaceKey, ScopedManager, WorkspaceModel
from troth.workspaces.models.invitation import Invitation
from troth.workspaces.models.membership import Membership, Role
from troth.workspaces.models.team import Team, TeamMember
from troth.workspaces.models.workspace import Workspace

__all__ = [
    "Invitation",
    "Membership",
    "Role",
    "SameWorkspaceKey",
    "ScopedManager",
    "Team",
    "TeamMember",
    "Workspace",
    "WorkspaceModel",
]
