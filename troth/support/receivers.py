"""What follows when somebody may do less in a workspace than before: what hung on their word ends with it."""

from typing import Any
from uuid import UUID

from troth.support import grants
from troth.workspaces.signals import standing_changing


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    standing_changing.connect(_end_grants, dispatch_uid="support.end_grants")


def _end_grants(*, membership_id: UUID, **_rest: Any) -> None:
    grants.lapse(membership_id)
