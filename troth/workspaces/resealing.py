"""Seals everything of a ring again under its newest key, so that older keys can be thrown away."""

from collections.abc import Iterator
from contextlib import nullcontext
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from troth.audit.record import reseal_details
from troth.base.fields import SealedField
from troth.base.sealing import INSTALLATION, reload_ring
from troth.workspaces.scope import scope

BATCH = 500


def reseal(ring_name: str) -> int:
    """Seal again what older keys of this ring sealed, in short transactions; return how many values there were.

    Safe to stop and to repeat. A value that somebody changes meanwhile is left as that somebody wrote it.
    """
    reload_ring(ring_name)
    columns = sum(_reseal_column(field, ring_name) for field in sealed_fields(installation=ring_name == INSTALLATION))
    with nullcontext() if ring_name == INSTALLATION else scope(UUID(ring_name)):
        return columns + reseal_details(ring_name)


def sealed_fields(*, installation: bool) -> Iterator[SealedField]:
    """Return all sealed fields of the installation's ring, or all of workspaces' rings."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, SealedField) and field.installation == installation:
                yield field


def _reseal_column(field: SealedField, ring_name: str) -> int:
    done = 0
    while changed := _reseal_batch(field, ring_name):
        done += changed
    return done


def _reseal_batch(field: SealedField, ring_name: str) -> int:
    inside = nullcontext() if ring_name == INSTALLATION else scope(UUID(ring_name))
    with inside, transaction.atomic(), connection.cursor() as cursor:
        keys = field.keys()
        table, column, key = field.model._meta.db_table, field.column, _primary_key(field.model)
        cursor.execute(
            f'SELECT "{key}", "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'  # noqa: S608  # our own names
            f' AND substring("{column}" FROM 2 FOR 2) <> %s LIMIT {BATCH} FOR UPDATE SKIP LOCKED',
            [keys.current],
        )
        rows = cursor.fetchall()
        for id, sealed in rows:
            plain = keys.unseal(bytes(sealed), place=field.place)
            cursor.execute(
                f'UPDATE "{table}" SET "{column}" = %s WHERE "{key}" = %s',  # noqa: S608  # our own names
                [keys.seal(plain, place=field.place), id],
            )
        return len(rows)


def _primary_key(model: type[models.Model]) -> str:
    column = model._meta.pk.column
    assert column is not None
    return column
