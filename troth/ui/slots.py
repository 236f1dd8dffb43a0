"""Places of the shell that apps above fill: `ui` shows what is registered and knows nothing of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True)
class Banner:
    """Something that everybody on a page has to see: a template, which gets this as `banner`, and what it shows."""

    template: str
    shows: dict[str, Any] = field(default_factory=dict)


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


_rail: dict[str, RailEntry] = {}
_belonging: dict[str, str] = {}
_banners: list[Callable[[HttpRequest], list[Banner]]] = []


def register_rail(entry: RailEntry) -> None:
    """Show the entry in the rail of every page. Called once, from an app's `ready`."""
    _rail[entry.key] = entry


def register_pages(app_name: str, *, under: str) -> None:
    """Mark the entry `under` as the place at hand on every page of this app's addresses. Called once, from `ready`."""
    _belonging[app_name] = under


def place_of(app_name: str) -> str | None:
    """Return the key of the entry under which the pages of these addresses stand, if any was named."""
    return _belonging.get(app_name)


@dataclass(frozen=True, kw_only=True)
class PrivacyLink:
    """One page about data, named on the page "Your data".

    `path` is where it stands below the workspace's own address; it is shown to who may open it, if it is there.
    """

    key: str
    label: str | Promise
    words: str | Promise
    icon: str
    path: str
    position: int


_privacy: dict[str, PrivacyLink] = {}


def register_privacy_link(link: PrivacyLink) -> None:
    """Name a page on "Your data". Called once, from an app's `ready`."""
    _privacy[link.key] = link


def privacy_links() -> list[PrivacyLink]:
    """Return what has been registered, in the order in which it is shown."""
    return sorted(_privacy.values(), key=lambda link: (link.position, link.key))


def register_notice(of: Callable[[HttpRequest], Notice | None]) -> None:
    """Ask this on every page what the person at hand should read once. Called once, from an app's `ready`."""

    def banners(request: HttpRequest) -> list[Banner]:
        found = of(request)
        return [] if found is None else [Banner("ui/_notice.html", {"notice": found})]

    register_banner(banners)


def rail_entries() -> list[RailEntry]:
    """Return what has been registered, in the order in which it is shown."""
    return sorted(_rail.values(), key=lambda entry: (entry.position, entry.key))


def register_banner(banners: Callable[[HttpRequest], list[Banner]]) -> None:
    """Ask this for banners whenever a whole page is shown. Called once, from an app's `ready`."""
    _banners.append(banners)


def banners_of(request: HttpRequest) -> list[Banner]:
    """Return what has to be seen on the page that is asked for."""
    return [banner for ask in _banners for banner in ask(request)]


@dataclass(frozen=True)
class Alarm:
    """Something that is late, for the people who run the installation: how many, what, and what to do by which command."""

    count: int
    words: str
    how: str
    command: str


_alarms: list[Callable[[], Alarm | None]] = []


def register_alarm(of: Callable[[], Alarm | None]) -> None:
    """Ask this for what is late whenever a page of staff is shown. Called once, from an app's `ready`."""
    _alarms.append(of)


def alarms() -> list[Alarm]:
    """Return what is late."""
    return [found for of in _alarms if (found := of()) is not None]
