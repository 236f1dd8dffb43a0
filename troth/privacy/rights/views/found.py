"""Finds what an address names, in the scope of the member's workspace; anything else is not there."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from troth.contacts.masking import CLOSED, OPEN, Veil, eyes_of, numbers_of
from troth.contacts.merging import root_of
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.inbox.screens.names import contact_name
from troth.privacy.models import Case, Export
from troth.privacy.rights.kinds import SubjectKind
from troth.workspaces.access import MemberRequest
from troth.workspaces.models import Membership, Role


def case_or_404(case_id: UUID) -> Case:
    """Return a case, locked against somebody else's hand until the request is answered. Raises: Http404."""
    found = Case.objects.filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


def export_or_404(request: MemberRequest, export_id: UUID) -> Export:
    """Return an export that this member may have: their own, or any where they own the workspace; a whole workspace's
    only an owner's. Raises: Http404."""
    found = Export.objects.filter(pk=export_id).first()
    if found is None:
        raise Http404
    owner = request.member.may(Role.OWNER)
    if not owner and (found.made_by_id != request.member.pk or found.subject_kind != SubjectKind.CONTACT):
        raise Http404
    return found


def contact_of(case: Case) -> Contact | None:
    """Return whose data a case is about, None where that is not known or they are forgotten."""
    return Contact.objects.filter(pk=root_of(case.subject_id)).first() if case.subject_id else None


def called(contact: Contact, member: Membership) -> str:
    """Return what a contact is called, as far as this member may see numbers."""
    return names_of([contact.pk], member).get(contact.pk, "")


def names_of(ids: Iterable[UUID], member: Membership) -> dict[UUID | None, str]:
    """Return what contacts are called, as far as this member may see numbers."""
    wanted, eyes = set(ids), eyes_of(member)
    phones = Identity.objects.filter(contact_id__in=wanted, kind=IdentityKind.PHONE, valid_to=None)
    numbers = dict(phones.values_list("contact_id", "value"))
    contacts = Contact.objects.filter(pk__in=wanted)
    return {one.pk: contact_name(one, numbers.get(one.pk), veil=eyes.veil(one.pk)) for one in contacts}


def veil_of(contact: Contact | None, member: Membership) -> Veil:
    """Return what this member sees of a contact's numbers; nobody knows the numbers of somebody who is not known yet."""
    eyes = eyes_of(member)
    if eyes.sees_all:
        return OPEN
    return CLOSED if contact is None else eyes.veil(contact.pk, numbers=numbers_of([contact.pk]).get(contact.pk, ()))


def latest_conversation(contact: Contact) -> Conversation | None:
    """Return where we last talked to a contact."""
    found = Conversation.objects.heads().filter(contact=contact).select_related("channel", "contact")
    return found.order_by("-last_message_at").first()
