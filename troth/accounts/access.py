"""Who may open a page is said at each view, so that a test can ask every address about every kind of visitor.

`public_view` and `person_view` are here, `member_view` is in workspaces. A view without a mark fails the build.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from troth.accounts.models import User

View = Callable[..., HttpResponse]


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
    htmx: HtmxDetails


def public_view(reason: str) -> Callable[[View], View]:
    """Mark a view that anybody may open; `reason` says why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        opened.access = "public"  # type: ignore[attr-defined]  # read by the test that asks every address
        opened.access_reason = reason  # type: ignore[attr-defined]
        return opened

    return decorate


def person_view(view: View) -> View:
    """Mark a view for people who are signed in, whatever their workspaces; others are asked to sign in."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_login(request)
        speak_language_of(request)
        return view(request, *args, **kwargs)

    opened.access = "person"  # type: ignore[attr-defined]
    return opened


def to_login(request: HttpRequest) -> HttpResponse:
    """Send an anonymous visitor to log in and back; a part of a page sends the whole page."""
    url = resolve_url(settings.LOGIN_URL)
    back = _page_of(request)
    if back:
        url = f"{url}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(url) if _is_part(request) else HttpResponseRedirect(url)


def speak_language_of(request: HttpRequest) -> None:
    """Answer in the language that the person chose, if they chose one."""
    chosen = getattr(request.user, "language", "")
    if chosen and chosen != translation.get_language():
        translation.activate(chosen)
        request.LANGUAGE_CODE = translation.get_language()


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _page_of(request: HttpRequest) -> str:
    if _is_part(request):
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        return current.path if current.netloc == request.get_host() else ""
    path = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return "" if path == "/" else path
