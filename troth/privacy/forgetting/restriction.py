"""What a person may ask for short of being forgotten: that disputed data are only kept, and that marketing stops."""

from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.contract import NOT_WANTED
from troth.contacts.consents import MARKETING, say_by_member
from troth.contacts.merging import group_of
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.receive.apply import one_at_a_time


def restrict(contact_id: UUID, *, by: Actor, case_id: UUID | None = None) -> None:
    """Only keep a contact's data from now on, because they are disputed: nothing is sent, agents do not see it, what
    WhatsApp says of the person changes nothing. Raises: Contact.DoesNotExist."""
    one_at_a_time()
    contact = Contact.objects.select_for_update().get(id=contact_id)
    if contact.disputed_at is None:
        at = now()
        for one in Contact.objects.filter(id__in=group_of(contact_id)).order_by("id"):
            Contact.objects.filter(id=one.id).update(disputed_at=at)
            cancel_waiting(one)
        about = {"case": str(case_id)} if case_id else None
        record("contact.restricted", by=by, target=("contact", contact_id), detail=about)


def lift(contact_id: UUID, *, by: Actor) -> None:
    """End a restriction. Raises: Contact.DoesNotExist."""
    contact = Contact.objects.select_for_update().get(id=contact_id)
    if contact.disputed_at is not None:
        Contact.objects.filter(id__in=group_of(contact_id)).update(disputed_at=None)
        record("contact.restriction_lifted", by=by, target=("contact", contact_id))


def object_to_marketing(contact_id: UUID, *, by: Actor, source: str = "request", case_id: UUID | None = None) -> None:
    """Note that a person wants no marketing, as a fact about consent too. Raises: Contact.DoesNotExist."""
    contact = Contact.objects.select_for_update().get(id=contact_id)
    say_by_member(contact_id, MARKETING, "stop", source=source)
    if contact.objected_at is None:
        Contact.objects.filter(id__in=group_of(contact_id), objected_at=None).update(objected_at=now())
        about = {"case": str(case_id)} if case_id else None
        record("contact.objected", by=by, target=("contact", contact_id), detail=about)


def withdraw_objection(contact_id: UUID, *, by: Actor) -> None:
    """Note that an objection was taken back; marketing still needs a consent of its own. Raises: Contact.DoesNotExist."""
    theirs = Contact.objects.select_for_update().filter(id__in=group_of(contact_id)).exclude(objected_at=None)
    if theirs.order_by("id").exists():
        Contact.objects.filter(id__in=group_of(contact_id)).update(objected_at=None)
        record("contact.objection_withdrawn", by=by, target=("contact", contact_id))


def cancel_waiting(contact: Contact) -> int:
    """Take out of the outbox what waits to be sent to a contact, but for a farewell; return how many messages that
    were."""
    waiting = Message.objects.select_for_update().filter(
        conversation__contact=contact, status=MessageStatus.QUEUED, farewell=False
    )
    ids = list(waiting.order_by("id").values_list("id", flat=True))
    Message.objects.filter(id__in=ids).update(
        status=MessageStatus.FAILED, failed_at=now(), error_code=NOT_WANTED, next_attempt_at=None
    )
    Conversation.objects.filter(last_message_id__in=ids).update(preview_status=MessageStatus.FAILED)
    return len(ids)
