"""Deliveries that break what reads them: tried alone, tried again later, then taken apart.

After the last try each change is applied by itself, so that one that we cannot apply costs none of the others: it goes
into its workspace's gap ledger with all that it said. A body that cannot even be read is parked, kept sealed until a
person offers it again, and stands in the gap ledger of the number at whose address it came. Nothing is dropped.
"""

import logging
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from troth.base.clock import now
from troth.base.keystore import KeysMissing
from troth.base.logs import ID, declare, event
from troth.inbox.receive import keep_lost_delivery, keep_unapplied, take_back_lost_delivery
from troth.ingest.claims import claim_one, count_try, finish
from troth.ingest.models import Delivery
from troth.ingest.reading import Routed, apply_all, apply_to, read
from troth.ingest.routes import route_of_address
from troth.workspaces.scope import scope

TRIES_MAX = 3

log = logging.getLogger(__name__)
declare("digest.delivery_failed", level=logging.ERROR, delivery_id=ID)
declare("digest.delivery_parked", level=logging.ERROR, delivery_id=ID)


def digest_alone(id: UUID) -> bool:
    """Digest one delivery by itself and return whether it is done; count the try where it breaks again.

    Raises: OperationalError, InterfaceError, where the database is away; that is nobody's try.
    """
    try:
        return _digest(id)
    except Exception as failure:  # noqa: BLE001  # whatever breaks one delivery must not stop the others
        _pass_on_if_away(failure)
        event(log, "digest.delivery_failed", delivery_id=id, exc_info=failure)
        return count_try(id) >= TRIES_MAX and _take_apart(id)


def _digest(id: UUID) -> bool:
    with transaction.atomic():
        claimed = claim_one(id)
        read(claimed)
        apply_all(claimed)
        finish(claimed)
    return bool(claimed)


def _take_apart(id: UUID) -> bool:
    """Apply each change by itself and put those that break into the gap ledger; park what cannot be read at all."""
    try:
        with transaction.atomic():
            claimed = claim_one(id)
            read(claimed)
            for one in claimed:
                for _, arrival, _ in one.changes:
                    if isinstance(arrival, Routed):
                        _apply_alone(arrival)
            finish(claimed)
            return bool(claimed)
    except Exception as failure:  # noqa: BLE001
        _pass_on_if_away(failure)
        event(log, "digest.delivery_parked", delivery_id=id, exc_info=failure)
        _park(id)
        return False


def _apply_alone(arrival: Routed) -> None:
    try:
        apply_to(arrival.workspace_id, [arrival])
    except Exception as failure:  # noqa: BLE001
        _pass_on_if_away(failure)
        with scope(arrival.workspace_id):
            keep_unapplied(arrival)


def _park(id: UUID) -> None:
    """Put a delivery aside for a person, and say so in the workspace of the number at whose address it came."""
    with transaction.atomic():
        Delivery.objects.filter(id=id).update(parked_at=now())
        channel, at = Delivery.objects.values_list("channel_id", "received_at").get(id=id)
        route = route_of_address(channel)
        if route is None:
            return
        try:
            with scope(route.workspace_id):
                keep_lost_delivery(id, channel=channel, at=at)
        except KeysMissing:
            return


def parked() -> list[UUID]:
    """Return the deliveries that wait for a person, oldest first."""
    return list(Delivery.objects.filter(parked_at__isnull=False).order_by("id").values_list("id", flat=True))


def offer_again(ids: list[UUID]) -> int:
    """Let the lane try these parked deliveries again, as if they had just come, and return how many there were."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE ingest_delivery SET parked_at = NULL, attempts = 0, tried_at = NULL"
                " WHERE id = ANY(%b::uuid[]) AND parked_at IS NOT NULL RETURNING id, channel_id",
                [ids],
            )
            offered = cursor.fetchall()
        for id, channel in offered:
            _forget_the_gap(id, channel)
    return len(offered)


def _forget_the_gap(id: UUID, channel: UUID) -> None:
    route = route_of_address(channel)
    if route is None:
        return
    try:
        with scope(route.workspace_id):
            take_back_lost_delivery(id)
    except KeysMissing:
        return


def _pass_on_if_away(failure: Exception) -> None:
    """Raise again what says that there is no database to write to."""
    if isinstance(failure, InterfaceError) or (isinstance(failure, OperationalError) and _is_away()):
        raise failure


def _is_away() -> bool:
    """Return whether the connection is gone; deadlocks and full disks are told by the same class of error."""
    return connection.connection is None or connection.connection.closed
