"""What upper floors may hear of members. Each carries `workspace_id` and `membership_id`.

All but `standing_changing` come after the commit.
"""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.dispatch import Signal

# The role of a member, or the teams that a member is in, are others now.
membership_changed = Signal()
# A member was removed or left: open streams have to close.
membership_removed = Signal()
# Within the transaction in which a member gets another role or goes: what hangs on the member's word changes with it.
standing_changing = Signal()


def announce(signal: Signal, *, workspace_id: UUID, membership_id: UUID) -> None:
    """Send the signal as soon as the change is committed."""
    facts: dict[str, Any] = {"workspace_id": workspace_id, "membership_id": membership_id}
    transaction.on_commit(lambda: signal.send(sender=None, **facts))
