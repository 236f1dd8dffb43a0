"""What the pages of forgetting show, as far as whoever reads may see numbers, in names too."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from troth.contacts.masking import Eyes
from troth.contacts.merging import group_of
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.models import Conversation, Message
from troth.inbox.screens.names import contact_name
from troth.privacy.forgetting.holds_in_force import contact_is_held, held_conversations
from troth.privacy.models import Erasure, ErasureState, SubjectKind
from troth.workspaces.scope import current_workspace_id

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """One erasure in the list. `name` is empty once the person is gone. `held` says that a legal hold keeps some."""

    erasure: Erasure
    name: str
    held: bool

    @property
    def can_be_undone(self) -> bool:
        return self.erasure.can_be_undone()


@dataclass(frozen=True)
class Extent:
    """What would go with a person, in counts, for whoever is about to decide."""

    name: str
    conversations: int
    messages: int


def erasures(eyes: Eyes) -> list[Row]:
    """Return the newest erasures of the workspace in scope."""
    found = Erasure.objects.filter(workspace_id=current_workspace_id(), subject_kind=SubjectKind.CONTACT)
    rows = list(found.order_by("-requested_at")[:SHOWN])
    names = names_of([one.subject_id for one in rows if may_be_named(one)], eyes)
    return [Row(one, names.get(one.subject_id, ""), one.runs and _is_held(one)) for one in rows]


def erasure(id: UUID) -> Erasure | None:
    """Return an erasure of the workspace in scope."""
    return Erasure.objects.filter(id=id, workspace_id=current_workspace_id(), subject_kind=SubjectKind.CONTACT).first()


def extent_of(contact: Contact, eyes: Eyes) -> Extent:
    """Return what would go with a contact, and with those who were merged into it."""
    theirs = group_of(contact.id)
    return Extent(
        name=names_of([contact.id], eyes)[contact.id],
        conversations=Conversation.objects.heads().filter(contact__in=theirs).count(),
        messages=Message.objects.filter(conversation__contact__in=theirs).count(),
    )


def names_of(contact_ids: list[UUID], eyes: Eyes) -> dict[UUID, str]:
    """Return what contacts are called, as far as the reader may see numbers."""
    phones: dict[UUID, Any] = {
        one.contact_id: one.value
        for one in Identity.objects.filter(contact_id__in=contact_ids, kind=IdentityKind.PHONE).order_by("valid_from")
    }
    contacts = Contact.objects.filter(id__in=contact_ids)
    return {one.id: contact_name(one, phones.get(one.id), veil=eyes.veil(one.id)) for one in contacts}


def may_be_named(erasure: Erasure) -> bool:
    """Return whether the person is shown by name: what a hold keeps after the undo time is nobody's to read."""
    return erasure.can_be_undone() or erasure.state == ErasureState.UNDONE


def is_done(erasure: Erasure) -> bool:
    """Return whether there is a certificate."""
    return erasure.state in (ErasureState.PURGED, ErasureState.CERTIFIED)


def _is_held(erasure: Erasure) -> bool:
    # The law may forbid to say that something is kept.
    id = erasure.subject_id
    return contact_is_held(id, secret=False) or bool(held_conversations(id, secret=False))
