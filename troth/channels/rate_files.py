"""Reading rates from a file of comma-separated values, as people have such files, and writing them down.

Two shapes are understood: one rate a line (currency, market, category, from, rate), and a rate card as Meta gives it out,
where each category is a column of its own; its day is then asked for. What cannot be read is told line by line; the rest
goes in.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from troth.channels.markets import market_named
from troth.channels.models import Rate
from troth.channels.prices import CATEGORIES
from troth.workspaces.models import Membership

BYTES_MAX = 512 * 1024
LINES_MAX = 20_000
AMOUNT_MAX = Decimal(10_000)
_COLUMNS = {
    "currency": "currency",
    "market": "market",
    "country": "market",
    "region": "market",
    "market country or region": "market",
    "category": "category",
    "type": "category",
    "from": "from",
    "from date": "from",
    "valid from": "from",
    "date": "from",
    "effective": "from",
    "effective date": "from",
    "rate": "rate",
    "price": "rate",
    "amount": "rate",
}
_CATEGORY_NAMES = {name.replace("_", " "): name for name in CATEGORIES} | {
    "auth": "authentication",
    "auth intl": "authentication_international",
    "authentication intl": "authentication_international",
}
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y")
_NOT_SAID = {"", "-", "\u2013", "\u2014", "n/a", "na", "not applicable"}
_CURRENCY = re.compile(r"[A-Z]{3}")

Key = tuple[str, str, str, date]


class NotReadable(Exception):
    """The file as a whole cannot be read. The text is for the person."""


@dataclass(frozen=True)
class Line:
    """One rate that was read. `number` is its line in the file."""

    number: int
    currency: str
    market: str
    category: str
    valid_from: date
    amount: Decimal

    @property
    def key(self) -> Key:
        return self.currency, self.market, self.category, self.valid_from


@dataclass(frozen=True)
class Wrong:
    """One line that could not be read, and why."""

    number: int
    why: str


@dataclass
class Found:
    """What a file holds."""

    lines: list[Line] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


class _Bad(Exception):
    """A value of a line cannot be read. The text says which and why."""


def read(raw: bytes, *, valid_from: date | None) -> Found:
    """Return the rates of a file and what is wrong with it. `valid_from` is the day where the file has none.

    Raises: NotReadable.
    """
    rows = _rows(raw)
    header = next(((number, row) for number, row in rows if any(cell.strip() for cell in row)), None)
    columns = [_column(cell) for cell in header[1]] if header else []
    if "currency" not in columns or "market" not in columns:
        raise NotReadable(_("The first line has to name the columns, at least “currency” and “market”."))
    wide = [at for at, name in enumerate(columns) if name in CATEGORIES]
    if not wide and not {"category", "rate"} <= set(columns):
        raise NotReadable(_("The file needs a column “category” and a column “rate”, or a column for each category."))
    if "from" not in columns and valid_from is None:
        raise NotReadable(_("The file has no column “from”. Enter the day from which these rates hold."))
    categories = [columns[at] for at in wide]
    found, seen = Found(), dict[Key, Decimal]()
    for number, row in rows:
        cells = [cell.strip() for cell in row]
        if any(cells):
            _take(number, dict(zip(columns, cells, strict=False)), categories, valid_from, found, seen)
    return found


def _rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(raw) > BYTES_MAX:
        raise NotReadable(_("The file is larger than 512 kB. Split it in two."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = (
            raw.decode("utf-16", "replace")
            if raw[:2] in (b"\xff\xfe", b"\xfe\xff")
            else raw.decode("cp1252", "replace")
        )
    if "\0" in text:
        raise NotReadable(_("This is not a file of comma-separated values."))
    first = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text), delimiter=delimiter)
    try:
        for row in reader:
            if reader.line_num > LINES_MAX:
                raise NotReadable(_("The file has more than 20,000 lines. Split it in two."))
            yield reader.line_num, row
    except csv.Error:
        raise NotReadable(_("This is not a file of comma-separated values.")) from None


def _column(cell: str) -> str:
    plain = " ".join(re.sub(r"[^\w]+", " ", cell.casefold().replace("_", " ")).split())
    return _COLUMNS.get(plain) or _CATEGORY_NAMES.get(plain) or plain


def _take(
    number: int,
    cells: dict[str, str],
    wide: Sequence[str],
    valid_from: date | None,
    found: Found,
    seen: dict[Key, Decimal],
) -> None:
    """Read one line into `found`. Of a rate card's line each category is one rate."""
    try:
        currency, market = _currency(cells.get("currency", "")), _market(cells.get("market", ""))
        day = _day(cells["from"]) if cells.get("from") else valid_from
        if day is None:
            raise _Bad(_("The day from which the rate holds is missing."))
    except _Bad as bad:
        found.wrong.append(Wrong(number, str(bad)))
        return
    named = [(category, cells.get(category, "")) for category in wide] or [
        (cells.get("category", ""), cells.get("rate", ""))
    ]
    for category, amount in named:
        if wide and amount.casefold() in _NOT_SAID:
            continue
        try:
            line = Line(number, currency, market, _category(category), day, _amount(amount))
            if seen.setdefault(line.key, line.amount) != line.amount:
                raise _Bad(_("The same rate stands in an earlier line with another amount."))
            found.lines.append(line)
        except _Bad as bad:
            found.wrong.append(Wrong(number, str(bad)))


