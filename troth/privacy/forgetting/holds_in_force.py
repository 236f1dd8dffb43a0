"""What legal holds keep from being deleted today. Nobody reads anything through them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from troth.base.clock import now
from troth.inbox.models import Conversation
from troth.privacy.models import HeldKind, HeldRecord


def held_conversations(contact_id: UUID) -> list[UUID]:
    """Return the conversations of a contact of the workspace in scope that a hold lists."""
    listed = _in_force().filter(kind=HeldKind.CONVERSATION).values("target_id")
    return list(Conversation.objects.filter(contact_id=contact_id, id__in=listed).values_list("id", flat=True))


def contact_is_held(contact_id: UUID) -> bool:
    """Return whether a hold lists this contact, or the workspace in scope as a whole."""
    in_force = _in_force()
    return bool(
        in_force.filter(kind=HeldKind.CONTACT, target_id=contact_id).exists()
        or in_force.filter(kind=HeldKind.WORKSPACE).exists()
    )


def anything_is_held() -> bool:
    """Return whether any hold is in force in the workspace in scope."""
    return bool(_in_force().exists())


@dataclass(frozen=True)
class Held:
    """All that holds list in the workspace in scope."""

    everything: bool
    contacts: frozenset[UUID]
    conversations: frozenset[UUID]


def held_anywhere() -> Held:
    """Return all that holds list today. One query."""
    listed: dict[str, set[UUID]] = {kind: set() for kind in HeldKind.values}
    for kind, target in _in_force().values_list("kind", "target_id"):
        listed[kind].add(target)
    return Held(
        everything=bool(listed[HeldKind.WORKSPACE]),
        contacts=frozenset(listed[HeldKind.CONTACT]),
        conversations=frozenset(listed[HeldKind.CONVERSATION]),
    )


def _in_force() -> QuerySet[HeldRecord]:
    return HeldRecord.objects.filter(
        hold__approved_at__isnull=False, hold__released_at=None, hold__review_on__gte=now().date()
    )
