"""What the cookie page says of each thing, made from what is declared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.base.cookies import Cookie, Place, Until, cookies

PLACES: dict[Place, str | Promise] = {
    Place.COOKIE: gettext_lazy("Cookies"),
    Place.LOCAL: gettext_lazy("Storage of this browser"),
    Place.SESSION: gettext_lazy("Storage of one tab"),
    Place.CACHE: gettext_lazy("Files that the browser keeps"),
}


@dataclass(frozen=True)
class Entry:
    """One thing as it is listed."""

    name: str
    purpose: str
    life: str
    scripts: bool


@dataclass(frozen=True)
class Group:
    """The things of one place."""

    title: str
    entries: list[Entry]


def essential_groups() -> list[Group]:
    """Return what pages need, by place."""
    return list(_groups(cookie for cookie in cookies() if cookie.essential))


def entry_of(cookie: Cookie) -> Entry:
    """Return what is said of one thing."""
    readable = cookie.scripts and cookie.place is Place.COOKIE
    return Entry(cookie.written, str(cookie.purpose), life_of(cookie.life), scripts=readable)


def life_of(life: timedelta | Until) -> str:
    """Return how long something stays, in words."""
    if isinstance(life, Until):
        return {Until.TAB: _("until you close the tab"), Until.LOGOUT: _("until you log out")}[life]
    days = life.days
    if days >= 365:
        return ngettext("%(count)d year", "%(count)d years", days // 365) % {"count": days // 365}
    if days >= 60:
        return ngettext("%(count)d month", "%(count)d months", round(days / 30.4)) % {"count": round(days / 30.4)}
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def _groups(chosen: Iterable[Cookie]) -> Iterable[Group]:
    found = list(chosen)
    for place, title in PLACES.items():
        entries = [entry_of(cookie) for cookie in found if cookie.place is place]
        if entries:
            yield Group(str(title), entries)
