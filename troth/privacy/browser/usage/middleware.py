"""Counts a use after the answer is made: which part, of which workspace. Who it was is not looked at."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from troth.base.usage import count
from troth.privacy.browser.usage.events import COUNTED


class CountUse:
    """Adds one to a counter in memory, for whole pages and for what is done. Parts of pages ask again by themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer as it is."""
        response = self.get_response(request)
        workspace, match = getattr(request, "workspace", None), request.resolver_match
        if workspace is None or match is None or response.status_code >= 400:
            return response
        counted = COUNTED.get((request.method or "", match.view_name))
        is_part = request.method == "GET" and request.headers.get("HX-Request") == "true"
        if counted is not None and not is_part:
            count(counted[0], workspace_id=workspace.id)
        return response
