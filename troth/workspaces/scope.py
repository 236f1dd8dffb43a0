"""The scope: whose data the code is working on right now.

Everything that belongs to a workspace is reached only inside `with scope(workspace_id):`. It opens a transaction and
tells PostgreSQL the workspace for the length of it, so that row-level security shows that workspace's rows and no
others; it brings the workspace's keys into reach; and it makes managers filter. Outside of a scope each refuses.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from troth.base.sealing import using_ring

SETTING = "app.workspace_id"

_current: ContextVar[UUID | None] = ContextVar("workspace", default=None)


class NoScope(Exception):
    """Data of a workspace was asked for outside the scope of any."""


class ScopeClash(Exception):
    """A scope was opened inside another workspace's."""


def current_workspace_id() -> UUID:
    """Return the workspace in scope. Raises: NoScope."""
    found = _current.get()
    if found is None:
        raise NoScope("no workspace is in scope: use `with scope(workspace_id):`")
    return found


def is_open() -> bool:
    """Return whether a scope is open, and with it a transaction."""
    return _current.get() is not None


@contextmanager
def scope(workspace_id: UUID) -> Iterator[None]:
    """Work on one workspace's data, in one transaction. Raises: ScopeClash when another's scope is open."""
    outer = _current.get()
    if outer == workspace_id:
        yield
        return
    if outer is not None:
        raise ScopeClash("another workspace is in scope")
    token = _current.set(workspace_id)
    try:
        with using_ring(str(workspace_id)), transaction.atomic():
            within = not connection.get_autocommit() and len(connection.savepoint_ids) > 0
            _tell(str(workspace_id))
            yield
            if within:
                _tell("")
    finally:
        _current.reset(token)


def _tell(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])
