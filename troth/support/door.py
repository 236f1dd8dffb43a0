"""The staff's own door: an account, a place on the staff, and a second factor that was used in this very session.

It falls shut a quarter of an hour after the last step, and eight hours after it was opened; then the second factor is
asked for again. Whoever is not of the staff finds nothing here.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from troth.accounts.access import PersonRequest, View, person_view
from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support.models import StaffMember, StaffRole
from troth.support.people import staff_of

IDLE = timedelta(minutes=15)
LIFE = timedelta(hours=8)
FRESH = timedelta(minutes=5)
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_SINCE, _SEEN = "staff_since", "staff_seen"


class StaffRequest(PersonRequest):
    """A request of somebody of the staff whose door is open."""

    staff: StaffMember


def staff_view(*, roles: tuple[StaffRole, ...] = tuple(StaffRole)) -> Callable[[View], View]:
    """Mark a view for people of the staff with one of these roles, whose door is open. The view gets a `StaffRequest`."""

    def decorate(view: View) -> View:
        @person_view
        @wraps(view)
        def opened(request: Any, **words: Any) -> HttpResponse:
            request.staff = staff_or_404(request)
            if not stays_open(request):
                return redirect("staff:login")
            if request.staff.role not in roles:
                raise Http404
            return view(request, **words)

        return opened

    return decorate


def staff_or_404(request: PersonRequest) -> StaffMember:
    """Return the place on the staff of whoever asks. Raises: Http404."""
    staff = staff_of(request.user)
    if staff is None:
        raise Http404
    return staff


def open_door(request: PersonRequest) -> bool:
    """Open the door where a second factor was used in this session a moment ago; return whether it is open."""
    used = _second_factor_at(request)
    if used is None or now() - used > FRESH:
        return False
    request.session[_SINCE] = request.session[_SEEN] = now().timestamp()
    record("staff.entered", by=Actor.staff(request.user.pk))
    return True


def stays_open(request: HttpRequest) -> bool:
    """Return whether the door is open still, and note this step."""
    since, seen = request.session.get(_SINCE), request.session.get(_SEEN)
    instant = now().timestamp()
    if since is None or seen is None:
        return False
    if instant - seen > IDLE.total_seconds() or instant - since > LIFE.total_seconds():
        shut_door(request)
        return False
    request.session[_SEEN] = instant
    return True


def shut_door(request: HttpRequest) -> None:
    """Let the door fall shut."""
    request.session.pop(_SINCE, None)
    request.session.pop(_SEEN, None)


def factors_of(user: User) -> set[str]:
    """Return the second factors that somebody has set up and that count here."""
    return set(Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True))


def _second_factor_at(request: PersonRequest) -> datetime | None:
    records = get_authentication_records(request, request.user)
    used = [one["at"] for one in records if one.get("method") == "mfa" and one.get("type") in FACTORS]
    return datetime.fromtimestamp(max(used), now().tzinfo) if used else None
