"""Asking all probes, on a schedule, and keeping what they found. One that breaks counts as not well."""

import logging
from datetime import timedelta

from django.db import DatabaseError, transaction

from troth.base.clock import now
from troth.base.logs.events import declare, event
from troth.base.logs.kinds import CODE
from troth.base.probes import Probe, Seen, probes
from troth.privacy.models import ProbeResult

log = logging.getLogger(__name__)
declare("probe.failed", level=logging.ERROR, probe=CODE)
declare("probe.broke", level=logging.ERROR, probe=CODE)

FRESH_FOR = timedelta(hours=24)
KEPT_FOR = timedelta(days=90)


def ask_all(timestamp: int = 0) -> None:
    """Ask every probe, keep the answers, and forget those of long ago."""
    for probe in probes():
        _ask(probe)
    ProbeResult.objects.filter(at__lt=now() - KEPT_FOR).delete()


def _ask(probe: Probe) -> ProbeResult:
    seen = _looked(probe)
    if not seen.ok:
        event(log, "probe.failed", probe=probe.name)
    return ProbeResult.objects.create(
        name=probe.name, at=now(), ok=seen.ok, words=seen.words[:200], details=dict(seen.details)
    )


def _looked(probe: Probe) -> Seen:
    try:
        with transaction.atomic():
            return probe.look()
    except Exception as failure:  # noqa: BLE001  # whatever it is: a look that cannot be taken shows nothing
        event(log, "probe.broke", probe=probe.name, exc_info=failure)
        kind = "the database" if isinstance(failure, DatabaseError) else type(failure).__name__
        return Seen(False, f"the look itself broke: {kind}")
