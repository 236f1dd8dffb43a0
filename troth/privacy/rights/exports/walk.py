"""What belongs to a copy of a subject's data: every row that the registry leads to from the subject.

A part is one model. Which rows of it belong, and which fields of those rows, follows from the declaration alone:

- a workspace's copy holds all rows of every model of workspaces that names a part, but for those about people who were
  being forgotten when it was asked for: nothing more is done with their data;
- a contact's copy holds the rows about contacts whose `reach` leads to this one;
- a person's copy holds the rows about members whose `reach` leads to the person or to one of their memberships.

Never exported: fields declared secret, and keyed hashes, which are made from what stands beside them and mean nothing
elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from troth.accounts.models import User
from troth.audit.models import Entry
from troth.base.fields import HashField
from troth.base.registry import REGISTRY, DataClass, Declaration, Subject
from troth.contacts.merging import group_of
from troth.contacts.models import Contact
from troth.inbox.models import Message
from troth.workspaces.models import Membership, Workspace, WorkspaceModel

Model = type[models.Model]
Order = tuple[str, ...]

# In whose order rows come where it is not that of their ids: a thread is read from its beginning.
ORDERS: dict[str, Order] = {"inbox.Message": ("conversation_id", "at", "id")}
# Tables that carry a workspace's id without being keyed to it: their walls are their own.
LOOSE: tuple[Model, ...] = (Entry,)
# Of colleagues a workspace's copy holds the names under which they stand there, and nothing else of their accounts.
COLLEAGUES = "colleagues"
COLLEAGUES_SHOWN = ("id", "name")


@dataclass(frozen=True)
class Part:
    """One model's share of a copy. `fields` are the names that are exported; each of `ways` picks rows, those that an
    earlier one picked left out."""

    key: str
    model: Model
    fields: tuple[str, ...]
    ways: tuple[Q, ...]
    order: Order = ("pk",)

    @property
    def label(self) -> str:
        return self.model._meta.label

    def found(self) -> "list[models.QuerySet[Any]]":
        """Return the rows by the ways that lead to them, in the scope that they need; no row is in two."""
        every = self.model._default_manager.order_by(*self.order).only(*_loaded(self))
        found = []
        for number, way in enumerate(self.ways):
            rows = every.filter(way)
            for earlier in self.ways[:number]:
                rows = rows.exclude(earlier)
            found.append(rows)
        return found


def of_workspace(*, asked_at: datetime | None = None) -> list[Part]:
    """Return the parts of the copy of the workspace in scope. The same instant gives the same people, however long the
    copy is being made."""
    parts = [
        _part(model, said, (kept(said, asked_at),)) for model, said in _declared() if _belongs_to_workspaces(model)
    ]
    here = Q(pk__in=Membership.objects.values("user_id"))
    return [*parts, Part(COLLEAGUES, User, COLLEAGUES_SHOWN, (here,))]


def of_contact(contact_id: UUID) -> list[Part]:
    """Return the parts of the copy of a contact of the workspace in scope, with those who were merged into it."""
    theirs = group_of(contact_id)
    return [
        _part(model, said, _reached(said, theirs)) for model, said in _declared() if said.subject == Subject.CONTACT
    ]


def of_person(user_id: UUID) -> list[Part]:
    """Return the parts of the copy of a person that stand outside of workspaces."""
    return [
        _part(model, said, _reached(said, [user_id]))
        for model, said in _declared()
        if said.subject == Subject.MEMBER and not _belongs_to_workspaces(model)
    ]


def of_membership(membership_ids: Sequence[UUID]) -> list[Part]:
    """Return the parts of the copy of a person that stand in the workspace in scope, where they have these memberships."""
    return [
        _part(model, said, _reached(said, membership_ids))
        for model, said in _declared()
        if said.subject == Subject.MEMBER and _belongs_to_workspaces(model)
    ]


def exported_fields(model: Model, said: Declaration) -> tuple[str, ...]:
    """Return the names of the fields of a model that a copy holds."""
    return tuple(
        field.name
        for field in model._meta.local_fields
        if said.classes[field.name] != DataClass.SECRET and not _is_mark(field)
    )


def slug(name: str) -> str:
    """Return the name of a part as it stands in the names of files."""
    return "-".join(name.lower().split())


def _declared() -> Iterator[tuple[Model, Declaration]]:
    for label, said in sorted(REGISTRY.items()):
        if said.export:
            yield apps.get_model(label), said


def _part(model: Model, said: Declaration, ways: tuple[Q, ...]) -> Part:
    shared = [label for label, other in REGISTRY.items() if other.export == said.export]
    key = slug(said.export) if len(shared) == 1 else f"{slug(said.export)}-{model._meta.model_name}"
    return Part(key, model, exported_fields(model, said), ways, ORDERS.get(model._meta.label, ("pk",)))


def kept(said: Declaration, asked_at: datetime | None) -> Q:
    """Return what leaves out the rows about people who were being forgotten at an instant."""
    if said.subject != Subject.CONTACT or asked_at is None:
        return Q()
    leaving = Contact.objects.filter(erasing_at__lt=asked_at).values("id")
    kept = Q()
    for way in said.reach:
        kept &= ~Q(**{f"{way or 'pk'}__in": leaving})
    return kept


def _reached(said: Declaration, ids: Sequence[UUID]) -> tuple[Q, ...]:
    return tuple(Q(**{f"{way or 'pk'}__in": list(ids)}) for way in said.reach)


def _belongs_to_workspaces(model: Model) -> bool:
    return issubclass(model, WorkspaceModel) or model is Workspace or model in LOOSE


def _is_mark(field: Any) -> bool:
    """Tell whether a field holds keyed hashes."""
    return isinstance(field, HashField) or (
        isinstance(field, ArrayField) and isinstance(field.base_field, models.IntegerField)
    )


def _loaded(part: Part) -> Sequence[str]:
    # What an export says of a message in words (the one that it sits on) is found by its keyed hash.
    more = {"inbox.Reaction": ["channel", "target_hash"]}.get(part.label, [])
    return [*part.fields, *more]


assert Message._meta.label in ORDERS
