"""What protects what: the facts of SECURITY.md as a page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.accounts.access import public_view
from troth.privacy.policy.facts import facts


@public_view("whoever trusts us with data may read how it is guarded")
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/security.html", {"facts": facts(), "operator": settings.OPERATOR})
