"""The data registry: every table says what it holds, about whom, why, how long, and how it leaves. An undeclared field
fails the build.

The "Your data" page, the record of processing, exports, erasure, retention and what staff may see are all made from
what is declared here; nothing of them is written by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models

from troth.base.fields import HashField, SealedField


class DataClass(StrEnum):
    """What kind of data a field holds; everything that is promised about data is promised by these classes."""

    ACCOUNT = "account"  # a member: sign-in address, name, preferences
    CUSTOMER = "customer"  # contacts, messages, notes: the workspace's own
    EPHEMERAL = "ephemeral"  # never in a model
    GOOGLE = "google"
    SECRET = "secret"  # noqa: S105 # tokens, passwords, keys
    USAGE = "usage"
    SECURITY_LOG = "security_log"
    AUDIT = "audit"
    BILLING = "billing"
    OPS = "ops"  # ids, states, counters, instants: nothing personal


class Subject(StrEnum):
    """Whom a row is about."""

    CONTACT = "contact"
    MEMBER = "member"
    WORKSPACE = "workspace"
    NONE = "none"


class Purpose(StrEnum):
    """What data is used for. There is no other purpose: not advertising, not profiling, not selling."""

    TALK = "talk"  # to show, send and find conversations
    PEOPLE = "people"  # to know who somebody is
    TEAM = "team"  # to let a team work together
    ACCESS = "access"  # to let people sign in
    CONNECT = "connect"  # to reach WhatsApp
    SECURITY = "security"  # to keep intruders out and show who did what
    RIGHTS = "rights"  # to answer requests about personal data, and prove it
    SUPPORT = "support"  # to help when asked
    NOTICE = "notice"  # to send mails that people chose or need
    IMPROVE = "improve"  # counts without people
    RUN = "run"  # to keep the machinery going


class Keep(StrEnum):
    """How long rows stay. The numbers are settings or in `privacy.retention`; the words stand on the data page."""

    TALK = "talk"  # as the workspace chose for messages: for as long as it exists, or so many days
    PERSON = "person"  # as long as the contact is kept
    ACCOUNT = "account"  # as long as the person has an account
    MEMBERSHIP = "membership"  # as long as the person is a member
    WORKSPACE = "workspace"  # as long as the workspace exists
    SESSION = "session"  # until the browser is signed out, 14 days at most
    DELIVERED = "delivered"  # the content until it is delivered or digested, the empty row a few days more
    RECORD = "record"  # evidence of rights and access: as long as the workspace exists, or as the law asks
    COUNTS = "counts"  # thirteen months
    MINUTES = "minutes"  # until its own end, hours at most
    SYSTEM = "system"  # nothing personal; as long as the machinery needs it


class Erasure(StrEnum):
    """What happens to a row when its subject is forgotten."""

    DELETE = "delete"
    BLANK = "blank"  # the row stays, its personal fields become empty
    KEEP = "keep"  # it stays; `kept` says why, and the certificate lists it


class Seen(StrEnum):
    """Who may see rows in the product, beside whom they are about. Staff is another matter: see `Staff`."""

    NOBODY = "nobody"  # machinery: no screen shows it
    SELF = "self"  # the person whose it is, and nobody else
    CHANNEL = "channel"  # members who may see the channel that it came by
    MEMBERS = "members"  # all members of the workspace
    ADMINS = "admins"  # owners and admins
    OPERATOR = "operator"  # whoever runs the installation, in its registers


class Protection(StrEnum):
    """How a field lies in the database."""

    SEALED = "sealed"  # unreadable without keys that the database does not hold
    HASHED = "hashed"  # a keyed fingerprint: equal values can be found, none can be read
    CLEAR = "clear"  # readable by whoever reads the database; `Declaration.clear` says why


class Staff(StrEnum):
    """What staff may see of a field, under a live grant only."""

    HIDDEN = "hidden"
    TICKED = "ticked"  # only where whoever asked for help ticked it
    VISIBLE = "visible"


STAFF: dict[DataClass, Staff] = {
    DataClass.ACCOUNT: Staff.TICKED,
    DataClass.CUSTOMER: Staff.TICKED,
    DataClass.EPHEMERAL: Staff.HIDDEN,
    DataClass.GOOGLE: Staff.HIDDEN,
    DataClass.SECRET: Staff.HIDDEN,
    DataClass.USAGE: Staff.VISIBLE,
    DataClass.SECURITY_LOG: Staff.HIDDEN,
    DataClass.AUDIT: Staff.HIDDEN,
    DataClass.BILLING: Staff.HIDDEN,
    DataClass.OPS: Staff.VISIBLE,
}


SEEN: dict[Purpose, Seen] = {
    Purpose.TALK: Seen.CHANNEL,
    Purpose.PEOPLE: Seen.CHANNEL,
    Purpose.TEAM: Seen.MEMBERS,
    Purpose.ACCESS: Seen.SELF,
    Purpose.CONNECT: Seen.MEMBERS,
    Purpose.SECURITY: Seen.ADMINS,
    Purpose.RIGHTS: Seen.ADMINS,
    Purpose.SUPPORT: Seen.ADMINS,
    Purpose.NOTICE: Seen.SELF,
    Purpose.IMPROVE: Seen.ADMINS,
    Purpose.RUN: Seen.NOBODY,
}

# What is about people, or opens doors: sealed, or clear for a reason given in writing.
SENSITIVE = frozenset(DataClass) - {DataClass.OPS, DataClass.USAGE}


@dataclass(frozen=True)
class Declaration:
    """What a model says of its rows and fields.

    `reach` holds the lookups that lead from a row to its subject (a contact, a membership or a user), "" where the row
    is the subject itself. `clear` gives the reason for each sensitive field that is not sealed, `sealed` names fields that
    their app seals by its own hand. `export` names the part of an export that the rows stand in; where it is empty,
    `unexported` says why. `kept` says why rows outlive their subject. `seen` is who may see rows on a screen.
    """

    subject: Subject
    classes: dict[str, DataClass]
    purpose: Purpose
    keep: Keep
    reach: tuple[str, ...] = ()
    export: str = ""
    unexported: str = ""
    erase: Erasure = Erasure.DELETE
    kept: str = ""
    clear: dict[str, str] = field(default_factory=dict)
    sealed: frozenset[str] = frozenset()
    seen: Seen = Seen.NOBODY

    @property
    def sensitive(self) -> list[str]:
        """The names of fields that are about people or open doors."""
        return [name for name, kind in self.classes.items() if kind in SENSITIVE]

    def protection(self, field: "models.Field[Any, Any]") -> Protection:
        """Return how a field of this model lies in the database."""
        if isinstance(field, SealedField) or field.name in self.sealed:
            return Protection.SEALED
        return Protection.HASHED if isinstance(field, HashField) else Protection.CLEAR

    def staff(self, name: str) -> Staff:
        """Return what staff may see of a field."""
        return STAFF[self.classes[name]]


REGISTRY: dict[str, Declaration] = {}
Model = TypeVar("Model", bound=type[models.Model])


def declare(
    label: str,
    *,
    subject: str,
    purpose: str,
    keep: str,
    reach: str | tuple[str, ...] = (),
    export: str = "",
    unexported: str = "",
    erase: str = "delete",
    kept: str = "",
    clear: dict[str, str] | None = None,
    sealed: str = "",
    seen: str = "",
    **classes: str,
) -> None:
    """Declare a model by label ("app.Model"); `classes` maps a data class to the names of its fields, space-separated.
    `sealed` names fields that are sealed by hand, space-separated; without `seen`, the purpose decides who sees rows.

    Raises: ValueError for a field named twice, or a kind of data that there is not.
    """
    named = [(name, DataClass(kind)) for kind, names in classes.items() for name in names.split()]
    by_field = dict(named)
    if len(by_field) != len(named):
        raise ValueError(f"{label} declares a field twice")
    REGISTRY[label] = Declaration(
        subject=Subject(subject),
        classes=by_field,
        purpose=Purpose(purpose),
        keep=Keep(keep),
        reach=(reach,) if isinstance(reach, str) else reach,
        export=export,
        unexported=unexported,
        erase=Erasure(erase),
        kept=kept,
        clear=clear or {},
        sealed=frozenset(sealed.split()),
        seen=Seen(seen) if seen else _seen(Subject(subject), Purpose(purpose), Keep(keep)),
    )


def _seen(subject: Subject, purpose: Purpose, keep: Keep) -> Seen:
    # Evidence that is about nobody in a workspace is the installation's own: its registers.
    return Seen.OPERATOR if subject == Subject.NONE and keep == Keep.RECORD else SEEN[purpose]


def declares(**facts: Any) -> Callable[[Model], Model]:
    """Declare the decorated model; see `declare`."""

    def decorate(model: Model) -> Model:
        declare(model._meta.label, **facts)
        return model

    return decorate
