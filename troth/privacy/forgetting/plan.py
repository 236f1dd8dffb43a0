"""What an erasure has to visit, read from the data registry: nothing about tables is written here by hand."""

from collections.abc import Collection, Iterator
from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from troth.base.fields import HashField, SealedField
from troth.base.registry import REGISTRY, DataClass, Declaration, Erasure, Subject

Model = type[models.Model]
WORKSPACE = "workspaces.Workspace"
PERSONAL = {DataClass.CUSTOMER, DataClass.ACCOUNT, DataClass.SECRET, DataClass.SECURITY_LOG, DataClass.GOOGLE}


def said_of(model: Model) -> Declaration:
    """Return what the registry says of a model."""
    return REGISTRY[model._meta.label]


@cache
def models_about(subject: Subject) -> tuple[Model, ...]:
    """Return the models whose rows are about a kind of subject and say how to reach it, those above first: whatever
    points at a row goes before the row."""
    found = [model for model in apps.get_models() if said_of(model).subject == subject and _reaches(model)]
    return tuple(from_the_top(found))


@cache
def models_of_workspaces() -> tuple[Model, ...]:
    """Return the models whose rows go with their workspace, those above first, the workspace itself last."""
    found = [model for model in apps.get_models() if workspace_column(model) and not is_register(model)]
    return tuple(from_the_top(found))


@cache
def registers() -> tuple[Model, ...]:
    """Return the installation's own registers, whose rows name a workspace and outlive it."""
    return tuple(model for model in apps.get_models() if workspace_column(model) and is_register(model))


def is_register(model: Model) -> bool:
    """Return whether rows are the installation's own evidence: about nobody in a workspace, kept with a reason, and
    without a key to the workspace. What holds such a key goes with it, whatever it says of its subject."""
    said = said_of(model)
    kept = said.subject == Subject.NONE and said.erase == Erasure.KEEP
    return kept and not any(target._meta.label == WORKSPACE for target in _points_at(model))


def workspace_column(model: Model) -> str | None:
    """Return the column that says which workspace a row is of, None where rows are of none."""
    if model._meta.label == WORKSPACE:
        return "id"
    return next((field.column for field in model._meta.local_fields if field.column == "workspace_id"), None)


def from_the_top(found: Collection[Model]) -> list[Model]:
    """Return models in an order in which none points at one that came before it (pointing at itself aside)."""
    left, ordered = set(found), []
    while left:
        pointed_at = {target for model in left for target in _points_at(model) if target is not model}
        free = sorted(left - pointed_at, key=lambda model: model._meta.label)
        assert free, "tables point at each other in a circle"
        ordered += free
        left -= set(free)
    return ordered


def rows_of(model: Model, subjects: Collection[UUID]) -> Q:
    """Return what picks the rows that are about these subjects."""
    picked = Q(pk__in=[])
    for path in said_of(model).reach:
        picked |= Q(**{f"{path}__in" if path else "pk__in": list(subjects)})
    return picked


def blanks(model: Model) -> dict[str, object]:
    """Return what empties the personal fields of a row that stays."""
    said = said_of(model)
    return {
        field.name: _nothing(field)
        for field in model._meta.local_fields
        if said.classes[field.name] in PERSONAL and not field.primary_key
    }


def _nothing(field: "models.Field[object, object]") -> object:
    if field.null:
        return None
    if isinstance(field, SealedField):
        return field.decode(b"")
    if isinstance(field, HashField):
        return b""
    return field.get_default() if field.has_default() else ""


def _reaches(model: Model) -> bool:
    said = said_of(model)
    return bool(said.reach) and said.erase in (Erasure.DELETE, Erasure.BLANK)


def _points_at(model: Model) -> Iterator[Model]:
    for field in model._meta.local_fields:
        if isinstance(field, models.ForeignKey):
            target = field.remote_field.model
            yield target if isinstance(target, type) else apps.get_model(target)
