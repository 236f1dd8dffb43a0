"""A look at the running installation: is every request heard within a day and answered in time?"""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.probes import Seen, register_probe
from troth.base.sealing import INSTALLATION, store
from troth.privacy.models import Case, OperatorCase
from troth.privacy.models.case import AnyCase
from troth.privacy.rights import clocks
from troth.workspaces.scope import scope

HEARD_WITHIN = timedelta(hours=24)


def register() -> None:
    """Have it taken with the others."""
    register_probe("cases", cases, asks=_("Is a request about data unheard after a day, or late without a reason?"))


def cases() -> Seen:
    """Count the requests that nobody acknowledged within a day, and those that are late, in all workspaces together."""
    unheard, late = _count(OperatorCase.objects.all())
    late += OperatorCase.objects.filter(clocks.late_to_hand_on(now())).count()
    for name in store().rings():
        if name != INSTALLATION:
            with scope(UUID(name)):
                more = _count(Case.objects.all())
            unheard, late = unheard + more[0], late + more[1]
    return Seen(unheard + late == 0, f"{unheard} unheard, {late} late", {"unheard": unheard, "late": late})


def _count(rows: "QuerySet[AnyCase]") -> tuple[int, int]:
    at = now()
    waiting = rows.filter(closed_at=None)
    unheard = waiting.filter(acknowledged_at=None, opened_at__lt=at - HEARD_WITHIN).count()
    return unheard, waiting.filter(due_at__lt=at).count()
