"""Stopping an abusive sender: what is queued waits. It opens nothing to read, and tells nothing of the workspace."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.channels import stopping
from troth.support.door import StaffRequest, staff_view
from troth.support.forms import HandleForm, StopForm
from troth.support.models import StaffRole
from troth.support.places import workspace_of_handle
from troth.workspaces.scope import scope

sender_view = staff_view(roles=(StaffRole.SECURITY,))


@sender_view
def index(request: StaffRequest) -> HttpResponse:
    """Stop a workspace's sending."""
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace_id = workspace_of_handle(form.cleaned_data["handle"])
        try:
            if workspace_id is None:
                form.add_error("handle", _("There is no such workspace."))
            else:
                with scope(workspace_id):
                    stopping.stop_sending(reason=form.cleaned_data["reason"], by=request.user.pk)
                messages.success(request, _("Stopped. Its members see why; what they write waits."))
                return redirect("staff:senders")
        except stopping.StoppedAlready:
            form.add_error("handle", _("Its sending is stopped already."))
    shown = {"form": form, "allow": HandleForm(prefix="allow")}
    return render(request, "support/staff/senders.html", shown, status=422 if form.errors else 200)


@sender_view
@require_POST
def allow(request: StaffRequest) -> HttpResponse:
    """Let it send again."""
    form = HandleForm(request.POST, prefix="allow")
    workspace_id = workspace_of_handle(form.cleaned_data["handle"]) if form.is_valid() else None
    try:
        if workspace_id is None:
            raise stopping.NotStopped
        with scope(workspace_id):
            stopping.let_send(by=request.user.pk)
        messages.success(request, _("It may send again."))
    except stopping.NotStopped:
        messages.error(request, _("No sending is stopped there."))
    return redirect("staff:senders")
