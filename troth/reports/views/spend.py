"""What was spent: the page, and the file."""

import csv
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from troth.channels.models import Rate
from troth.reports.plot import plot
from troth.reports.spend import DAYS_MAX, Span, Spend, money, rows_for_file, spend_of
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

# What a sheet would take for a formula.
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@member_view(role=Role.ADMIN)
@require_GET
def show(request: MemberRequest) -> HttpResponse:
    span = _span(request)
    found = spend_of(span)
    today = timezone.localdate()
    last_month = date(today.year, today.month, 1) - timedelta(days=1)
    currency = max(found.total.amounts, key=lambda one: found.total.amounts[one], default="")
    shown = {
        "workspace": request.workspace,
        "member": request.member,
        "found": found,
        "span": span,
        "currency": currency,
        "plot": plot(_bars(found, currency)),
        "days": [(day, one) for day, one in reversed(found.by_day.items()) if one.counts],
        "tables": [
            (_("By category"), "category", found.by_category),
            (_("By number"), "number", found.by_number),
            (_("By team"), "team", found.by_team),
        ],
        "has_rates": Rate.objects.exists(),
        "spans": [
            (_("This month"), Span(today.replace(day=1), today)),
            (_("Last month"), Span(last_month.replace(day=1), last_month)),
            (_("Last 30 days"), Span(today - timedelta(days=29), today)),
        ],
    }
    return render(request, "reports/spending.html", shown)


@member_view(role=Role.ADMIN)
@require_GET
def file(request: MemberRequest) -> HttpResponse:
    """Return the figures as comma-separated values."""
    span = _span(request)
    out = StringIO()
    csv.writer(out).writerows([[_safe(cell) for cell in row] for row in rows_for_file(spend_of(span))])
    name = f"spending-{span.first.isoformat()}-{span.last.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _span(request: HttpRequest) -> Span:
    """Return the days that the address names; this month where it names none, or none that could be."""
    today = timezone.localdate()
    first, last = _day(request.GET.get("from")), _day(request.GET.get("to"))
    if first is None and last is None:
        return Span(today.replace(day=1), today)
    last = last or min(today, date(first.year, first.month, monthrange(first.year, first.month)[1]) if first else today)
    first = first or last.replace(day=1)
    if first > last:
        first, last = last, first
    return Span(max(first, last - timedelta(days=DAYS_MAX - 1)), last)


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2015 <= found.year <= 2100 else None


def _bars(found: Spend, currency: str) -> list[tuple[Decimal, str]]:
    """Return each day's amount in the currency of most, or how many messages there were where nothing has a price."""
    bars = []
    for day, one in found.by_day.items():
        named = date_format(day, "SHORT_DATE_FORMAT")
        if currency:
            bars.append((one.amounts.get(currency, Decimal(0)), f"{named}: {currency} {money(one.amounts[currency])}"))
        else:
            bars.append((Decimal(one.messages), f"{named}: {one.messages}"))
    return bars


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA) else cell
