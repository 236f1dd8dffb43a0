"""The counters of a workspace as a page shows them: bars by day, and a table by month."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from troth.base.clock import now
from troth.base.usage import events
from troth.privacy.models import UsageCount

DAYS = 60
BAR_WIDTH, GAP, HEIGHT = 8, 3, 96


@dataclass(frozen=True)
class Bar:
    """One day. The numbers are places in the drawing."""

    day: date
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Picture:
    """The bars of the last days, the size of the drawing, and the tallest bar's count."""

    bars: list[Bar]
    width: int
    height: int
    most: int


@dataclass(frozen=True)
class Row:
    """One event: its sum in each month, the newest first."""

    words: str
    sums: list[int]


def picture() -> Picture:
    """Return the last days of the workspace in scope, all events together."""
    today = now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    summed = UsageCount.objects.filter(day__gte=days[0]).values("day").annotate(sum=Sum("count"))
    by_day = {row["day"]: int(row["sum"]) for row in summed}
    most = max(by_day.values(), default=0)
    bars = []
    for place, day in enumerate(days):
        count = by_day.get(day, 0)
        tall = max(round(HEIGHT * count / most), 2) if count else 0
        bars.append(Bar(day, count, place * (BAR_WIDTH + GAP), HEIGHT - tall, tall))
    return Picture(bars, DAYS * (BAR_WIDTH + GAP) - GAP, HEIGHT, most)


def table() -> tuple[list[date], list[Row]]:
    """Return the months in which something was counted, the newest first, and each event's sums in them."""
    sums: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for day, event, count in UsageCount.objects.values_list("day", "event", "count"):
        sums[event][day.replace(day=1)] += count
    months = sorted({month for by_month in sums.values() for month in by_month}, reverse=True)
    words = {event.key: str(event.words) for event in events()}
    rows = [Row(words.get(event, event), [sums[event][month] for month in months]) for event in sorted(sums)]
    return months, sorted(rows, key=lambda row: -sum(row.sums))
