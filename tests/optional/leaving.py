"""Code that would leave an optional cookie without asking, as code of the future might."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tests.optional.apps import TALLY


class Leaving:
    """Puts the cookie into every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.set_cookie(TALLY.written, "1", max_age=3600, secure=False, httponly=True, samesite="Lax")
        return response
