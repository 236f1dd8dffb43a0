"""Where one lands: the workspace used last."""

from django.http import HttpResponse
from django.shortcuts import redirect

from troth.accounts.access import PersonRequest, person_view
from troth.workspaces.access import LAST_USED, MemberRequest, member_view
from troth.workspaces.listing import places_of


@person_view
def home(request: PersonRequest) -> HttpResponse:
    places = places_of(request.user)
    if not places:
        return redirect("workspaces:create")
    last_used = request.session.get(LAST_USED)
    chosen = next((place for place in places if place.handle == last_used), places[0])
    return redirect(chosen.url)


@member_view
def entrance(request: MemberRequest) -> HttpResponse:
    return redirect(f"/w/{request.workspace.handle}/inbox/")
