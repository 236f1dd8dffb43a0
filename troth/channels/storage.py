"""Where Meta keeps the messages of a number, as Meta answered when it was last asked.

Source: Cloud API, local storage and the settings of a business phone number (read 2026-11-29).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.channels.models import Channel

DEFAULT, LOCAL, UNSAID = "DEFAULT", "IN_COUNTRY_STORAGE_ENABLED", ""
# The regions that Meta offers.
REGIONS = {
    "AE": gettext_lazy("the United Arab Emirates"),
    "AU": gettext_lazy("Australia"),
    "BH": gettext_lazy("Bahrain"),
    "BR": gettext_lazy("Brazil"),
    "CA": gettext_lazy("Canada"),
    "CH": gettext_lazy("Switzerland"),
    "DE": gettext_lazy("Germany"),
    "GB": gettext_lazy("the United Kingdom"),
    "ID": gettext_lazy("Indonesia"),
    "IN": gettext_lazy("India"),
    "JP": gettext_lazy("Japan"),
    "KR": gettext_lazy("South Korea"),
    "SG": gettext_lazy("Singapore"),
    "ZA": gettext_lazy("South Africa"),
}


@dataclass(frozen=True)
class Storage:
    """What the page of a number says: a sentence, and when Meta said so."""

    says: str
    asked_at: datetime | None


def storage_of(channel: Channel) -> Storage:
    """Return where Meta says that it keeps the messages of a number; where it said nothing, nothing is guessed."""
    found: dict[str, Any] = (channel.checks or {}).get("number") or {}
    facts: dict[str, Any] = found.get("facts") or {}
    status, region = facts.get("storage") or UNSAID, facts.get("storage_region") or ""
    if status == UNSAID:
        return Storage(_("Meta has not said yet where it keeps the messages of this number. Check again to ask."), None)
    asked_at = found.get("at")
    at = asked_at if isinstance(asked_at, datetime) or asked_at is None else datetime.fromisoformat(str(asked_at))
    if status == LOCAL:
        place = REGIONS.get(region, region)
        return Storage(_("Meta keeps the messages of this number in %(place)s.") % {"place": place}, at)
    if status == DEFAULT:
        return Storage(_("Meta keeps the messages of this number where it usually does; no country is chosen."), at)
    return Storage(_("Meta calls it “%(word)s”.") % {"word": status}, at)
