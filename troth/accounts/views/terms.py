"""The terms that are accepted at sign-up."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.accounts.access import public_view
from troth.accounts.terms import current_version


@public_view("people read the terms before they have an account")
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "account/terms.html", {"version": current_version()})
