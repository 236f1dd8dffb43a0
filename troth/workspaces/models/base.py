"""What every model that belongs to a workspace has in common: three walls between tenants.

1. The manager refuses without a scope and filters by it. 2. A key to another such model can only point into the same
workspace (a composite foreign key in the database). 3. Row-level security, forced. Walls 2 and 3 are built by the
migration operation `walls.Wall`.
"""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from troth.base.fields import IdField
from troth.workspaces.scope import current_workspace_id

Row = TypeVar("Row", bound=models.Model)


class ScopedManager(models.Manager[Row]):
    """Gives the rows of the workspace in scope. Raises NoScope where there is none."""

    use_in_migrations = False

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(workspace_id=current_workspace_id())


class SameWorkspaceKey(models.ForeignKey[Any, Any]):
    """A foreign key that can only point to a row of the same workspace. The database enforces it (see walls.Wall)."""

    def __init__(self, to: Any, on_delete: Any = models.RESTRICT, **options: Any) -> None:
        options["db_constraint"] = False
        super().__init__(to, on_delete=on_delete, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        options.pop("db_constraint", None)
        return name, path, args, options


class WorkspaceModel(models.Model):
    """A row that belongs to a workspace."""

    id = IdField()
    workspace = models.ForeignKey(
        "workspaces.Workspace",
        on_delete=models.RESTRICT,
        default=current_workspace_id,
        related_name="+",
        db_index=False,
    )

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
