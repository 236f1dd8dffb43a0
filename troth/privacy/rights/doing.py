"""What is done about a case: the one module through which a case reaches whatever does it.

Correcting and taking back a consent are the contacts' own acts; an objection is noted by `forgetting`; forgetting and
restricting are its work too, and it registers how they are done. What nobody registered is not offered.
"""

from typing import Protocol
from uuid import UUID

from troth.audit.record import Actor, record
from troth.contacts.consents import MARKETING, say_by_member
from troth.contacts.models import Contact
from troth.contacts.naming import rename
from troth.privacy.forgetting import restriction
from troth.privacy.models import Case
from troth.privacy.rights.kinds import Kind
from troth.workspaces.models import Membership


class Doer(Protocol):
    """Does something with a contact's data because a case asks for it."""

    def __call__(self, contact_id: UUID, *, by: Actor, case_id: UUID | None = None) -> object: ...


_doers: dict[str, Doer] = {}


class NobodyDoes(Exception):
    """What was asked for is not something that this installation can do."""


def register(what: str, doer: Doer) -> None:
    """Name who does something: "erase", "restrict". Called once, from an app's `ready`."""
    _doers[what] = doer


def can(what: str) -> bool:
    """Return whether somebody does this."""
    return what in _doers


def erase(contact_id: UUID, *, by: Actor, case_id: UUID | None = None) -> None:
    """Begin to forget a contact. Raises: NobodyDoes."""
    _do("erase", contact_id, by=by, case_id=case_id)


def restrict(contact_id: UUID, *, by: Actor, case_id: UUID | None = None) -> None:
    """Keep a contact's data and do nothing with it. Raises: NobodyDoes."""
    _do("restrict", contact_id, by=by, case_id=case_id)


def object_to_marketing(contact_id: UUID, *, by: Actor, source: str, case_id: UUID | None = None) -> None:
    """Send a contact no marketing from now on."""
    restriction.object_to_marketing(contact_id, by=by, source=source, case_id=case_id)


def consent(contact_id: UUID, *, given: bool, by: Membership) -> None:
    """Note that a contact allowed marketing, or took that back; either is one step. To allow it ends an objection."""
    if given:
        restriction.withdraw_objection(contact_id, by=Actor.member(by.pk))
    say_by_member(contact_id, MARKETING, "resume" if given else "stop", source="member")
    verb = "consent.given" if given else "consent.withdrawn"
    record(verb, by=Actor.member(by.pk), target=("contact", contact_id), detail={"category": MARKETING})


def correct(contact: Contact, *, name: str, by: Membership) -> None:
    """Call a contact by another name. The old one is kept nowhere."""
    rename(contact, name)
    record("contact.corrected", by=Actor.member(by.pk), target=("contact", contact.pk), detail={"field": "name"})


def next_step(case: Case) -> str:
    """Return the one thing to do next: a word by which the page chooses a button."""
    if not case.is_open:
        return "closed"
    if case.subject_id is None or not case.proof:
        return "verify"
    step = {
        Kind.ACCESS: "export",
        Kind.EXPORT: "export",
        Kind.CORRECTION: "correct",
        Kind.ERASURE: "erase",
        Kind.RESTRICTION: "restrict",
        Kind.OBJECTION: "object",
        Kind.WITHDRAWAL: "object",
        Kind.CHILD: "erase",  # a child is to leave no data here
    }.get(Kind(case.kind), "answer")
    return "answer" if step in ("erase", "restrict") and not can(step) else step


def _do(what: str, contact_id: UUID, *, by: Actor, case_id: UUID | None) -> None:
    if what not in _doers:
        raise NobodyDoes(what)
    _doers[what](contact_id, by=by, case_id=case_id)
