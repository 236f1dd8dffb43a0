"""Finds what an address names, in the scope of the member's workspace; anything else is not there."""

from collections.abc import Iterable
from uuid import UUID

from django.http import Http404

from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.inbox.screens.names import contact_name
from troth.privacy.models import Case, Export
from troth.privacy.rights.kinds import SubjectKind
from troth.workspaces.access import MemberRequest
from troth.workspaces.models import Role


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
    return Contact.objects.filter(pk=case.subject_id).first() if case.subject_id else None


def called(contact: Contact) -> str:
    """Return what a contact is called."""
    phones = Identity.objects.filter(contact=contact, kind=IdentityKind.PHONE, valid_to=None)
    return contact_name(contact, phones.values_list("value", flat=True).first())


def names_of(ids: Iterable[UUID]) -> dict[UUID | None, str]:
    """Return what contacts are called, in two questions."""
    wanted = set(ids)
    phones = Identity.objects.filter(contact_id__in=wanted, kind=IdentityKind.PHONE, valid_to=None)
    numbers = dict(phones.values_list("contact_id", "value"))
    return {one.pk: contact_name(one, numbers.get(one.pk)) for one in Contact.objects.filter(pk__in=wanted)}


def latest_conversation(contact: Contact) -> Conversation | None:
    """Return where we last talked to a contact."""
    found = Conversation.objects.filter(contact=contact).select_related("channel", "contact")
    return found.order_by("-last_message_at").first()
