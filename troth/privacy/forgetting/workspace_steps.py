"""The steps by which a workspace's data go: the tombstone, the keys, copies on the disk, then every row of every table that
the registry lets go with it."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import connection, models

from troth.accounts.models import User
from troth.base import tombstones
from troth.base.sealing import forget_ring, store
from troth.media import store as media
from troth.privacy.forgetting import plan
from troth.privacy.forgetting.holds_in_force import anything_is_held
from troth.privacy.forgetting.purge import Batch, Step
from troth.privacy.forgetting.telling import tell_owner
from troth.privacy.models import Erasure
from troth.privacy.rights.exports import places
from troth.workspaces.scope import scope

ROWS = 2_000  # in one transaction
CHAIN = "audit.Entry"  # its entries are never removed: what they say beyond ids goes


def steps() -> Sequence[Step]:
    """Return the steps in their order."""
    tables = [model for model in plan.models_of_workspaces() if model._meta.label != CHAIN]
    return [
        Step("holds", _wait_for_holds),
        Step("tombstone", _bury),
        Step("keys", _destroy_keys),
        Step("copies", _copies, outside=True),
        Step("deliveries", _deliveries),
        Step("details", _details),
        *(Step(f"rows of {model._meta.label}", partial(_rows, model)) for model in tables),
        Step("telling", _tell),
    ]


def _wait_for_holds(erasure: Erasure) -> Batch:
    with scope(erasure.subject_id):
        return Batch(waits=anything_is_held())


def _bury(erasure: Erasure) -> Batch:
    tombstones.append(
        tombstones.Tombstone(
            kind=tombstones.Kind.WORKSPACE,
            subject_id=erasure.subject_id,
            workspace_id=erasure.subject_id,
            erased_at=erasure.requested_at,
        )
    )
    return Batch()


def _destroy_keys(erasure: Erasure) -> Batch:
    """Destroy the workspace's keys: from here on nobody can read what it sealed, in no backup of the database either."""
    store().destroy(str(erasure.subject_id))
    forget_ring(str(erasure.subject_id))
    return Batch()


def _copies(erasure: Erasure) -> Batch:
    """Delete the files of conversations, wherever they are kept, and copies and imports from the disk."""
    media.remove_all(erasure.subject_id)
    places.forget_workspace(erasure.subject_id)
    return Batch()


def _deliveries(erasure: Erasure) -> Batch:
    """Delete raw deliveries at the addresses of the workspace's numbers."""
    with scope(erasure.subject_id), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ingest_delivery WHERE id IN (SELECT d.id FROM ingest_delivery d JOIN channels_channel c"
            " ON c.id = d.channel_id WHERE c.workspace_id = %s LIMIT %s)",
            [erasure.subject_id, ROWS],
        )
        return _batch("ingest.Delivery", cursor.rowcount)


def _details(erasure: Erasure) -> Batch:
    """Erase what the audit says beyond ids; the chain holds without it."""
    with scope(erasure.subject_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_entry SET detail = NULL WHERE id IN (SELECT id FROM audit_entry"
            " WHERE workspace_id = %s AND detail IS NOT NULL LIMIT %s)",
            [erasure.subject_id, ROWS],
        )
        return _batch(CHAIN, cursor.rowcount)


def _rows(model: plan.Model, erasure: Erasure) -> Batch:
    table, column = model._meta.db_table, plan.workspace_column(model)
    with scope(erasure.subject_id), connection.cursor() as cursor:
        for own in _keys_to_itself(model):
            # What points at rows of its own table could keep a batch from going before another.
            cursor.execute(
                f'UPDATE "{table}" SET "{own}" = NULL WHERE "{column}" = %s AND "{own}" IS NOT NULL',  # noqa: S608
                [erasure.subject_id],
            )
        cursor.execute(
            f'DELETE FROM "{table}" WHERE ctid IN (SELECT ctid FROM "{table}" WHERE "{column}" = %s LIMIT %s)',  # noqa: S608
            [erasure.subject_id, ROWS],
        )
        return _batch(model._meta.label, cursor.rowcount)


def _tell(erasure: Erasure) -> Batch:
    """Mail the address of the certificate to those who were owners."""
    for owner in User.objects.filter(id__in=[UUID(id) for id in erasure.facts.get("owners", [])], is_active=True):
        tell_owner(owner, erasure)
    return Batch()


def _keys_to_itself(model: plan.Model) -> list[str]:
    return [
        field.column
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is model
    ]


def _batch(label: str, count: int) -> Batch:
    return Batch({label: count} if count else {}, done=count < ROWS)
