"""The page behind a single-use link: a person outside fetches their own copy."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from troth.accounts.access import public_view
from troth.privacy.models import Export
from troth.privacy.rights import tokens
from troth.privacy.rights.exports import delivery
from troth.privacy.rights.views.limits import TooOften, once_more, quiet
from troth.workspaces.scope import scope


@public_view("whoever asked for their data has no account; the link's secret is checked, and it works once")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, token: str) -> Any:
    """Show a button; pressing it hands the copy out. Looking at the address, as previews do, uses nothing up."""
    try:
        once_more(request, "copy")
    except TooOften:
        return quiet(HttpResponse(status=429))
    found = tokens.export_of(token)
    if found is None or found.workspace_id is None:
        return _nothing(request)
    with scope(found.workspace_id):
        export = Export.objects.filter(pk=found.id).first()
        if export is None or not delivery.link_opens(export):
            return _nothing(request)
        if request.method == "POST":
            try:
                return quiet(delivery.hand_out_by_link(export))
            except delivery.NotThere:
                return _nothing(request)
        shown = {"until": export.link_expires_at, "size": export.size_bytes}
        return quiet(render(request, "privacy/rights/take.html", shown))


def _nothing(request: HttpRequest) -> HttpResponseBase:
    """Answer alike for a link that never was, was used, or is over."""
    return quiet(render(request, "privacy/rights/nothing.html", status=404))
