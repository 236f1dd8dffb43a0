"""How often the law asked us for data, and what became of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.accounts.access import public_view
from troth.privacy.policy.counted import counted


@public_view("how often the law asks is of public interest")
@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/transparency.html", {"figures": counted()})
