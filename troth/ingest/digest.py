"""The digest lane: turns stored deliveries into conversations, in batches, each delivery exactly once.

A batch is claimed, parsed and applied in one transaction, so that a crash leaves it as it was. What becomes of a
delivery that breaks its batch is told in `poison.py`.
"""

import logging
from datetime import timedelta

from django.db import connection, transaction

from troth.base.clock import now
from troth.base.logs import declare, event
from troth.ingest.claims import claim_batch, finish, ids_due_again, waiting_ids
from troth.ingest.poison import digest_alone
from troth.ingest.reading import apply_all, read

BATCH = 500
KEPT = timedelta(days=8)  # Meta repeats a delivery for up to seven days

log = logging.getLogger(__name__)
declare("digest.batch_failed", level=logging.WARNING)


def digest_batch(*, limit: int = BATCH) -> int:
    """Digest up to this many waiting deliveries and return how many were; those that broke before are tried again."""
    for id in ids_due_again():
        digest_alone(id)
    try:
        return _digest(limit)
    except Exception as failure:  # noqa: BLE001  # whatever breaks a batch, its deliveries are tried one by one
        event(log, "digest.batch_failed", exc_info=failure)
    return sum(digest_alone(id) for id in waiting_ids(limit))


def _digest(limit: int) -> int:
    with transaction.atomic():
        claimed = claim_batch(limit)
        if claimed:
            read(claimed)
            apply_all(claimed)
            finish(claimed)
    return len(claimed)


def forget_old(timestamp: int = 0) -> int:
    """Delete the remains of deliveries that Meta no longer repeats, and return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ingest_delivery WHERE digested_at IS NOT NULL AND received_at < %s", [now() - KEPT])
        return int(cursor.rowcount)
