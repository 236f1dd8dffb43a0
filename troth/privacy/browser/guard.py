"""The last look at every answer: a cookie leaves only if it is declared, and an optional one only after a yes."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from troth.base.consent import COOKIE, allows, drop_cookie
from troth.base.cookies import Place, declaration_of, named

log = logging.getLogger(__name__)


class CookieGuard:
    """Takes cookies out of answers that were not declared, or not agreed to. Forgetting one is always allowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer without what may not leave."""
        response = self.get_response(request)
        if (said := response.cookies.get(named(COOKIE))) is not None:
            request.COOKIES[named(COOKIE)] = said.value  # what was chosen a moment ago holds for this answer too
        for name in list(response.cookies):
            if response.cookies[name]["max-age"] == 0:
                continue
            declared = declaration_of(Place.COOKIE, name)
            if declared is None:
                log.error("cookie.undeclared")
                del response.cookies[name]
            elif not allows(request, declared):
                drop_cookie(response, declared.name)  # one that lies there from before goes as well
        return response
