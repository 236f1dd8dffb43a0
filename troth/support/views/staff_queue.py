"""The queue of requests for help, one request, and what it lets staff see. Everything is read through the gate."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.base.clock import now
from troth.support import desk, gate, grants, places, seen
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import WordForm
from troth.support.models import HelpMessage
from troth.support.models.sight import Look
from troth.support.people import staff_names
from troth.workspaces.models import Role


@staff_view()
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """Show what waits, the one that is due first in front. Ids and clocks only."""
    waiting = places.requests_waiting(now())
    shown = {
        "due": [one for one in waiting if one.due_at is not None],
        "answered": [one for one in waiting if one.due_at is None],
        "now": now(),
    }
    return render(request, "support/staff/queue.html", shown)


@staff_view()
@require_GET
def show(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Show what a member wrote and was answered, and what may be looked at."""
    return _thread(request, request_id, WordForm())


@staff_view()
@require_POST
def answer(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Answer."""
    form = WordForm(request.POST)
    if not form.is_valid():
        return _thread(request, request_id, form, status=422)
    _through(lambda: desk.answer(request_id, form.cleaned_data["text"], by=request.user.pk))
    messages.success(request, _("Answered. The member is told by mail that there is an answer."))
    return redirect("staff:request", request_id=request_id)


@staff_view()
@require_POST
def close(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Close a request."""
    _through(lambda: desk.close(request_id, by=request.user.pk))
    messages.success(request, _("Closed. What could be seen by it cannot be seen any more."))
    return redirect("staff:queue")


@staff_view()
@require_GET
def settings(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Look at the state of a workspace and its numbers."""
    try:
        with gate.by_grant(request_id, Look.SETTINGS, by=request.user.pk) as sight:
            return _seen(request, "settings", sight, request_id, seen.settings())
    except gate.NoWay:
        raise Http404 from None


@staff_view()
@require_GET
def conversations(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Look at the list of conversations."""
    try:
        with gate.by_grant(request_id, Look.LIST, by=request.user.pk) as sight:
            return _seen(request, "conversations", sight, request_id, {"rows": seen.conversations()})
    except gate.NoWay:
        raise Http404 from None


@staff_view()
@require_GET
def conversation(request: StaffRequest, request_id: UUID, talk_id: UUID) -> HttpResponse:
    """Look at one chosen conversation."""
    try:
        with gate.by_grant(request_id, Look.CONVERSATION, talk_id, by=request.user.pk) as sight:
            talk = seen.conversation(sight, talk_id)
            return _seen(request, "conversation", sight, request_id, {"talk": talk})
    except (gate.NoWay, seen.NotThere):
        raise Http404 from None


def _seen(request: StaffRequest, template: str, sight: Any, request_id: UUID, shown: dict[str, Any]) -> HttpResponse:
    context = {**shown, "sight": sight, "request_id": request_id, "until": sight.expires_at}
    return render(request, f"support/staff/{template}.html", context)


def _thread(request: StaffRequest, request_id: UUID, form: WordForm, *, status: int = 200) -> HttpResponse:
    try:
        with gate.by_letter(request_id, by=request.user.pk) as found:
            lines = list(HelpMessage.objects.filter(request=found).order_by("id"))
            names = staff_names(line.staff_id for line in lines if line.staff_id)
            shown = {
                "help": found,
                "role": Role(found.asked_by.role).label,
                "lines": [(line, names.get(line.staff_id, "") if line.staff_id else "") for line in lines],
                "grants": list(grants.alive().filter(request=found)),
                "form": form,
            }
            return render(request, "support/staff/request.html", shown, status=status)
    except gate.NoWay:
        raise Http404 from None


def _through(act: Callable[[], None]) -> None:
    try:
        act()
    except gate.NoWay:
        raise Http404 from None
