"""Break-glass: asked by one, approved by another, an hour at most; and what is seen by it, through the gate."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.support import gate, glass, places, seen
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import GlassForm
from troth.support.models import BreakGlass, Ground, Kind, StaffRole
from troth.support.models.sight import Look
from troth.support.people import staff_names

glass_view = staff_view(roles=(StaffRole.SECURITY, StaffRole.LEGAL))


@glass_view
def index(request: StaffRequest) -> HttpResponse:
    """Show the register, and take a new wish."""
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _ask(request, form):
        messages.success(request, _("Asked. Somebody else has to approve it within a day."))
        return redirect("staff:glass")
    rows = list(BreakGlass.objects.order_by("-id")[:100])
    people = staff_names({one for row in rows for one in (row.asked_by, row.second_by) if one})
    lines = [
        {
            "row": row,
            "asked_by": people.get(row.asked_by, ""),
            "second_by": people.get(row.second_by, "") if row.second_by else "",
            "waits": row.approved_at is None and row.ended_at is None,
            "alive": row.alive,
            "mine": row.asked_by == request.user.pk,
        }
        for row in rows
    ]
    shown = {"lines": lines, "form": form}
    return render(request, "support/staff/glass.html", shown, status=422 if form.errors else 200)


@glass_view
@require_POST
def approve(request: StaffRequest, glass_id: UUID) -> HttpResponse:
    """Approve what somebody else asked for."""
    try:
        glass.approve(glass_id, by=request.user.pk)
    except glass.NotAllowed:
        raise Http404 from None
    messages.success(request, _("Approved. It ends by itself within the hour."))
    return redirect("staff:glass")


@glass_view
@require_POST
def end(request: StaffRequest, glass_id: UUID) -> HttpResponse:
    """End it, or refuse it."""
    try:
        glass.end(glass_id, by=request.user.pk)
    except glass.NotAllowed:
        raise Http404 from None
    messages.success(request, _("Ended."))
    return redirect("staff:glass")


@glass_view
@require_GET
def settings(request: StaffRequest, glass_id: UUID) -> HttpResponse:
    """Look at the state of a workspace and its numbers."""
    try:
        with gate.by_break_glass(glass_id, Look.SETTINGS, by=request.user.pk) as sight:
            return _seen(request, "settings", sight, seen.settings())
    except gate.NoWay:
        raise Http404 from None


@glass_view
@require_GET
def conversations(request: StaffRequest, glass_id: UUID) -> HttpResponse:
    """Look at the list of conversations."""
    try:
        with gate.by_break_glass(glass_id, Look.LIST, by=request.user.pk) as sight:
            return _seen(request, "conversations", sight, {"rows": seen.conversations()})
    except gate.NoWay:
        raise Http404 from None


@glass_view
@require_GET
def conversation(request: StaffRequest, glass_id: UUID, talk_id: UUID) -> HttpResponse:
    """Look at one conversation that was named."""
    try:
        with gate.by_break_glass(glass_id, Look.CONVERSATION, talk_id, by=request.user.pk) as sight:
            return _seen(request, "conversation", sight, {"talk": seen.conversation(sight, talk_id)})
    except (gate.NoWay, seen.NotThere):
        raise Http404 from None


def _seen(request: StaffRequest, template: str, sight: Any, shown: dict[str, Any]) -> HttpResponse:
    context = {**shown, "sight": sight, "until": sight.expires_at}
    return render(request, f"support/staff/{template}.html", context)


def _ask(request: StaffRequest, form: GlassForm) -> bool:
    given = form.cleaned_data
    workspace_id = places.workspace_of_handle(given["handle"])
    if workspace_id is None:
        form.add_error("handle", _("There is no such workspace."))
        return False
    bar = glass.Bar(given["bar_until"], given["bar_basis"]) if given["bar_until"] else None
    try:
        glass.ask(
            workspace_id,
            ground=Ground(given["ground"]),
            reason=given["reason"],
            kind=Kind(given["kind"]),
            conversation_ids=given["conversation_ids"],
            names=given["names"],
            bodies=given["bodies"],
            bar=bar,
            by=request.user.pk,
        )
    except glass.NotAllowed:
        form.add_error("bar_until", _("This is too far away: a year at most."))
        return False
    return True
