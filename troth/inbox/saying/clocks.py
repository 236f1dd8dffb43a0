"""Whose clock a time is on: where a person may be by their number, and how one instant reads for them and for us."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import phonenumbers
from babel.core import get_global
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from phonenumbers import timezone as zones_of_numbers

from troth.base.clock import now
from troth.channels.markets import country_name
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.ui.zone import zone_named

Clock = tuple[timedelta, ...]
PLACES_MAX = 3
_UNKNOWN = "Etc/Unknown"
_LOOKED_AHEAD = tuple(timedelta(days=days) for days in range(0, 92, 7))  # as far as something may be scheduled


@dataclass(frozen=True)
class Zones:
    """The clocks by which a person may live, from west to east, each by a zone that shows it: none where their number does
    not tell, several where it tells a country that has several. `likely` is one that can be assumed, empty where it has to be
    asked. `places` names by zone where that clock is shown: the country, where all of it has one clock."""

    names: tuple[str, ...] = ()
    likely: str = ""
    places: dict[str, str] = field(default_factory=dict)

    @property
    def one(self) -> str:
        """Return the zone where there is only one, else nothing."""
        return self.names[0] if len(self.names) == 1 else ""

    def place(self, zone: str) -> str:
        """Return what a clock is called in a sentence: after the country where that has one, else after one city."""
        return self.places.get(zone, "") if zone == self.one else place_in(zone)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """Return each zone with the names of its places, and with what it is called in a sentence."""
        return [(name, self.places[name], self.place(name)) for name in self.names]


def zones_of(conversation: Conversation) -> Zones:
    """Return the time zones in which the person's number is used."""
    phone = Identity.objects.filter(contact=conversation.contact_id, kind=IdentityKind.PHONE, valid_to=None).first()
    return zones_of_number(str(phone.value)) if phone is not None else Zones()


def zones_of_number(phone: str) -> Zones:
    """Return the time zones in which a number is used. Places whose clocks show the same count as one."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return Zones()
    # The beginning of a number alone tells less, but knows numbers that are not given out yet, and where most of them are.
    beginning = zones_of_numbers.time_zones_for_geographical_number(number)
    likely = _clocks(beginning, number)
    clocks = _clocks(zones_of_numbers.time_zones_for_number(number), number, first=beginning) or likely
    zones = {shows: names[0] for shows, names in clocks.items()}
    known = likely if len(clocks) > 1 else clocks
    return Zones(
        names=tuple(zones.values()),
        likely=zones.get(next(iter(known)), "") if len(known) == 1 else "",
        places={names[0]: _places(names, number, alone=len(clocks) == 1) for names in clocks.values()},
    )


def _places(names: Sequence[str], number: phonenumbers.PhoneNumber, *, alone: bool) -> str:
    """Return where a clock is shown: a country whose only one it is by its name, since zones are named after cities in
    which few of its people live."""
    country = _country(number)
    if alone and country:
        return country_name(country, get_language() or "en")
    return ", ".join(place_in(name) for name in names[:PLACES_MAX])


def _country(number: phonenumbers.PhoneNumber) -> str | None:
    """Return the two letters of a number's country, None for numbers of none."""
    found = phonenumbers.region_code_for_number(number)
    found = found or phonenumbers.region_code_for_country_code(number.country_code or 0)
    return found if found and found.isalpha() and found != "ZZ" else None


def _clocks(
    found: Sequence[str], number: phonenumbers.PhoneNumber, *, first: Sequence[str] = ()
) -> dict[Clock, list[str]]:
    """Return by what a clock shows the zones that show it, those of the number's own country only where that has some."""
    country = _country(number)
    territories = get_global("zone_territories")
    usable = [name for name in found if name != _UNKNOWN and zone_named(name)]
    clocks: dict[Clock, list[str]] = {}
    for name in [one for one in usable if territories.get(one) == country] or usable:
        clocks.setdefault(_shown_by(name), []).append(name)
    for names in clocks.values():
        names.sort(key=lambda name: name not in first)
    return dict(sorted(clocks.items()))


def _shown_by(name: str) -> Clock:
    """Return by how much a clock is ahead of the world's, week by week."""
    zone = zone_named(name)
    return tuple((now() + ahead).astimezone(zone).utcoffset() or timedelta(0) for ahead in _LOOKED_AHEAD)


def place_in(zone: str) -> str:
    """Return the place that a zone is named after."""
    return zone.rpartition("/")[2].replace("_", " ")


def both_ways(instant: datetime, zone: str, zones: Zones, *, name: str) -> str:
    """Return an instant as the person's clock shows it, and ours where that shows another time. `zone` is the one in which it
    was chosen: theirs, where that is one of their `zones`, else theirs is the likely one."""
    theirs = zone_named(zone if zone in zones.names else zones.likely)
    yours = timezone.get_current_timezone()
    if theirs is None:
        words = {"time": _clock(instant, zone_named(zone) or yours), "place": place_in(zone)}
        return _("%(time)s in %(place)s") % words
    words = {"name": name, "place": zones.place(str(theirs)), "theirs": _clock(instant, theirs)}
    if instant.astimezone(theirs).utcoffset() == instant.astimezone(yours).utcoffset():
        return _("%(theirs)s for %(name)s, and for you") % words
    words["yours"] = _clock(instant, yours)
    return _("%(theirs)s for %(name)s in %(place)s, %(yours)s for you") % words


def _clock(instant: datetime, zone: tzinfo) -> str:
    return date_format(timezone.localtime(instant, zone), "D H:i")
