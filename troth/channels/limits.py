"""Meta's words for how much a number may send, and what they come to."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.channels.models.channel import MESSAGES_PER_SECOND

UNLIMITED = -1
# Source: Meta, "Messaging limits" and "Throughput" (read 2026-11-22). Older accounts still show the middle ones.
_TIERS = {
    "TIER_50": 50,
    "TIER_250": 250,
    "TIER_1K": 1_000,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": UNLIMITED,
    "UNLIMITED": UNLIMITED,
    "-1": UNLIMITED,
}
HIGH_PER_SECOND = 1_000
ON_PHONE_PER_SECOND = 20
_THROUGHPUTS: dict[str, Any] = {
    "STANDARD": gettext_lazy("Up to 80 messages a second"),
    "HIGH": gettext_lazy("Up to 1,000 messages a second"),
    "NOT_APPLICABLE": gettext_lazy("Not set yet"),
}


def people_a_day(limit: str) -> int | None:
    """Return how many people may be written to first in 24 hours, UNLIMITED for any number, None where nobody knows."""
    if limit in _TIERS:
        return _TIERS[limit]
    return int(limit) if limit.isascii() and limit.isdigit() and len(limit) < 12 else None


def limit_words(limit: str) -> str:
    """Return a messaging limit in words."""
    people = people_a_day(limit)
    if people is None:
        return limit or _("Meta has not said")
    if people == UNLIMITED:
        return _("No limit")
    return ngettext("%(count)s person in 24 hours", "%(count)s people in 24 hours", people) % {"count": f"{people:,}"}


def throughput_words(throughput: str) -> str:
    """Return how fast Meta lets a number send, in words."""
    return str(_THROUGHPUTS.get(throughput) or throughput or _("Meta has not said"))


def per_second(throughput: str, *, on_phone_app: bool) -> int | None:
    """Return how many messages a second a number may send; None where Meta has not said."""
    if on_phone_app:
        return ON_PHONE_PER_SECOND
    return {"STANDARD": MESSAGES_PER_SECOND, "HIGH": HIGH_PER_SECOND}.get(throughput)
