"""A person's copy of their own data."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.audit.record import Actor
from troth.privacy.models import PersonalExport
from troth.privacy.rights.exports import TooMany, delivery, request_personal_export
from troth.privacy.rights.views.exports import not_there
from troth.privacy.rights.views.watching import watched


@person_view
@require_POST
def create(request: PersonRequest) -> HttpResponse:
    """Ask for a copy of all that is known of the person who is signed in."""
    try:
        export = request_personal_export(request.user)
    except TooMany:
        messages.error(request, _("A copy is being made, or you have made several today. Try again later."))
        return redirect("rights_personal:mine")
    return redirect("rights_personal:show_copy", export.pk)


@person_view
def show(request: PersonRequest, copy_id: UUID) -> HttpResponse:
    """Show how far the copy is."""
    return _page(request, _own(request, copy_id))


@person_view
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
@require_POST
def download(request: PersonRequest, copy_id: UUID) -> Any:
    """Hand the copy out, once, to somebody who has just shown who they are."""
    export = _own(request, copy_id)
    try:
        return delivery.hand_out(export, by=Actor.person(request.user.pk))
    except delivery.NotThere as no:
        return _page(request, export, trouble=not_there(no), status=409)


def _page(request: PersonRequest, export: PersonalExport, *, trouble: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "export": export,
        "url": reverse("rights_personal:show_copy", args=[export.pk]),
        "download_url": reverse("rights_personal:download_copy", args=[export.pk]),
        "parts": sorted((key.replace("-", " "), count) for key, count in export.rows.items() if count),
        "trouble": trouble,
    }
    return watched(
        request,
        "privacy/rights/copy.html",
        shown,
        part="privacy/rights/_progress.html",
        target="export-progress",
        moves=export.is_under_way,
        status=status,
    )


def _own(request: PersonRequest, copy_id: UUID) -> PersonalExport:
    found = PersonalExport.objects.filter(pk=copy_id, user=request.user).first()
    if found is None:
        raise Http404
    return found
