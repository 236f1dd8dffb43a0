"""Answers that browsers and proxies must not keep."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip


def allow(response: HttpResponse, feature: str) -> HttpResponse:
    """Let one page use a feature of the browser, which asks the person all the same. Returns the page."""
    response.headers["Permissions-Policy"] = PERMISSIONS.replace(f"{feature}=()", f"{feature}=(self)")
    return response


class PrivatePages:
    """Marks every page as private, and as different for a whole page and for a part of it. Files stay as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer with the headers that keep it in this browser's memory only."""
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "public" not in response.headers["Cache-Control"]:
            patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response
