"""Phone numbers for eyes that may not see them in full.

From which role on they are shown is the workspace's choice. Whoever is below it sees "+60 ••• •• 678", and the numbers
of a contact in full for a while after saying why: the entry of that in the audit chain is what opens them, so nothing is
ever opened without one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from troth.audit.models import Entry
from troth.base.clock import now
from troth.base.phones import NotAPhone, Phone
from troth.contacts.models import Identity, IdentityKind
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import current_workspace_id

UNMASKED = "contact.unmasked"
OPEN_FOR = timedelta(minutes=15)
LEFT_DIGITS = 3

# What people and phones put between digits, invisible marks included.
_BETWEEN = r"[\s().\-/\u00ad\u200b-\u200f\u2010-\u2015\u202a-\u202e\u2060-\u2069\u2212\u00b7]{0,4}"
_RUN = re.compile(rf"\+?\(?[0-9](?:{_BETWEEN}[0-9]){{6,18}}")
_TELLING_DIGITS = 7  # two numbers of one contact that differ only before these are one number, written in two ways


@dataclass(frozen=True)
class Veil:
    """What one member sees of one contact's numbers now. `numbers` are the contact's own, for finding them in words."""

    is_open: bool = False
    until: datetime | None = None
    numbers: frozenset[str] = frozenset()

    def phone(self, value: str) -> str:
        """Return a number as people write it, or masked."""
        try:
            phone = Phone.parse(value)
        except NotAPhone:
            return value if self.is_open else without_numbers(value)
        return phone.display() if self.is_open else phone.masked()

    def any(self, text: str) -> str:
        """Return a text in which no number is shown: a name, a line of WhatsApp's, a contact card."""
        return text if self.is_open else without_numbers(text)

    def said(self, text: str) -> str:
        """Return what somebody wrote, without the contact's own numbers. Orders, dates and prices stay."""
        return text if self.is_open or not text else _without_these(text, self.numbers)


CLOSED = Veil()
OPEN = Veil(is_open=True)


@dataclass(frozen=True)
class Eyes:
    """What one member sees of everybody's numbers now: all, or those of contacts that they opened, until when."""

    sees_all: bool
    opened: Mapping[UUID, datetime] = field(default_factory=dict)

    def veil(self, contact_id: UUID, *, numbers: Collection[str] = ()) -> Veil:
        """Return what the member sees of a contact. `numbers` are the contact's own, as `numbers_of` gives them."""
        if self.sees_all:
            return OPEN
        until = self.opened.get(contact_id)
        return Veil(is_open=until is not None, until=until, numbers=frozenset(numbers))


def sees_phones(member: Membership) -> bool:
    """Return whether the member's role sees numbers in full."""
    return member.may(Role(member.workspace.phones_from))


def eyes_of(member: Membership) -> Eyes:
    """Return what a member of the workspace in scope sees now. One query, for those who are below the role only."""
    if sees_phones(member):
        return Eyes(sees_all=True)
    since = now() - OPEN_FOR
    rows = Entry.objects.filter(
        workspace_id=current_workspace_id(), action=UNMASKED, actor_id=member.id, at__gt=since
    ).values_list("target_id", "at")
    return Eyes(sees_all=False, opened={contact: at + OPEN_FOR for contact, at in rows.order_by("at") if contact})


def shown_phone(value: str, member: Membership, *, contact_id: UUID | None = None) -> str:
    """Return a number as this member may see it: for pages, tables, files and mails alike."""
    eyes = eyes_of(member)
    return (eyes.veil(contact_id) if contact_id else OPEN if eyes.sees_all else CLOSED).phone(value)


def numbers_of(contact_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return all numbers that contacts have or had, those of whoever was merged into them too. One query."""
    found: dict[UUID, set[str]] = {}
    wanted = set(contact_ids)
    of_them = Q(contact_id__in=wanted) | Q(contact__merged_into__in=wanted)
    rows = Identity.objects.filter(of_them, kind=IdentityKind.PHONE)
    for contact, root, value in rows.values_list("contact_id", "contact__merged_into_id", "value"):
        for one in wanted.intersection((contact, root)):
            found.setdefault(one, set()).add(value)
    return found


def without_numbers(text: str) -> str:
    """Return a text in which everything that looks like a phone number is masked."""
    return _replaced(text, [found.span() for found in _RUN.finditer(_plain_digits(text))])


def _without_these(text: str, numbers: Collection[str]) -> str:
    plain = _plain_digits(text)
    spans: list[tuple[int, int]] = []
    for number in numbers:
        digits = re.sub(r"\D", "", number)[-_TELLING_DIGITS:]
        if len(digits) == _TELLING_DIGITS:
            pattern = rf"\+?\(?(?:[0-9]{_BETWEEN}){{0,12}}{_BETWEEN.join(digits)}"
            spans += [found.span() for found in re.finditer(pattern, plain)]
    return _replaced(text, spans)


def _plain_digits(text: str) -> str:
    """Return the text with the digits of all alphabets as ours, sign for sign in its place."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(sign, sign)) if sign.isdecimal() else sign for sign in text)


def _replaced(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], _masked(text[start:end])]
            at = end
    return "".join([*parts, text[at:]])


def _masked(written: str) -> str:
    digits = re.sub(r"[^0-9]", "", _plain_digits(written))
    if written.lstrip("(").startswith("+"):
        try:
            return Phone.from_wa_id(digits).masked()
        except NotAPhone:
            pass
    return f"••• •• {digits[-LEFT_DIGITS:]}"
