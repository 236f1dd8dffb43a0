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


def rail_entries() -> list[RailEntry]:
    """Return what has been registered, in the order in which it is shown."""
    return sorted(_rail.values(), key=lambda entry: (entry.position, entry.key))


_details: list[str] = []


def register_details(template: str) -> None:
    """Show this template in the panel about a conversation. It sees what the panel sees, and asks nothing more.

    Called once, from an app's `ready`.
    """
    if template not in _details:
        _details.append(template)


def details_blocks() -> list[str]:
    """Return the templates that upper apps show in the panel, in the order in which they were registered."""
    return list(_details)
