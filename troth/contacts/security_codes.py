"""The security code of a person's phone: it changes when they get a new phone, or when somebody else gets their number.

Facts come in any order: the newest one holds, and that a code changed is never forgotten by an older fact.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.contacts.merging import group_of
from troth.contacts.models import Contact
from troth.workspaces.models import Membership


class Code(NamedTuple):
    """What WhatsApp said of a contact's code at an instant: its hash, or only that it changed."""

    contact: UUID
    at: datetime
    hash: str | None
    changed: bool = False


def learn(codes: Sequence[Code]) -> set[UUID]:
    """Keep the newest code of each contact; return whose code turned out to have changed."""
    news: set[UUID] = set()
    kept = {one.id: one for one in Contact.objects.filter(id__in={code.contact for code in codes}).order_by("id")}
    for code in sorted(codes, key=lambda one: (one.at, one.changed, one.hash or "")):
        contact = kept.get(code.contact)
        if contact is None:
            continue
        before = (contact.security_hash, contact.security_at, contact.security_changed_at)
        _take(contact, code)
        if contact.security_changed_at != before[2]:
            news.add(contact.id)
        if (contact.security_hash, contact.security_at, contact.security_changed_at) != before:
            contact.save(update_fields=["security_hash", "security_at", "security_changed_at"])
    return news


def _take(contact: Contact, code: Code) -> None:
    newer = contact.security_at is None or code.at >= contact.security_at
    other = code.hash is not None and contact.security_hash is not None and code.hash != contact.security_hash
    if code.changed or (newer and other):
        contact.security_changed_at = max(code.at, contact.security_changed_at or code.at)
    if newer and code.hash is not None:
        contact.security_hash, contact.security_at = code.hash, code.at


def mismatched(contact_ids: Collection[UUID], *, at: datetime) -> None:
    """Note that WhatsApp refused a message because the code is another one by now; we do not know the new one yet."""
    Contact.objects.filter(id__in=contact_ids).update(security_hash=None, security_at=None, security_changed_at=at)


def is_doubted(contact_id: UUID) -> bool:
    """Return whether the code of a person changed, under any of their contacts, and nobody made sure of them since."""
    return any(one.is_unconfirmed for one in Contact.objects.filter(id__in=group_of(contact_id)).order_by("id"))


def confirm(contact_id: UUID, *, by: Membership) -> bool:
    """Note that a member made sure that this is still the person; return whether that was in question."""
    theirs = Contact.objects.select_for_update().filter(id__in=group_of(contact_id)).order_by("id")
    doubted = [one for one in theirs if one.is_unconfirmed]
    for one in doubted:
        sure_at = max(now(), one.security_changed_at or now())  # WhatsApp's clock may be a little ahead
        Contact.objects.filter(id=one.id).update(security_confirmed_at=sure_at)
        record("contact.identity_confirmed", by=Actor.member(by.id), target=("contact", one.id))
    return bool(doubted)
