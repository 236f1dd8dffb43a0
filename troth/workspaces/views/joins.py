"""Opening an invitation and joining."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.accounts.access import PersonRequest, person_view, public_view
from troth.workspaces import invitations, joining


@public_view("whoever was invited may not have an account yet; the link's secret is checked")
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    # The secret leaves the address at once: it would stay in the history and in the address bar.
    joining.carry(request, token)
    return redirect("workspaces:join")


@public_view("whoever was invited may not have an account yet; the link's secret is checked")
def join(request: HttpRequest) -> HttpResponse:
    token = joining.carried_token(request)
    try:
        offer = invitations.offer(token) if token else None
    except invitations.Closed:
        joining.drop(request)
        offer = None
    if offer is None:
        return render(request, "workspaces/join_closed.html", status=404)
    address = request.user.email if request.user.is_authenticated else None
    return render(request, "workspaces/join.html", {"offer": offer, "address": address})


@public_view("whoever does not want the invitation need not sign in to drop it")
@require_POST
def decline(request: HttpRequest) -> HttpResponse:
    joining.drop(request)
    return redirect("workspaces:home")


@person_view
@require_POST
def accept(request: PersonRequest) -> HttpResponse:
    token = joining.carried_token(request)
    try:
        member = invitations.accept(token or "", user=request.user)
    except invitations.Closed:
        joining.drop(request)
        return render(request, "workspaces/join_closed.html", status=404)
    except invitations.OtherAddress:
        return redirect("workspaces:join")
    joining.drop(request)
    messages.success(request, _("Welcome."))
    return redirect(f"/w/{member.workspace.handle}/inbox/")
