"""Shows times in the person's own time zone, which the browser tells in a cookie."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from troth.base.cookies import named

COOKIE = "troth_zone"


class LocalTime:
    """Makes the browser's time zone the current one for each request; UTC until it has told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer, made in the person's time zone."""
        with timezone.override(zone_of(request.COOKIES.get(named(COOKIE), ""))):
            return self.get_response(request)


def zone_of(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone that a cookie names, None (the installation's) for anything else."""
    return zone_named(name.replace("%2F", "/"))


def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """Return the zone of this name, None where there is none."""
    try:
        return zoneinfo.ZoneInfo(name) if 0 < len(name) < 64 else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None
