"""The one gate through which staff look. There is no other way to a workspace's data for them.

Each passing is for one thing. The gate looks, in this order and in one transaction: is there a permission that is alive
this instant and covers this very thing; the entry in the audit chain; then it makes the transaction one that can only
read, and lets the view render. Without an entry nothing is shown, and a permission that ends holds off the next
passing at once, since the gate asks each time. Whoever has no way through finds nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import grants
from troth.support.models import BreakGlass, HelpRequest, LegalDisclosure, Sight
from troth.support.models.sight import Look
from troth.support.places import workspace_of_request
from troth.workspaces.scope import scope


class NoWay(Exception):
    """No permission that is alive covers this. Said alike of what does not exist."""


@contextmanager
def by_grant(request_id: UUID, look: Look, conversation_id: UUID | None = None, *, by: UUID) -> Iterator[Sight]:
    """Look at one thing that a request for help shows. `by` is a user of staff. Raises: NoWay."""
    workspace_id = workspace_of_request(request_id)
    if workspace_id is None:
        raise NoWay
    with scope(workspace_id):
        grant = _covering(request_id, look, conversation_id)
        detail = {"request": str(request_id), "grant": str(grant.pk), "what": look.value}
        _write("grant.used", look, conversation_id, by=by, detail=detail)
        with reading_only():
            yield grant


@contextmanager
def by_letter(request_id: UUID, *, by: UUID) -> Iterator[HelpRequest]:
    """Read what a member wrote to staff, in a request that is not closed. Raises: NoWay."""
    with _in_request(request_id) as request:
        record("help.read", by=Actor.staff(by), target=("help", request_id))
        with reading_only():
            yield request


@contextmanager
def answering(request_id: UUID) -> Iterator[HelpRequest]:
    """Hold a request that is not closed, to write into its thread and nowhere else (`desk.py`). Raises: NoWay."""
    with _in_request(request_id) as request:
        yield request


@contextmanager
def by_break_glass(glass_id: UUID, look: Look, conversation_id: UUID | None = None, *, by: UUID) -> Iterator[Sight]:
    """Look at one thing without being asked. The installation's chain has the entry at once, the workspace's too, unless
    the law bars that until a day that stands in the register. Raises: NoWay."""
    with transaction.atomic():
        alive = BreakGlass.objects.filter(asked_by=by, approved_at__lte=now(), ended_at=None, expires_at__gt=now())
        glass = alive.select_for_update(no_key=True).filter(pk=glass_id).first()
        if glass is None or not glass.covers(look, conversation_id):
            raise NoWay
        detail = {"break_glass": str(glass_id), "what": look.value, "ground": glass.ground}
        _write("break_glass.used", look, conversation_id, by=by, detail=detail)
        with scope(glass.workspace_id):
            if glass.bar_until is None:
                _write("break_glass.used", look, conversation_id, by=by, detail=detail)
            with reading_only():
                yield glass


@contextmanager
def by_disclosure(disclosure: LegalDisclosure, *, by: UUID) -> Iterator[Sight]:
    """Read what an approved disclosure names, to be given away; the caller holds its row. Raises: NoWay."""
    if disclosure.approved_at is None or disclosure.made_at is not None:
        raise NoWay
    _disclosed(disclosure, by=by)
    with scope(disclosure.workspace_id):
        if disclosure.gag_until is None:
            _disclosed(disclosure, by=by)
        with reading_only():
            yield disclosure


@contextmanager
def reading_only() -> Iterator[None]:
    """Let nothing be written from here on; PostgreSQL refuses."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        yield


@contextmanager
def _in_request(request_id: UUID) -> Iterator[HelpRequest]:
    workspace_id = workspace_of_request(request_id)
    if workspace_id is None:
        raise NoWay
    with scope(workspace_id):
        found = HelpRequest.objects.filter(pk=request_id, closed_at=None).select_for_update(no_key=True).first()
        if found is None:
            raise NoWay
        yield found


def _covering(request_id: UUID, look: Look, conversation_id: UUID | None) -> Sight:
    # Locked, so that stopping it and looking by it come one after the other.
    for grant in grants.alive().filter(request_id=request_id).select_for_update(of=("self",), no_key=True):
        if grant.covers(look, conversation_id):
            return grant
    raise NoWay


def _write(action: str, look: Look, conversation_id: UUID | None, *, by: UUID, detail: dict[str, Any]) -> None:
    target = ("conversation", conversation_id) if conversation_id else (look.value, None)
    record(action, by=Actor.staff(by), target=target, detail=detail)


def _disclosed(disclosure: LegalDisclosure, *, by: UUID) -> None:
    items = len(disclosure.conversation_ids)
    record(
        "disclosure.made",
        by=Actor.staff(by),
        target=("disclosure", disclosure.pk),
        detail={"kind": disclosure.kind, "items": items, "names": disclosure.names, "bodies": disclosure.bodies},
    )
