"""Where something is: the few questions that are asked before a scope exists. They are answered with ids and instants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from troth.support.models import Problem


@dataclass(frozen=True)
class Waiting:
    """A request for help that is not closed, as the queue knows it. `sight_until` is None where no grant is alive."""

    workspace_id: UUID
    request_id: UUID
    problem: str
    asked_at: datetime
    due_at: datetime | None
    sight_until: datetime | None

    @property
    def problem_label(self) -> str:
        """The problem in the reader's language."""
        return str(Problem(self.problem).label)

    @property
    def name(self) -> str:
        """What the request is called among staff."""
        return _("Request %(word)s") % {"word": self.request_id.hex[-6:].upper()}


def requests_waiting(at: datetime) -> list[Waiting]:
    """Return all requests for help that are not closed, the one that is due first in front."""
    rows = _ask("SELECT workspace_id, request_id, problem, asked_at, due_at, sight_until FROM help_waiting(%s)", at)
    return [Waiting(*row) for row in rows]


def workspace_of_request(request_id: UUID) -> UUID | None:
    """Return whose request for help this is, None where it is closed or does not exist."""
    return _first(_ask("SELECT workspace_id FROM help_place(%s)", request_id))


def workspace_of_handle(handle: str) -> UUID | None:
    """Return the workspace with this handle."""
    return _first(_ask("SELECT workspace_id FROM workspace_place(%s)", handle))


def grants_over(at: datetime) -> list[tuple[UUID, UUID]]:
    """Return (workspace, grant) of all grants whose time is over and whose end was not written down yet."""
    return [(workspace, grant) for workspace, grant in _ask("SELECT workspace_id, grant_id FROM grants_over(%s)", at)]


def anchor_readers() -> list[tuple[UUID, UUID]]:
    """Return (workspace, membership) of all who are mailed anchors."""
    return [
        (workspace, member) for workspace, member in _ask("SELECT workspace_id, membership_id FROM anchor_readers()")
    ]


def all_workspaces() -> list[UUID]:
    """Return the ids of all workspaces."""
    return [row[0] for row in _ask("SELECT workspace_id FROM workspaces_all()")]


def _ask(query: str, *values: UUID | datetime | str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return list(cursor.fetchall())


def _first(rows: list[tuple[Any, ...]]) -> UUID | None:
    return rows[0][0] if rows else None
