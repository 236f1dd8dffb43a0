"""What a message of ours cost, in a line for whoever points at its tick. Always an estimate, and said to be one."""

from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from troth.channels.market_words import category_label, free_label
from troth.channels.models import Channel
from troth.channels.prices import CHARGED, FREE, Rates, category_of, currency_of_accounts
from troth.inbox.models import Message, MessageStatus


class PriceTags:
    """The prices of one number's messages. Rates are read once, and only where a message was charged."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def of(self, message: Message) -> str:
        """Return what a message cost, empty where Meta has said nothing."""
        pricing: dict[str, str] = message.pricing or {}
        kind = str(pricing.get("type") or "")
        if not kind or message.priced_at is None:
            return ""
        if message.status == MessageStatus.FAILED:
            return _("Not charged: it was not delivered")
        if kind.startswith(FREE):
            return free_label(kind)
        category = category_of(pricing)
        cost = self._rates.cost(
            currency=self._currency if kind == CHARGED else "",
            country=message.country,
            kind=kind,
            category=category,
            on=timezone.localtime(message.priced_at).date(),
            failed=False,
            delivered=message.status >= MessageStatus.DELIVERED,
        )
        if cost.amount is None:
            return _("%(category)s, charged by Meta; the price is not known") % {"category": category_label(category)}
        words = {
            "category": category_label(category),
            "currency": cost.currency,
            "amount": f"{cost.amount.normalize():f}",
        }
        if cost.state == "provisional":
            return _("%(category)s, about %(currency)s %(amount)s once delivered, billed by Meta") % words
        return _("%(category)s, about %(currency)s %(amount)s, billed by Meta") % words

    @cached_property
    def _rates(self) -> Rates:
        return Rates.read()

    @cached_property
    def _currency(self) -> str:
        return currency_of_accounts(self._rates).of(self._channel)
