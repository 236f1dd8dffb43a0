"""Deleting a workspace: what happens, doing it, the page that its members see meanwhile, and taking it back.

An erasure of a workspace outlives it, so it is written outside of its scope: these views visit the workspace first, to
see who asks, and act when its scope is closed again.
"""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.channels.views.outside import Ready, outside_view
from troth.inbox.models import Conversation, Message
from troth.privacy.forgetting import workspaces
from troth.privacy.forgetting.contacts import TooLate
from troth.privacy.forgetting.deadlines import BACKUPS, IN_ALL, UNDO
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@outside_view(role=Role.OWNER)
def deletion(request: HttpRequest, handle: str) -> HttpResponse:
    """Say what deleting the workspace does, to owners who have just proven who they are; on POST do it."""
    visit = _ask(request, handle)
    if isinstance(visit, Ready):
        workspaces.request_erasure(visit.carried["workspace"], by=visit.carried["by"])
        return redirect("forgetting:closing", handle)
    return visit


@outside_view(role=Role.VIEWER)
def closing(request: HttpRequest, handle: str) -> HttpResponse:
    """Tell members that the workspace is being deleted, and owners how to take it back."""
    visit = _look(request, handle)
    if not isinstance(visit, Ready):
        return visit
    found = workspaces.running_of(visit.carried["workspace"])
    if found is None:
        return redirect("workspaces:settings", handle)
    shown = {"erasure": found, "is_owner": visit.carried["is_owner"], "undo_days": UNDO.days}
    return render(request, "forgetting/closing.html", shown)


@outside_view(role=Role.OWNER)
@require_POST
def undo(request: HttpRequest, handle: str) -> HttpResponse:
    """Open the workspace again."""
    visit = _undo(request, handle)
    if not isinstance(visit, Ready):
        return visit
    try:
        workspaces.undo(visit.carried["workspace"], by=visit.carried["by"])
    except TooLate:
        messages.error(request, _("It is too late to undo this."))
        return redirect("forgetting:closing", handle)
    messages.success(request, _("The workspace is back. Connect your numbers again, and messages come in again."))
    return redirect("channels:index", handle=handle)


@member_view(role=Role.OWNER)
@reauthentication_required  # type: ignore[untyped-decorator]  # the library has no types
def _ask(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        return _ready(request)
    counts = {"thread_count": Conversation.objects.count(), "message_count": Message.objects.count()}
    days = {"undo_days": UNDO.days, "backup_days": BACKUPS.days, "all_days": IN_ALL.days}
    return render(request, "forgetting/workspace.html", counts | days)


@member_view(while_closing=True)
def _look(request: MemberRequest) -> HttpResponse:
    return _ready(request)


@member_view(role=Role.OWNER, while_closing=True)
def _undo(request: MemberRequest) -> HttpResponse:
    return _ready(request)


def _ready(request: MemberRequest) -> Ready:
    return Ready(
        workspace=request.workspace.id,
        by=Actor.member(request.member.id),
        is_owner=request.member.may(Role.OWNER),
    )
