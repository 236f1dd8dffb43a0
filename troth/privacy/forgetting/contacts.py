"""Forgetting a person outside: out of sight at once, undone for seven days, then purged by `contact_steps.py`."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.likenesses import note_likenesses
from troth.contacts.merging import root_of
from troth.contacts.models import Contact, Identity, Suppression
from troth.contacts.suppressions import suppress
from troth.inbox.latest import tell_latest
from troth.inbox.models import Conversation, Message
from troth.inbox.receive.apply import one_at_a_time
from troth.privacy.forgetting.deadlines import UNDO
from troth.privacy.forgetting.purge import locked
from troth.privacy.forgetting.restriction import cancel_waiting
from troth.privacy.models import Erasure, ErasureState, SubjectKind
from troth.realtime.pokes import poke_all
from troth.workspaces.scope import current_workspace_id


class TooLate(Exception):
    """The erasure cannot be undone any more, or was undone already."""


def request_erasure(contact_id: UUID, *, by: Actor, case_id: UUID | None = None, at: datetime | None = None) -> Erasure:
    """Restrict a contact of the workspace in scope at once and let it be purged after the undo time.

    Whoever was merged with them is the same person, and goes too. Asking again while that runs returns the same erasure. `at` is now, but after a restore: then it is the instant of the
    erasure that is done again. Raises: Contact.DoesNotExist.
    """
    one_at_a_time()  # nobody may become known under a name that is being forgotten
    contact_id = root_of(contact_id)
    contact = Contact.objects.select_for_update().get(id=contact_id)
    if (running := _running(contact_id)) is not None:
        return running
    at = at or now()
    erasure = Erasure(
        id=new_id(),
        workspace_id=current_workspace_id(),
        subject_kind=SubjectKind.CONTACT,
        subject_id=contact_id,
        case_id=case_id,
        requested_at=at,
        actor_kind=by.kind,
        actor_id=by.id,
        undo_until=at + UNDO,
    )
    erasure.save(force_insert=True)
    for one in [contact, *Contact.objects.filter(merged_into=contact)]:
        _restrict(one, erasure)
    record("contact.erasure_requested", by=by, target=("contact", contact_id), detail={"erasure": str(erasure.id)})
    return erasure


def undo(erasure_id: UUID, *, by: Actor) -> None:
    """Bring a contact back into sight as it was. Raises: TooLate, Erasure.DoesNotExist."""
    one_at_a_time()
    erasure = locked(erasure_id, current_workspace_id())
    if not erasure.can_be_undone():
        raise TooLate
    erasure.state, erasure.undone_at = ErasureState.UNDONE, now()
    erasure.save(update_fields=["state", "undone_at"])
    Suppression.objects.filter(erasure_id=erasure_id).delete()
    for one in Contact.objects.filter(id=erasure.subject_id) | Contact.objects.filter(merged_into=erasure.subject_id):
        _release(one)
    record("contact.erasure_undone", by=by, target=("contact", erasure.subject_id))


def _running(contact_id: UUID) -> Erasure | None:
    runs = [ErasureState.RESTRICTED, ErasureState.PURGING]
    return Erasure.objects.filter(
        workspace_id=current_workspace_id(), subject_kind=SubjectKind.CONTACT, subject_id=contact_id, state__in=runs
    ).first()


def _restrict(contact: Contact, erasure: Erasure) -> None:
    at = erasure.requested_at
    Contact.objects.filter(id=contact.id).update(erasing_at=at)
    theirs = Identity.objects.filter(contact=contact)
    ends = {
        (kind, bytes(hash)): until or at for kind, hash, until in theirs.values_list("kind", "value_hash", "valid_to")
    }
    suppress(ends, erasure_id=erasure.id)
    theirs.filter(valid_to=None).update(valid_to=at)
    cancel_waiting(contact)
    _look_again(contact)


def _release(contact: Contact) -> None:
    at = contact.erasing_at
    Contact.objects.filter(id=contact.id).update(erasing_at=None)
    for identity in Identity.objects.filter(contact=contact, valid_to=at).defer("value"):
        now_of = Identity.objects.filter(
            kind=identity.kind, value_hash=bytes(identity.value_hash), valid_to=None
        ).first()
        if now_of is None:
            Identity.objects.filter(id=identity.id).update(valid_to=None)
        else:
            # They wrote meanwhile, and are somebody new: whether that is one person, a member decides.
            first, second = sorted((contact.id, now_of.contact_id))
            note_likenesses({(first, second, "came_back")})
    _look_again(contact)


def _look_again(contact: Contact) -> None:
    """Let open screens lose or find the person's conversations, and what they said in groups."""
    in_groups = Message.objects.filter(sender=contact).exclude(conversation__contact=F("sender"))
    groups = set(in_groups.values_list("conversation_id", flat=True).distinct())
    tell_latest(groups)
    seen = Conversation.objects.filter(contact=contact) | Conversation.objects.filter(id__in=groups)
    poke_all(
        [("conversation", id, channel) for id, channel in seen.values_list("id", "channel_id")],
        workspace_id=current_workspace_id(),
    )
