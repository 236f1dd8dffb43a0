"""What every template may count on."""

from typing import Any

from django.http import HttpRequest

from troth.base.cookies import named
from troth.ui.slots import alarms, banners_of, place_of, rail_entries

CHOICES = {
    "theme": ("troth_theme", {"light", "dark"}),
    "density": ("troth_density", {"compact"}),
    "details": ("troth_details", {"folded"}),
    "single_keys": ("troth_keys", {"off"}),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the person's choices of looks (from cookies, so that the first paint is right) and the rail."""
    looks = {name: _choice(request, cookie, allowed) for name, (cookie, allowed) in CHOICES.items()}
    # Banners and alarms are looked for only where a whole page shows them: parts of pages have none.
    return {"looks": looks, "rail": _rail(request), "banners": lambda: banners_of(request), "alarms": alarms}


def _choice(request: HttpRequest, cookie: str, allowed: set[str]) -> str:
    value = request.COOKIES.get(named(cookie), "")
    return value if value in allowed else ""


def _rail(request: HttpRequest) -> list[dict[str, Any]]:
    found = [(entry, url) for entry in rail_entries() if (url := entry.url(request)) is not None]
    here = [entry.key for entry, url in found if request.path.startswith(url)]
    if not here and request.resolver_match and not request.path.startswith("/account/"):
        # What is about the person alone stands under no entry, whichever app shows it.
        here = [place_of(request.resolver_match.app_name) or ""]
    return [
        {"entry": entry, "url": url, "current": entry.key in here, "at_foot": entry.position >= 100}
        for entry, url in found
    ]
