"""A look at the running installation: is a grant written down as over soon after its time?"""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.base.probes import Seen, register_probe
from troth.support import places

WRITTEN_WITHIN = timedelta(minutes=15)  # the gate itself looks at the clock each time


def register() -> None:
    """Have it taken with the others."""
    register_probe("grants", grants, asks=_("Does a permission for support stand open beyond its end?"))


def grants() -> Seen:
    """Count the grants whose time is over and that nobody has written down as ended."""
    over = len(places.grants_over(now() - WRITTEN_WITHIN))
    return Seen(over == 0, f"{over} beyond their end", {"over": over})
