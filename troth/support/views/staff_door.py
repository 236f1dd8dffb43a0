"""The staff's door: a second factor in this session opens it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.support import door


@person_view
@require_GET
def login(request: PersonRequest) -> HttpResponse:
    """Go on where a second factor was used a moment ago, ask for it otherwise; for anybody else there is nothing here."""
    door.staff_or_404(request)
    if door.stays_open(request) or door.open_door(request):
        return redirect("staff:queue")
    factors = door.factors_of(request.user)
    back = urlencode({"next": reverse("staff:login")})
    ways = [("totp", "mfa_reauthenticate"), ("webauthn", "mfa_reauthenticate_webauthn")]
    shown = {"ways": [(factor, f"{reverse(name)}?{back}") for factor, name in ways if factor in factors]}
    return render(request, "support/staff/login.html", shown)


@person_view
@require_POST
def leave(request: PersonRequest) -> HttpResponse:
    """Let the door fall shut; the account stays signed in."""
    door.staff_or_404(request)
    door.shut_door(request)
    return redirect("/")
