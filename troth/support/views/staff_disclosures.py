"""The register of legal disclosures."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.base.clock import now
from troth.support import disclosures, places
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import DemandForm, ReasonForm
from troth.support.glass import Bar, NotAllowed
from troth.support.models import Kind, LegalDisclosure, StaffRole
from troth.support.people import staff_names

legal_view = staff_view(roles=(StaffRole.LEGAL, StaffRole.SECURITY))


@legal_view
def index(request: StaffRequest) -> HttpResponse:
    """Show the register, and take a new demand."""
    form = DemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _enter(request, form):
        messages.success(request, _("In the register. Somebody else has to approve it."))
        return redirect("staff:disclosures")
    rows = list(LegalDisclosure.objects.order_by("-id")[:100])
    people = staff_names({one for row in rows for one in (row.asked_by, row.second_by) if one})
    lines = [
        {
            "row": row,
            "asked_by": people.get(row.asked_by, ""),
            "waits": row.approved_at is None and row.refused_at is None,
            "ready": row.approved_at is not None and row.made_at is None,
            "answer_by": row.answer_by if row.refused_at is None and row.made_at is None else None,
            "hash": bytes(row.made_hash).hex() if row.made_hash else "",
            "mine": row.asked_by == request.user.pk,
        }
        for row in rows
    ]
    shown = {"lines": lines, "form": form, "counts": disclosures.disclosure_counts(), "now": now()}
    return render(request, "support/staff/disclosures.html", shown, status=422 if form.errors else 200)


@legal_view
@require_POST
def approve(request: StaffRequest, disclosure_id: UUID) -> HttpResponse:
    """Approve a demand that somebody else entered."""
    _or_404(lambda: disclosures.approve(disclosure_id, by=request.user.pk))
    messages.success(request, _("Approved."))
    return redirect("staff:disclosures")


@legal_view
@require_POST
def refuse(request: StaffRequest, disclosure_id: UUID) -> HttpResponse:
    """Give nothing."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Http404
    _or_404(lambda: disclosures.refuse(disclosure_id, reason=form.cleaned_data["reason"], by=request.user.pk))
    messages.success(request, _("Refused."))
    return redirect("staff:disclosures")


@legal_view
@require_POST
def make(request: StaffRequest, disclosure_id: UUID) -> HttpResponse:
    """Give out, once, what was approved."""
    try:
        made = disclosures.make(disclosure_id, by=request.user.pk)
    except NotAllowed:
        raise Http404 from None
    answer = HttpResponse(made, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="disclosure-{disclosure_id}.json"'
    return answer


def _enter(request: StaffRequest, form: DemandForm) -> bool:
    given = form.cleaned_data
    workspace_id = places.workspace_of_handle(given["handle"])
    if workspace_id is None:
        form.add_error("handle", _("There is no such workspace."))
        return False
    demand = disclosures.Demand(
        workspace_id=workspace_id,
        authority=given["authority"],
        reference=given["reference"],
        basis=given["basis"],
        kind=Kind(given["kind"]),
        conversation_ids=tuple(given["conversation_ids"]),
        names=given["names"],
        bodies=given["bodies"],
        gag=Bar(given["gag_until"], given["gag_basis"]) if given["gag_until"] else None,
        answer_by=given["answer_by"],
    )
    disclosures.enter(demand, by=request.user.pk)
    return True


def _or_404(act: Callable[[], None]) -> None:
    try:
        act()
    except NotAllowed:
        raise Http404 from None
