"""The public figures as a table. A zero stands only where a register counted to it."""

from dataclasses import dataclass

from django.utils.functional import Promise

from troth.base.clock import now
from troth.base.figures import figures

YEARS = 5


@dataclass(frozen=True)
class Counted:
    """The table: its years, the newest first, and for each figure its label and its counts in that order."""

    years: tuple[int, ...]
    rows: tuple[tuple[str | Promise, tuple[int, ...]], ...]


def counted() -> Counted:
    """Return the figures of this year and of those before it that have any, five at most."""
    known = [(figure.label, figure.by_year()) for figure in figures()]
    this_year = now().year
    first = min((year for _, counts in known for year in counts), default=this_year)
    years = tuple(range(this_year, max(first, this_year - YEARS + 1) - 1, -1))
    return Counted(years, tuple((label, tuple(counts.get(year, 0) for year in years)) for label, counts in known))
