"""What a message cost, reckoned from what Meta said of it and from the rates that somebody has imported.

An estimate, always: Meta bills the business itself, by tiers and exemptions that it does not tell us of message by message.
Whether a message was free is Meta's word (`type`); what is free in a month is never counted here.
Source: Meta, "Pricing on the WhatsApp Business Platform" and the pricing object of status webhooks (read 2026-11-22).
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from troth.channels.markets import region_of
from troth.channels.models import BusinessAccount, Channel, Rate

CATEGORIES = (
    "marketing",
    "marketing_lite",
    "utility",
    "authentication",
    "authentication_international",
    "service",
    "referral_conversion",
    "group_marketing",
    "group_utility",
    "group_service",
    "general_purpose_ai",
)
CHARGED = "regular"
FREE = "free_"
# Where one has no rate of its own. Source: as above, on charges for service messages from 2026-10-01.
STANDS_IN = {"service": "utility", "group_service": "group_utility"}
NOTHING = Decimal(0)

State = Literal["free", "failed", "final", "provisional", "unknown"]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one message cost. `amount` is None where that is unknown; `why` then says what is missing."""

    state: State
    amount: Decimal | None
    currency: str = ""
    why: str = ""


def category_of(pricing: Mapping[str, str] | None) -> str:
    """Return the category in one spelling, empty where Meta has not said."""
    return ((pricing or {}).get("category") or "").lower().replace("-", "_")


class Rates:
    """The rates of a workspace, ready to be asked. Reads them once, in one query."""

    def __init__(self, rows: Iterable[tuple[str, str, str, date, Decimal]]) -> None:
        self._days: dict[tuple[str, str, str], list[date]] = defaultdict(list)
        self._amounts: dict[tuple[str, str, str], list[Decimal]] = defaultdict(list)
        self.currencies: set[str] = set()
        for currency, market, category, valid_from, amount in sorted(rows):
            self.currencies.add(currency)
            self._days[currency, market, category].append(valid_from)
            self._amounts[currency, market, category].append(amount)

    @classmethod
    def read(cls) -> "Rates":
        """Return the rates of the workspace in scope."""
        return cls(Rate.objects.values_list("currency", "market", "category", "valid_from", "amount"))

    def rate(self, *, currency: str, country: str, category: str, on: date) -> Decimal | None:
        """Return the rate that held on a day: the country's own, else its region's; None where none was imported."""
        for market in (country, region_of(country)):
            for named in (category, STANDS_IN.get(category)):
                if market and named and (found := self._held(currency, market, named, on)) is not None:
                    return found
        return None

    def _held(self, currency: str, market: str, category: str, on: date) -> Decimal | None:
        days = self._days.get((currency, market, category))
        at = bisect_right(days, on) if days else 0
        return self._amounts[currency, market, category][at - 1] if at else None

    def cost(
        self,
        *,
        currency: str,
        country: str | None,
        kind: str,
        category: str,
        on: date,
        failed: bool,
        delivered: bool,
    ) -> Cost:
        """Return what a message cost. `kind` is Meta's type of price; it is charged once it is delivered."""
        if failed:
            return Cost("failed", NOTHING, currency)
        if kind.startswith(FREE):
            return Cost("free", NOTHING, currency)
        if kind != CHARGED:
            return Cost("unknown", None, currency, "type")
        if not currency:
            return Cost("unknown", None, "", "currency")
        if country is None:
            return Cost("unknown", None, currency, "country")
        amount = self.rate(currency=currency, country=country, category=category, on=on)
        if amount is None:
            return Cost("unknown", None, currency, "rate")
        return Cost("final" if delivered else "provisional", amount, currency)


def currency_of_accounts(rates: Rates) -> "Currencies":
    """Return in which currency each account is billed, as far as Meta has said."""
    known = dict(BusinessAccount.objects.exclude(currency="").values_list("account_id", "currency"))
    return Currencies(known, next(iter(rates.currencies)) if len(rates.currencies) == 1 else "")


@dataclass(frozen=True)
class Currencies:
    """Accounts' currencies. Where Meta has not said, the only currency of the rates stands in."""

    known: dict[str, str]
    only: str

    def of(self, channel: Channel) -> str:
        """Return the currency in which Meta bills a number's account, empty if unknown."""
        return self.known.get(channel.account_id) or self.only
