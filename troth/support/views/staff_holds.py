"""The register of the operator's holds: asked for by one, approved by another. It opens nothing to read."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.base.clock import now
from troth.support import holds, places
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import HoldForm
from troth.support.glass import Bar
from troth.support.models import HeldKind, OperatorHold, StaffRole
from troth.support.people import staff_names

hold_view = staff_view(roles=(StaffRole.LEGAL, StaffRole.SECURITY))


@hold_view
def index(request: StaffRequest) -> HttpResponse:
    """Show the register, and take a new wish."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _ask(request, form):
        messages.success(request, _("In the register. It holds once somebody else has approved it."))
        return redirect("staff:holds")
    rows = list(OperatorHold.objects.order_by("-id")[:100])
    people = staff_names({one for row in rows for one in (row.asked_by, row.second_by) if one})
    lines = [_line(row, people, by=request.user.pk) for row in rows]
    return render(
        request, "support/staff/holds.html", {"lines": lines, "form": form}, status=422 if form.errors else 200
    )


@hold_view
@require_POST
def approve(request: StaffRequest, hold_id: UUID) -> HttpResponse:
    """Put a hold in force that somebody else asked for."""
    _or_404(lambda: holds.approve(hold_id, by=request.user.pk))
    messages.success(request, _("Approved. What it names is not deleted until it ends."))
    return redirect("staff:holds")


@hold_view
@require_POST
def end(request: StaffRequest, hold_id: UUID) -> HttpResponse:
    """End a hold, or refuse it."""
    _or_404(lambda: holds.end(hold_id, by=request.user.pk))
    messages.success(request, _("Ended. What was to be deleted is deleted within a day."))
    return redirect("staff:holds")


def _line(row: OperatorHold, people: dict[UUID, str], *, by: UUID) -> dict[str, object]:
    over = row.ended_at is not None or row.review_on < now().date()
    return {
        "row": row,
        "asked_by": people.get(row.asked_by, ""),
        "second_by": people.get(row.second_by, "") if row.second_by else "",
        "state": "over" if over else "holds" if row.approved_at else "waits",
        "may_approve": not over and row.approved_at is None and row.asked_by != by,
        "may_end": row.ended_at is None and not over,
        "targets": [] if row.kind == HeldKind.WORKSPACE else row.target_ids,
    }


def _ask(request: StaffRequest, form: HoldForm) -> bool:
    given = form.cleaned_data
    workspace_id = places.workspace_of_handle(given["handle"])
    if workspace_id is None:
        form.add_error("handle", _("There is no such workspace."))
        return False
    wanted = holds.Wanted(
        workspace_id=workspace_id,
        kind=HeldKind(given["kind"]),
        reference=given["reference"],
        basis=given["basis"],
        review_on=given["review_on"],
        target_ids=tuple(given["target_ids"]),
        gag=Bar(given["gag_until"], given["gag_basis"]) if given["gag_until"] else None,
    )
    try:
        holds.ask(wanted, by=request.user.pk)
    except holds.NotAllowed:
        form.add_error(None, _("Check the ids and the days: a hold lasts 180 days at most, a gag a year."))
        return False
    return True


def _or_404(act: Callable[[], None]) -> None:
    try:
        act()
    except holds.NotAllowed:
        raise Http404 from None
