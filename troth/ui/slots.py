"""Places of the shell that apps above fill: `ui` shows what is registered and knows nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

Address = Callable[[HttpRequest], str | None]


@dataclass(frozen=True, kw_only=True)
class RailEntry:
    """One place to go, shown in the rail.

    `url` gets the request and answers the address, or None when this person has nothing there.
    `position` orders entries: small numbers on top; 100 and more stand at the foot.
    """

    key: str
    label: str | Promise
    icon: str
    url: Address
    position: int
    shortcut: str = ""


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that a person should read once, shown on top of every page until it is done with.

    `action` is the address that a press of the button posts to, with `values` as its form.
    """

    words: str
    link: str
    link_words: str
    action: str
    action_words: str
    values: dict[str, str]


_notices: list[Callable[[HttpRequest], Notice | None]] = []
_rail: dict[str, RailEntry] = {}
_belonging: dict[str, str] = {}


def register_rail(entry: RailEntry) -> None:
    """Show the entry in the rail of every page. Called once, from an app's `ready`."""
    _rail[entry.key] = entry


def register_pages(app_name: str, *, under: str) -> None:
    """Mark the entry `under` as the place at hand on every page of this app's addresses. Called once, from `ready`."""
    _belonging[app_name] = under


def place_of(app_name: str) -> str | None:
    """Return the key of the entry under which the pages of these addresses stand, if any was named."""
    return _belonging.get(app_name)


def register_notice(of: Callable[[HttpRequest], Notice | None]) -> None:
    """Ask this function on every page what the person at hand should read. Called once, from an app's `ready`."""
    if of not in _notices:
        _notices.append(of)


def notices(request: HttpRequest) -> list[Notice]:
    """Return what the person at hand should read, in the order in which apps registered."""
    return [found for of in _notices if (found := of(request)) is not None]


def rail_entries() -> list[RailEntry]:
    """Return what has been registered, in the order in which it is shown."""
    return sorted(_rail.values(), key=lambda entry: (entry.position, entry.key))
