"""What we leave in people's browsers: every cookie and every entry of browser storage, declared beside the code that
leaves it there. The cookie page is made from this; what is not declared fails the build, and is taken out of answers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.utils.functional import Promise


class Place(StrEnum):
    """Where in a browser something lies."""

    COOKIE = "cookie"
    LOCAL = "local storage"
    SESSION = "session storage"
    CACHE = "cache"


class Until(StrEnum):
    """When something goes that has no date of its own."""

    TAB = "tab"  # the tab is closed
    LOGOUT = "logout"  # its person logs out


@dataclass(frozen=True)
class Cookie:
    """One thing that we leave in a browser.

    `name` is what it is called over http; a name that ends in `*` stands for all that begin so. `life` is how long it
    stays at most. Essential is what a page cannot do its work without, or what the person asked for by a button; anything
    else waits for a yes. `scripts` marks what scripts of our own write, so that they can read it too.
    """

    name: str
    place: Place
    purpose: str | Promise
    life: timedelta | Until
    essential: bool = True
    scripts: bool = False

    @property
    def written(self) -> str:
        """The name in the browser: over https a cookie is bound to this host by its name."""
        return named(self.name) if self.place is Place.COOKIE else self.name

    def covers(self, name: str) -> bool:
        """Return whether this is the declaration of something called so in a browser."""
        return name.startswith(self.written[:-1]) if self.written.endswith("*") else name == self.written


_declared: dict[tuple[Place, str], Cookie] = {}


def named(name: str) -> str:
    """Return what a cookie of ours is called: over https browsers take it from this host only, and only for all of it."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def declare_cookie(cookie: Cookie) -> None:
    """Declare something that is left in browsers. Called from an app's `ready`.

    Raises: ValueError for a name that is declared already.
    """
    key = (cookie.place, cookie.name)
    if _declared.get(key, cookie) != cookie:
        raise ValueError(f"{cookie.name} is declared twice")
    _declared[key] = cookie


def forget_cookie(cookie: Cookie) -> None:
    """Take a declaration back, as tests do."""
    del _declared[cookie.place, cookie.name]


def cookies() -> tuple[Cookie, ...]:
    """Return all that may be left in a browser."""
    return tuple(_declared.values())


def optional() -> tuple[Cookie, ...]:
    """Return what waits for a yes. Where there is nothing, nobody is asked anything."""
    return tuple(cookie for cookie in _declared.values() if not cookie.essential)


def declaration_of(place: Place, name: str) -> Cookie | None:
    """Return what was declared of something that lies in a browser, None where nothing was."""
    return next(_matching(place, name), None)


def _matching(place: Place, name: str) -> Iterator[Cookie]:
    return (cookie for cookie in _declared.values() if cookie.place is place and cookie.covers(name))
