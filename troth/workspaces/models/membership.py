"""A user in a workspace, with a role."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.registry import declares
from troth.workspaces.models.base import SameWorkspaceKey, WorkspaceModel


class Role(models.TextChoices):
    """What a member may do; each role may do all that the ones below it may."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Admin")
    AGENT = "agent", _("Agent")
    VIEWER = "viewer", _("Viewer")

    @property
    def rank(self) -> int:
        """Higher means more rights."""
        return {"viewer": 0, "agent": 1, "admin": 2, "owner": 3}[self.value]

    def covers(self, other: "Role") -> bool:
        """Return whether this role may do what the other may."""
        return self.rank >= other.rank


@declares(
    subject="member",
    reach="",
    purpose="team",
    keep="membership",
    export="memberships",
    erase="keep",
    kept="an id without a name: what the person did keeps an author",
    ops="id workspace user role created_at removed_at removed_by",
)
class Membership(WorkspaceModel):
    """A user in a workspace. Removal keeps the row, so that what the person did keeps its author."""

    user = models.ForeignKey("accounts.User", on_delete=models.RESTRICT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)
    created_at = models.DateTimeField(default=now)
    removed_at = models.DateTimeField(null=True)
    removed_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"], condition=Q(removed_at=None), name="workspaces_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False),
                name="workspaces_membership_removed_pair",
            ),
        ]

    @property
    def name(self) -> str:
        """The name that colleagues see."""
        return self.user.get_full_name()

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)

    def may(self, role: Role) -> bool:
        """Return whether the member has at least this role and is still in the workspace."""
        return self.removed_at is None and Role(self.role).covers(role)
