"""What legal holds keep from being deleted today: the workspace's own, and those that bind the operator.

Nobody reads anything through them.
"""

from dataclasses import dataclass
from uuid import UUID

from troth.base.clock import now
from troth.base.holding import held_in
from troth.contacts.merging import group_of
from troth.inbox.heads import heads_of
from troth.inbox.models import Conversation
from troth.privacy.models import HeldKind, HeldRecord
from troth.workspaces.scope import current_workspace_id


def held_conversations(contact_id: UUID, *, secret: bool = True) -> list[UUID]:
    """Return the conversations of a person of the workspace in scope that a hold lists, merged contacts' too.

    Without `secret`, only by holds of which the workspace may know.
    """
    listed = held_anywhere(secret=secret).conversations
    theirs = Conversation.objects.filter(contact_id__in=group_of(contact_id), id__in=listed)
    return list(theirs.values_list("id", flat=True))


def contact_is_held(contact_id: UUID, *, secret: bool = True) -> bool:
    """Return whether a hold lists this contact, or the workspace in scope as a whole."""
    held = held_anywhere(secret=secret)
    return held.everything or contact_id in held.contacts


def anything_is_held() -> bool:
    """Return whether any hold is in force in the workspace in scope."""
    held = held_anywhere()
    return bool(held.everything or held.contacts or held.conversations)


@dataclass(frozen=True)
class Held:
    """All that holds list in the workspace in scope."""

    everything: bool
    contacts: frozenset[UUID]
    conversations: frozenset[UUID]


def held_anywhere(*, secret: bool = True) -> Held:
    """Return all that holds list today; without `secret`, only what the workspace may know of."""
    listed: dict[str, set[UUID]] = {kind: set() for kind in HeldKind.values}
    in_force = HeldRecord.objects.filter(
        hold__approved_at__isnull=False, hold__released_at=None, hold__review_on__gte=now().date()
    )
    for kind, target in in_force.values_list("kind", "target_id"):
        listed[kind].add(target)
    for one in held_in(current_workspace_id()):
        if secret or not one.secret:
            listed[one.kind].add(one.target_id)
    return Held(
        everything=bool(listed[HeldKind.WORKSPACE]),
        contacts=frozenset(_with_merged(listed[HeldKind.CONTACT])),
        conversations=frozenset(_with_folded(listed[HeldKind.CONVERSATION])),
    )


def _with_merged(contacts: set[UUID]) -> set[UUID]:
    """Return these contacts and all others of their people: a hold on either holds both."""
    return {one for contact in contacts for one in group_of(contact)}


def _with_folded(threads: set[UUID]) -> set[UUID]:
    """Return these threads and those with which they are shown as one."""
    if not threads:
        return threads
    heads = threads | set(heads_of(threads).values())
    return heads | set(Conversation.objects.filter(folded_into__in=heads).values_list("id", flat=True))
