"""The cookie page, what is chosen there, and the word that we honour Global Privacy Control."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from troth.accounts.access import public_view
from troth.base.consent import choice_of, is_signalled, keep_choice
from troth.base.cookies import optional
from troth.privacy.browser.listing import entry_of, essential_groups

# When the product began to do what the file says. Source: the GPC specification, section 4 (read 2026-11-28).
GPC_SINCE = "2026-11-28"


@public_view("people read about cookies before they have an account")
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    choice = choice_of(request)
    words = {
        "groups": essential_groups(),
        "optional": [
            {"name": one.name, "entry": entry_of(one), "chosen": choice is not None and one.name in choice.names}
            for one in optional()
        ],
        "signalled": is_signalled(request),
        "choice": choice,
        "cookie_question": None,  # the page itself is the question
    }
    return render(request, "privacy/browser/cookies.html", words)


@public_view("people choose before they have an account")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    every = frozenset(one.name for one in optional())
    said = {"accept": every, "reject": frozenset[str](), "chosen": every & set(request.POST.getlist("names"))}
    answer = redirect(_back(request))
    keep_choice(answer, said.get(request.POST.get("answer", ""), frozenset[str]()))
    return answer


@public_view("browsers and people look whether we honour the signal")
@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"gpc": True, "lastUpdate": GPC_SINCE})


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    secure = settings.SESSION_COOKIE_SECURE
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=secure):
        return wanted
    return "cookies"
