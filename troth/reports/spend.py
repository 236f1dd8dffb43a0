"""What was spent on messages in a span of days. One question to the database; prices are put to its counts here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from troth.channels.market_words import category_label, market_label
from troth.channels.models import Channel
from troth.channels.prices import Cost, Rates, category_of, currency_of_accounts
from troth.inbox.models import MessageStatus
from troth.workspaces.models import Team, TeamMember
from troth.workspaces.scope import current_workspace_id

DAYS_MAX = 366


@dataclass(frozen=True)
class Span:
    """Days, both included, in the zone of whoever looks."""

    first: date
    last: date

    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    def instants(self) -> tuple[datetime, datetime]:
        """Return the instants from which and until which these days last."""
        zone = timezone.get_current_timezone()
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last + timedelta(days=1), time.min, zone),
        )


@dataclass(frozen=True)
class Group:
    """Messages that cost the same: of one day, number, author, category, market and outcome. `amount` is of all of them."""

    day: date
    channel: UUID
    author: UUID | None
    category: str
    kind: str
    country: str
    state: str
    why: str
    count: int
    currency: str
    amount: Decimal | None


@dataclass
class Sum:
    """What a part comes to: amounts by currency, and how many messages of which kind."""

    label: str
    amounts: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, group: Group) -> None:
        self.counts[group.state] += group.count
        if group.amount is not None and group.currency:
            self.amounts[group.currency] += group.amount

    @property
    def messages(self) -> int:
        """How many were not refused."""
        return sum(count for state, count in self.counts.items() if state != "failed")

    @property
    def charged(self) -> int:
        return self.counts["final"] + self.counts["provisional"]

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The amounts as they are shown, by currency."""
        return [
            (currency, money(amount))
            for currency, amount in sorted(self.amounts.items())
            if amount or len(self.amounts) == 1
        ]


@dataclass(frozen=True)
class Spend:
    """All figures of a span."""

    span: Span
    groups: list[Group]
    total: Sum
    by_day: dict[date, Sum]
    by_number: list[Sum]
    by_category: list[Sum]
    by_team: list[Sum]
    missing: list[tuple[str, int]]

    @property
    def is_empty(self) -> bool:
        return not self.groups


def money(amount: Decimal) -> str:
    """Return an amount with two places, more where it is small."""
    places = "0.01" if amount == 0 or amount >= 1 else "0.0001"
    return f"{amount.quantize(Decimal(places)):,f}"


def spend_of(span: Span) -> Spend:
    """Return the figures of these days in the workspace in scope."""
    groups = _groups(span)
    names = {channel.pk: channel.name or channel.display_number or "" for channel in Channel.objects.all()}
    total, by_day = Sum(""), {day: Sum(day.isoformat()) for day in span.days()}
    for group in groups:
        total.add(group)
        by_day[group.day].add(group)
    return Spend(
        span=span,
        groups=groups,
        total=total,
        by_day=by_day,
        by_number=_sums(groups, lambda one: [names.get(one.channel, "")]),
        by_category=_sums(groups, lambda one: [category_label(one.category)]),
        by_team=_sums(groups, _teams()),
        missing=_missing(groups),
    )


def _sums(groups: Sequence[Group], labels: Callable[[Group], list[str]]) -> list[Sum]:
    found: dict[str, Sum] = {}
    for group in groups:
        for label in labels(group):
            found.setdefault(label, Sum(label)).add(group)
    return sorted(found.values(), key=lambda one: (-sum(one.amounts.values()), -one.messages, one.label))


def _teams() -> Callable[[Group], list[str]]:
    """Return the function that gives the teams of a message's author. Who is in two counts in both."""
    names = {team.pk: str(team.name) for team in Team.objects.all()}
    teams: dict[UUID, list[str]] = defaultdict(list)
    for membership, team in TeamMember.objects.values_list("membership_id", "team_id"):
        teams[membership].append(names[team])
    return lambda one: [_("Sent by Troth itself")] if one.author is None else teams.get(one.author) or [_("In no team")]


def _missing(groups: Sequence[Group]) -> list[tuple[str, int]]:
    """Return for what no price is known, the most frequent first: what to import, or why it cannot be known."""
    counts: Counter[str] = Counter()
    for group in groups:
        if group.state == "unknown":
            counts[_why(group)] += group.count
    return counts.most_common(20)


def _why(group: Group) -> str:
    if group.why == "rate":
        return f"{market_label(group.country, get_language() or 'en')}, {category_label(group.category)}"
    if group.why == "currency":
        return _("The currency of the account is not known yet")
    if group.why == "country":
        return _("The country of the recipient is not known")
    return _("Meta gave a type of price that Troth does not know")


def _groups(span: Span) -> list[Group]:
    since, until = span.instants()
    channels = {channel.pk: channel for channel in Channel.objects.all()}
    rates = Rates.read()
    currencies = currency_of_accounts(rates)
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"zone": timezone.get_current_timezone_name(), "workspace": current_workspace_id()}
        facts |= {"since": since, "until": until, "first": span.first, "last": span.last}
        cursor.execute(_COUNTS, facts)
        rows = cursor.fetchall()
    groups = []
    costs: dict[tuple[Any, ...], Cost] = {}  # many groups differ only in who wrote
    for day, channel, author, category, kind, country, failed, delivered, count in rows:
        said = category_of({"category": category or ""})
        alike = channel, country, kind, said, day, failed, delivered
        if (cost := costs.get(alike)) is None:
            cost = costs[alike] = rates.cost(
                currency=currencies.of(channels[channel]),
                country=country,
                kind=kind or "",
                category=said,
                on=day,
                failed=failed,
                delivered=delivered,
            )
        amount = None if cost.amount is None else cost.amount * count
        groups.append(
            Group(
                day,
                channel,
                author,
                said,
                kind or "",
                country or "",
                cost.state,
                cost.why,
                count,
                cost.currency,
                amount,
            )
        )
    return groups


_COUNTS = f"""
    SELECT (priced_at AT TIME ZONE %(zone)s)::date, channel_id, author_id, pricing->>'category', pricing->>'type', country,
        status = {MessageStatus.FAILED:d}, status >= {MessageStatus.DELIVERED:d}, count(*)
    FROM inbox_message WHERE workspace_id = %(workspace)s AND priced_at >= %(since)s AND priced_at < %(until)s
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
    UNION ALL
    -- Deleted messages were counted by days of UTC.
    SELECT day, channel_id, author_id, category, kind, nullif(country, ''), failed, delivered, count
    FROM inbox_pastspending WHERE workspace_id = %(workspace)s AND day >= %(first)s AND day <= %(last)s
    ORDER BY 1, 2, 4, 6
"""  # noqa: S608  # our own numbers


def rows_for_file(found: Spend) -> list[list[Any]]:
    """Return the figures as rows of a file, with their header: one for each group of messages that cost the same."""
    language = get_language() or "en"
    channels = {channel.pk: channel.name or channel.display_number or "" for channel in Channel.objects.all()}
    teams = _teams()
    header = ["day", "number", "team", "category", "price type", "country", "state", "messages", "currency", "estimate"]
    rows: list[list[Any]] = [header]
    for one in found.groups:
        rows.append(
            [
                one.day.isoformat(),
                channels.get(one.channel, ""),
                " + ".join(teams(one)),
                one.category,
                one.kind,
                market_label(one.country, language) if one.country else "",
                one.state,
                one.count,
                one.currency,
                "" if one.amount is None else f"{one.amount:f}",
            ]
        )
    return rows
