"""A customer's account."""

import secrets
from typing import ClassVar, Self

from django.db import models

from troth.base.clock import now
from troth.base.fields import IdField, SealedText
from troth.base.registry import declares
from troth.workspaces.models.membership import Role
from troth.workspaces.scope import current_workspace_id

HANDLE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_handle() -> str:
    """Return the short random word that stands for a workspace in addresses."""
    return "".join(secrets.choice(HANDLE_ALPHABET) for _ in range(8))


class WorkspaceManager(models.Manager["Workspace"]):
    """Gives the one workspace in scope. Raises NoScope where there is none."""

    def get_queryset(self) -> models.QuerySet["Workspace"]:
        return super().get_queryset().filter(id=current_workspace_id())


@declares(
    subject="workspace",
    reach="",
    purpose="team",
    keep="workspace",
    export="workspace",
    account="name",
    ops="id handle created_at created_by phones_from closing_at",
    clear={},
)
class Workspace(models.Model):
    """A customer's account. Its own wall is its id; its handle stands in addresses and says nothing.

    `phones_from` is the least role (`Role`) that sees customers' phone numbers in full;
    `closing_at` is since when it is being deleted: nobody works in it any more.
    """

    id = IdField()
    handle = models.CharField(max_length=16, unique=True, default=new_handle)
    name = SealedText()
    created_at = models.DateTimeField(default=now)
    created_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    phones_from = models.CharField(max_length=8, choices=Role, default=Role.AGENT)
    closing_at = models.DateTimeField(null=True)

    objects: ClassVar[WorkspaceManager] = WorkspaceManager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.handle

    @classmethod
    def current(cls) -> Self:
        """Return the workspace in scope. Raises: NoScope."""
        return cls.objects.get()  # type: ignore[return-value]  # the manager gives this class's rows
