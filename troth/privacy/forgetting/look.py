"""A look at the running installation: does every erasure end when it should?"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.probes import Seen, register_probe
from troth.base.sealing import INSTALLATION, store
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.scope import scope

PURGED_WITHIN = timedelta(days=1)  # of the end of the time in which it can be undone


def register() -> None:
    """Have it taken with the others."""
    register_probe("erasures", erasures, asks=_("Is somebody not forgotten a day after it could no longer be undone?"))


def erasures() -> Seen:
    """Count the erasures that are late, those of accounts and workspaces and those in every workspace."""
    at = now()
    late = _late(at)
    for name in store().rings():
        if name != INSTALLATION:
            with scope(UUID(name)):
                late += _late(at)
    return Seen(late == 0, f"{late} late", {"late": late})


def _late(at: datetime) -> int:
    """A hold keeps one back with good reason; it shows on the pages of holds."""
    running = Q(state__in=[ErasureState.RESTRICTED, ErasureState.PURGING])
    return Erasure.objects.filter(running, undo_until__lt=at - PURGED_WITHIN).count()
