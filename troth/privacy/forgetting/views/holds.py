"""Legal holds: who asked for which, approving, releasing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.base.clock import now
from troth.inbox.models import Conversation
from troth.privacy.forgetting import holds
from troth.privacy.forgetting.forms.holds import HoldForm
from troth.privacy.models import HeldKind, Hold
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Membership, Role


@member_view(role=Role.ADMIN)
def index(request: MemberRequest) -> HttpResponse:
    """List holds, the newest first. What they hold is told as kinds and counts, never by name."""
    found = Hold.objects.prefetch_related("records").select_related("asked_by__user").order_by("-asked_at")
    return render(request, "forgetting/holds.html", {"rows": [_row(hold, request.member) for hold in found]})


@member_view(role=Role.ADMIN)
def ask(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Ask for a hold on a conversation or its person, also where both are to be deleted."""
    found = Conversation.objects.filter(id=conversation_id).values_list("id", "contact_id").first()
    if found is None:
        raise Http404
    form = HoldForm(request.POST or None)
    shown = {"form": form, "conversation_id": conversation_id}
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "forgetting/hold_ask.html", shown, status=status)
    kind = HeldKind(form.cleaned_data["kind"])
    listed = (kind, found[0] if kind == HeldKind.CONVERSATION else found[1])
    words = {name: form.cleaned_data[name] for name in ("basis", "reference", "review_on")}
    try:
        holds.ask([listed], by=request.member, **words)
    except holds.NotAllowed as refusal:
        form.add_error(None, str(refusal.words))
        return render(request, "forgetting/hold_ask.html", shown, status=422)
    messages.success(request, _("Asked for. It holds once another owner or admin approves it."))
    return redirect("forgetting:holds", request.workspace.handle)


@require_POST
@member_view(role=Role.ADMIN)
def approve(request: MemberRequest, hold_id: UUID) -> HttpResponse:
    """Put a hold in force."""
    _must_be_here(hold_id)
    try:
        holds.approve(hold_id, by=Actor.member(request.member.id))
    except holds.NotAllowed as refusal:
        messages.error(request, str(refusal.words))
    else:
        messages.success(request, _("Approved. Nothing that it lists is deleted until it ends."))
    return redirect("forgetting:holds", request.workspace.handle)


@require_POST
@member_view(role=Role.ADMIN)
def release(request: MemberRequest, hold_id: UUID) -> HttpResponse:
    """End a hold."""
    _must_be_here(hold_id)
    holds.release(hold_id, by=request.member)
    messages.success(request, _("Released. What was to be deleted is deleted within a day."))
    return redirect("forgetting:holds", request.workspace.handle)


def _must_be_here(hold_id: UUID) -> None:
    if not Hold.objects.filter(id=hold_id).exists():
        raise Http404


def _row(hold: Hold, member: Membership) -> dict[str, Any]:
    today = now().date()
    waits = hold.approved_at is None and hold.released_at is None
    return {
        "hold": hold,
        "listed": [HeldKind(one.kind).label for one in hold.records.all()],
        "state": "waits" if waits else "holds" if hold.holds_on(today) else "over",
        "may_approve": waits and hold.asked_by_id != member.id,
        "may_release": waits or hold.holds_on(today),
    }
