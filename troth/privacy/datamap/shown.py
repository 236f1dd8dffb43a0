"""What the registry says of a table, as people read it. No sentence about data is written anywhere else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from troth.base.registry import (
    REGISTRY,
    DataClass,
    Declaration,
    Erasure,
    Keep,
    Protection,
    Purpose,
    Seen,
    Staff,
    Subject,
)
from troth.privacy.datamap.keeping import CLOCKS
from troth.privacy.datamap.words import KEEPS, KINDS, PURPOSES, SEEN, STAFF, SUBJECTS, Use, Words, field_words

# Whose is shown first.
ORDER = list(PURPOSES)
Chosen = Callable[[Declaration], bool]


@dataclass(frozen=True)
class Shown:
    """One table, in words."""

    label: str
    said: Declaration

    @property
    def title(self) -> Words:
        return KINDS[self.label].title

    @property
    def what(self) -> Words:
        return KINDS[self.label].what

    @property
    def about(self) -> Words:
        return SUBJECTS[self.said.subject]

    @property
    def why(self) -> Words:
        return PURPOSES[self.said.purpose].why

    @cached_property
    def fields(self) -> list[tuple[str, Protection]]:
        """The sensitive fields in the order in which they were declared, with how each lies in the database."""
        model: Any = apps.get_model(self.label)
        return [(name, self.said.protection(model._meta.get_field(name))) for name in self.said.sensitive]

    def named(self, protection: Protection) -> list[Words]:
        """Return what the sensitive fields hold that lie in the database in one way."""
        return [field_words(self.label, name) for name, found in self.fields if found == protection]

    @property
    def sealed(self) -> list[Words]:
        return self.named(Protection.SEALED)

    @property
    def hashed(self) -> list[Words]:
        return self.named(Protection.HASHED)

    @property
    def clear(self) -> list[tuple[Words, str]]:
        """What is readable in the database, with the reason."""
        bare = [name for name, found in self.fields if found == Protection.CLEAR]
        return [(field_words(self.label, name), _(self.said.clear[name])) for name in bare]

    @property
    def look(self) -> tuple[str, str]:
        """A word for how the table is protected, and the colour of its badge."""
        if self.sealed and not self.clear:
            return _("Sealed"), "ok"
        if self.sealed:
            return _("Mostly sealed"), "ok"
        if self.clear:
            return _("Not sealed"), "warn"
        return _("Ids and dates only"), ""

    @property
    def how_long(self) -> str:
        keep = str(KEEPS[self.said.keep])
        clock = CLOCKS.get(self.label)
        if clock is None or not clock.most:
            return keep
        return f"{keep} {_('What is left of it: %(time)s at most.') % {'time': _time(clock.most)}}"

    @property
    def seen(self) -> Words:
        return SEEN[self.said.seen]

    @property
    def staff(self) -> Words:
        """What staff may see of it at most, under a grant: nothing where no screen shows anything."""
        if self.said.seen == Seen.NOBODY:
            return STAFF[Staff.HIDDEN]
        found = {self.said.staff(name) for name in self.said.sensitive} or {Staff.VISIBLE}
        return STAFF[next(one for one in (Staff.TICKED, Staff.VISIBLE, Staff.HIDDEN) if one in found)]

    @property
    def out(self) -> str:
        """How one gets it out."""
        if self.said.export:
            return _("In an export, as “%(part)s”.") % {"part": self.title}
        return _("Not in exports: %(why)s.") % {"why": _(self.said.unexported)} if self.said.unexported else ""

    @property
    def forgotten(self) -> str:
        """What becomes of it when its subject is forgotten."""
        if self.said.erase == Erasure.KEEP:
            return _("It stays: %(why)s.") % {"why": _(self.said.kept)}
        if self.said.subject == Subject.NONE:
            return _("It goes by itself, with time.")
        if self.said.erase == Erasure.DELETE:
            return _("It is deleted with whom it is about.")
        return _("It stays without a word in it: what is personal is emptied.")


@dataclass(frozen=True)
class Group:
    """Tables with one purpose."""

    purpose: Purpose
    kinds: list[Shown]

    @property
    def use(self) -> Use:
        return PURPOSES[self.purpose]


def groups(chosen: Chosen = lambda said: True) -> list[Group]:
    """Return what is kept, by purpose, of the tables that are chosen; each kind of machinery stands there once."""
    found: dict[Purpose, dict[Words, Shown]] = {}
    places = {label: place for place, label in enumerate(KINDS)}
    for label, said in sorted(REGISTRY.items(), key=lambda entry: places[entry[0]]):
        if chosen(said):
            kinds = found.setdefault(said.purpose, {})
            kinds.setdefault(KINDS[label].title, Shown(label, said))
    return [Group(purpose, list(found[purpose].values())) for purpose in ORDER if purpose in found]


def of_a_workspace(said: Declaration) -> bool:
    """Return whether a table concerns a workspace: all do but the tables of people's own accounts and of machinery."""
    return said.purpose not in (Purpose.ACCESS, Purpose.RUN)


def of_a_person(said: Declaration) -> bool:
    """Return whether a table is about a person who signs in, as such and as a member."""
    return said.subject == Subject.MEMBER or said.purpose == Purpose.NOTICE


def at_a_glance(found: Iterable[Group]) -> dict[str, list[str]]:
    """Return what is sealed, what is a fingerprint, and what is clear with the reason, each thing once."""
    kinds = [kind for group in found for kind in group.kinds]
    clear = {f"{words}: {reason}" for kind in kinds for words, reason in kind.clear}
    return {
        "sealed": _once(kind.sealed for kind in kinds),
        "hashed": _once(kind.hashed for kind in kinds),
        "clear": sorted(clear),
    }


def personal_classes(said: Declaration) -> list[DataClass]:
    """Return the kinds of data in a table, without mere operation."""
    return list(dict.fromkeys(said.classes[name] for name in said.sensitive))


def _once(lists: Iterable[list[Words]]) -> list[str]:
    return list(dict.fromkeys(str(words) for one in lists for words in one))


def _time(most: timedelta) -> str:
    days = most.days
    if days:
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    hours = most.seconds // 3600
    return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}


__all__ = [
    "Group",
    "Keep",
    "Shown",
    "at_a_glance",
    "groups",
    "of_a_person",
    "of_a_workspace",
    "personal_classes",
]
