"""Saying no in words."""

from django.http import HttpResponse
from django.shortcuts import render

from troth.workspaces.access import MemberRequest


def refused(request: MemberRequest, words: object) -> HttpResponse:
    """Return a page with 403 that says which rule forbids what was tried. Nothing has been changed."""
    return render(request, "workspaces/refused.html", {"words": words}, status=403)
