"""The data registry: every model field says what kind of data it holds. An undeclared field fails the build."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from django.db import models


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


@dataclass(frozen=True)
class Declaration:
    """What a model says of its fields. `clear` gives the reason for each sensitive field that is not sealed."""

    subject: str
    classes: dict[str, DataClass]
    clear: dict[str, str] = field(default_factory=dict)


REGISTRY: dict[str, Declaration] = {}
Model = TypeVar("Model", bound=type[models.Model])


def declare(label: str, *, subject: str, clear: dict[str, str] | None = None, **classes: str) -> None:
    """Declare a model by label ("app.Model"); `classes` maps a data class to the names of its fields, space-separated.

    Raises: ValueError for a field named twice, or a kind of data that there is not.
    """
    named = [(name, DataClass(kind)) for kind, names in classes.items() for name in names.split()]
    by_field = dict(named)
    if len(by_field) != len(named):
        raise ValueError(f"{label} declares a field twice")
    REGISTRY[label] = Declaration(subject=subject, classes=by_field, clear=clear or {})


def declares(*, subject: str, clear: dict[str, str] | None = None, **classes: str) -> Callable[[Model], Model]:
    """Declare the decorated model. `subject` is whom the row is about: contact, member, workspace or none."""

    def decorate(model: Model) -> Model:
        declare(model._meta.label, subject=subject, clear=clear, **classes)
        return model

    return decorate
