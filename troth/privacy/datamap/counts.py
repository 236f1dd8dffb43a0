"""How much there is, and since when: a count that stops at ten thousand, and the time in the oldest row's id."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection

from troth.base.fields import IdField
from troth.base.ids import made_at
from troth.base.registry import REGISTRY, Subject
from troth.workspaces.scope import current_workspace_id

MANY = 10_000


@dataclass(frozen=True)
class Count:
    """How many rows, at most one more than MANY, and when the first of them was written."""

    rows: int
    since: datetime | None

    @property
    def is_many(self) -> bool:
        return self.rows > MANY

    @property
    def shown(self) -> int:
        return min(self.rows, MANY)


def counts(labels: Iterable[str]) -> dict[str, Count]:
    """Return counts of the tables that are about the workspace in scope or its people, by label. One query.

    Registers of the installation are not counted: how many there are of a workspace may be what it must not know yet.
    """
    tables = {label: apps.get_model(label)._meta.db_table for label in labels if _is_countable(label)}
    if not tables:
        return {}
    parts = [_PART.format(table=connection.ops.quote_name(table)) for table in tables.values()]
    workspace = str(current_workspace_id())
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(parts), [value for label in tables for value in (label, workspace, workspace)]
        )
        return {label: Count(rows, made_at(first) if first else None) for label, rows, first in cursor.fetchall()}


# Both stop early: the count at its limit, the oldest at the first row of the index that every wall brings.
_PART = f"""
SELECT %s::text, (SELECT count(*) FROM (SELECT 1 FROM {{table}} WHERE workspace_id = %s::uuid LIMIT {MANY + 1}) AS few),
    (SELECT id FROM {{table}} WHERE workspace_id = %s::uuid ORDER BY id LIMIT 1)
"""  # noqa: S608  # our own names


def _is_countable(label: str) -> bool:
    model = apps.get_model(label)
    names = {field.attname for field in model._meta.local_concrete_fields}
    about_us = REGISTRY[label].subject != Subject.NONE
    return about_us and "workspace_id" in names and isinstance(model._meta.pk, IdField)
