"""Who runs this service, and every way to reach them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.accounts.access import public_view


@public_view("whoever wants to reach the people behind the service must find them")
@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return render(request, "privacy/contact.html", {"operator": settings.OPERATOR, "is_example": settings.DEVELOPMENT})
