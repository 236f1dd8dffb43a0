"""A house to which people write, at a clock that the test moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import time_machine

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact, Identity
from troth.privacy.forgetting import contacts, purge
from troth.privacy.models import Erasure
from troth.workspaces.scope import scope

PHONE = "60123456789"
OTHER = "60198765432"


@dataclass
class Story:
    """A house, with what is said to it."""

    house: House

    @property
    def id(self) -> UUID:
        return self.house.id

    def value(self, field: str = "messages", **parts: Any) -> bodies.Body:
        """Return a body about the house's number."""
        value = bodies.value(self.house.number_id, **parts)
        return bodies.envelope(value, account=self.house.account_id, field=field)

    def says(
        self, text: str, *, id: str, at: datetime | None = None, phone: str = PHONE, name: str = "Mei", **more: Any
    ) -> tuple[str, str, str]:
        """Let somebody write, and return what became of it. The delivery comes now, whatever its instant."""
        message = bodies.text(text, id=id, at=int((at or now()).timestamp()), phone=phone, **more)
        body = self.value(contacts=[bodies.contact(name=name, phone=phone)], messages=[message])
        return deliver(self.house, body)[0][0]

    def says_as(self, text: str, *, id: str, phone: str | None, bsuid: str | None) -> tuple[str, str, str]:
        """Let somebody write who is named in a certain way."""
        message = bodies.text(text, id=id, at=int(now().timestamp()), phone=phone, bsuid=bsuid)
        body = self.value(contacts=[bodies.contact(name="Mei", phone=phone, bsuid=bsuid)], messages=[message])
        return deliver(self.house, body)[0][0]

    def hears(self, field: str = "messages", **parts: Any) -> tuple[str, str, str]:
        """Deliver one change, and return what became of it."""
        return deliver(self.house, self.value(field, **parts))[0][0]

    def contact(self, phone: str = PHONE) -> Contact:
        """Return who is known by a number now. In scope."""
        for identity in Identity.objects.filter(kind="phone", valid_to=None).select_related("contact"):
            if identity.value == f"+{phone}":
                found: Contact = identity.contact
                return found
        raise Contact.DoesNotExist

    def erase(self, phone: str = PHONE) -> Erasure:
        """Ask that somebody is forgotten."""
        with scope(self.id):
            by = Actor.member(self.house.members["Alice"])
            return contacts.request_erasure(self.contact(phone).id, by=by)

    def undo(self, erasure: Erasure) -> None:
        """Take an erasure back."""
        with scope(self.id):
            contacts.undo(erasure.id, by=Actor.member(self.house.members["Alice"]))

    def read(self, erasure: Erasure) -> Erasure:
        """Return an erasure as it is now."""
        with scope(self.id):
            return Erasure.objects.get(id=erasure.id)


def begun() -> Story:
    """Return a house to which nobody has written yet."""
    return Story(kopi())


@contextmanager
def later(**passed: float) -> Iterator[None]:
    """Let time pass for a while."""
    with time_machine.travel(now() + timedelta(**passed), tick=False):
        yield


def sweep() -> int:
    """Purge what is due, as the job does."""
    return purge.sweep()
