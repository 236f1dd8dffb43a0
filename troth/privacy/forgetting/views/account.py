"""Deleting one's own account."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render

from troth.accounts.access import PersonRequest, person_view, public_view
from troth.audit.record import Actor
from troth.privacy.forgetting import members
from troth.privacy.forgetting.deadlines import IN_ALL, UNDO
from troth.workspaces.listing import named_places_of


@person_view
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def deletion(request: PersonRequest) -> HttpResponse:
    """Say what deleting the account does; on POST do it, where every workspace keeps an owner."""
    shown: dict[str, Any] = {"undo_days": UNDO.days, "all_days": IN_ALL.days}
    if request.method == "POST":
        try:
            members.request_erasure(request.user.pk, by=Actor.person(request.user.pk))
        except members.LastOwner as refusal:
            ids = {place.workspace_id for place in refusal.places}
            named = named_places_of(request.user, current=None)
            shown["alone"] = [one for one in named if one.place.workspace_id in ids]
            return render(request, "forgetting/account.html", shown, status=422)
        logout(request)
        return redirect("forgetting:account_left")
    return render(request, "forgetting/account.html", shown)


@public_view("whoever has just deleted their account is not signed in any more")
def left(request: PersonRequest) -> HttpResponse:
    """Say that the account is closed and how it comes back."""
    return render(request, "forgetting/account_left.html", {"undo_days": UNDO.days})


@public_view("whoever comes back too late cannot sign in")
def gone(request: PersonRequest) -> HttpResponse:
    """Say that the account is gone for good."""
    return render(request, "forgetting/account_gone.html")
