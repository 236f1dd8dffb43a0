"""An open door for one person: a link sent by mail that makes a membership once."""

from django.db import models

from troth.base.clock import now
from troth.base.fields import HashField, SealedText
from troth.base.registry import declares
from troth.workspaces.models.base import SameWorkspaceKey, WorkspaceModel
from troth.workspaces.models.membership import Role


@declares(
    subject="workspace",
    purpose="team",
    keep="workspace",
    export="invitations",
    seen="admins",
    account="email",
    secret="token_hash",  # noqa: S106  # a kind of data
    ops="id workspace role invited_by created_at expires_at sends accepted_at accepted_by revoked_at",
    clear={"token_hash": "a one-way keyed hash"},
)
class Invitation(WorkspaceModel):
    """One person's invitation. The address is sealed; the link's secret is stored as a keyed hash only."""

    email = SealedText()
    role = models.CharField(max_length=8, choices=Role)
    token_hash = HashField(unique=True)
    invited_by = SameWorkspaceKey("workspaces.Membership", related_name="+")
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    sends = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = SameWorkspaceKey("workspaces.Membership", null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta(WorkspaceModel.Meta):
        abstract = False
