"""The register of breaches and drills."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.base.clock import now
from troth.support import breaches
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import AlarmForm, ReasonForm
from troth.support.models import Breach, Exposed, StaffRole

breach_view = staff_view(roles=(StaffRole.SECURITY, StaffRole.LEGAL))


@breach_view
def index(request: StaffRequest) -> HttpResponse:
    """Show the register, and take an alarm."""
    form = AlarmForm(request.POST or None, initial={"detected_at": now()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        alarm = breaches.Alarm(**{**given, "exposed": Exposed(given["exposed"])})
        breach = breaches.open_breach(alarm, by=request.user.pk)
        messages.success(request, _("The clocks run."))
        return redirect("staff:breach", breach_id=breach.pk)
    shown = {"breaches": list(Breach.objects.order_by("-id")[:100]), "form": form, "now": now()}
    return render(request, "support/staff/breaches.html", shown, status=422 if form.errors else 200)


@breach_view
@require_GET
def show(request: StaffRequest, breach_id: UUID) -> HttpResponse:
    """Show one: its clocks, who is affected, the drafted notices."""
    breach = Breach.objects.filter(pk=breach_id).first()
    if breach is None:
        raise Http404
    shown = {
        "breach": breach,
        "to_authority": breaches.notice_to_authority(breach),
        "to_people": breaches.notice_to_people(breach),
        "form": ReasonForm(),
        "now": now(),
    }
    return render(request, "support/staff/breach.html", shown)


@breach_view
@require_POST
def do(request: StaffRequest, breach_id: UUID, step: str) -> HttpResponse:
    """Take one step: reckon, tell the authority, tell people, close."""
    by = request.user.pk
    lessons = request.POST.get("reason", "").strip()[:5_000]
    steps: dict[str, Callable[[], object]] = {
        "reckoning": lambda: breaches.reckon(breach_id, by=by),
        "authority": lambda: breaches.tell_authority(breach_id, by=by),
        "people": lambda: breaches.tell_people(breach_id, by=by),
        "closure": lambda: breaches.close(breach_id, lessons=lessons, by=by),
    }
    if step not in steps or (step == "closure" and not lessons):
        raise Http404
    try:
        steps[step]()
    except breaches.NotAllowed:
        raise Http404 from None
    messages.success(request, _("Done, and written down."))
    return redirect("staff:breach", breach_id=breach_id)