def _currency(text: str) -> str:
    found = _CURRENCY.search(text.upper())
    if found is None:
        raise _Bad(_("The currency is missing or not one of three letters, such as USD."))
    return found[0]


def _market(text: str) -> str:
    if not text:
        raise _Bad(_("The market is missing."))
    market = market_named(text)
    if market is None:
        raise _Bad(_("“%(name)s” is no country or region of Meta's that Troth knows.") % {"name": text[:40]})
    return market


def _category(text: str) -> str:
    plain = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
    found = _CATEGORY_NAMES.get(plain)
    if found is None:
        raise _Bad(_("“%(name)s” is no category of messages that Troth knows.") % {"name": text[:40]})
    return found


def _day(text: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise _Bad(_("“%(text)s” is no day in the form 2026-10-01.") % {"text": text[:40]})


def _amount(text: str) -> Decimal:
    plain = re.sub(r"[^\d.,-]", "", text)
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        amount = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise _Bad(_("“%(text)s” is no amount.") % {"text": text[:40]}) from None
    if not 0 <= amount <= AMOUNT_MAX:
        raise _Bad(_("An amount for one message is not below 0 and not that high."))
    return amount.quantize(Decimal("0.000001"))


@dataclass(frozen=True)
class Compared:
    """What taking lines in would do."""

    new: int
    changed: int
    same: int


def compare(lines: Sequence[Line]) -> Compared:
    """Return how many of these rates are new, differ from those that are there, or are there already."""
    there = _there()
    how = Counter(
        "new" if line.key not in there else "same" if there[line.key] == line.amount else "changed" for line in lines
    )
    return Compared(how["new"], how["changed"], how["same"])


def keep(lines: Sequence[Line], *, by: Membership) -> int:
    """Write these rates down in place of those of the same day; return how many are new or changed."""
    there = _there()
    fresh = {line.key: line for line in lines if there.get(line.key) != line.amount}
    rows: list[Any] = [
        Rate(
            currency=line.currency,
            market=line.market,
            category=line.category,
            valid_from=line.valid_from,
            amount=line.amount,
            created_by=by,
        )
        for line in fresh.values()
    ]
    Rate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["workspace", "currency", "market", "category", "valid_from"],
        update_fields=["amount", "created_at", "created_by"],
    )
    return len(rows)


def _there() -> dict[Key, Decimal]:
    rows = Rate.objects.values_list("currency", "market", "category", "valid_from", "amount")
    return {(currency, market, category, day): amount for currency, market, category, day, amount in rows}


def packed(lines: Sequence[Line]) -> str:
    """Return lines as a file of the first shape: what a preview carries until somebody says yes."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["currency", "market", "category", "from", "rate"])
    writer.writerows(
        [line.currency, line.market, line.category, line.valid_from.isoformat(), line.amount] for line in lines
    )
    return out.getvalue()


SAMPLE = """\
currency,market,category,from,rate
USD,Malaysia,marketing,2026-10-01,0.0900
USD,Malaysia,utility,2026-10-01,0.0150
USD,Malaysia,service,2026-10-01,0.0150
USD,North America,marketing,2026-10-01,0.0300
USD,Rest of Asia Pacific,utility,2026-10-01,0.0120
"""
