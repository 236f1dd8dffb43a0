"""Everything that the database holds of a workspace and of nobody, opened with the keys: what a thief with both would read."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from troth.audit.record import PLACE
from troth.base.fields import SealedField
from troth.base.sealing import INSTALLATION, Unreadable, ring
from troth.workspaces.scope import scope

Found = tuple[str, bytes]  # where, and what stands there


def everything(workspace_id: UUID) -> list[Found]:
    """Return every value of every row in a workspace and outside of any, sealed ones opened where their key is there."""
    with scope(workspace_id):
        inside = list(_rows(str(workspace_id)))
    return inside + list(_rows(INSTALLATION))


def places_of(word: str, found: list[Found]) -> set[str]:
    """Return where a word stands, in any letters."""
    return {place for place, value in found if word.lower().encode() in value.lower()}


def _rows(name: str) -> Iterator[Found]:
    for model in apps.get_models():
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            columns = [one.name for one in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    yield f"{table}.{column}", _opened(model, column, value, name)


def _opened(model: type[models.Model], column: str, value: Any, name: str) -> bytes:
    field = next((one for one in model._meta.local_fields if one.column == column), None)
    place = f"{model._meta.db_table}.{column}"
    if not isinstance(value, bytes | memoryview):
        return str(value).encode()
    if not isinstance(field, SealedField) and place != PLACE:
        return bytes(value)
    keys = INSTALLATION if getattr(field, "installation", False) else name
    try:
        return ring(keys).unseal(bytes(value), place=place)
    except Unreadable:
        return bytes(value)
