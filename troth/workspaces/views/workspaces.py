"""The workspaces of a person: listing, switching, creating; and the name of one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.audit.record import Actor, record
from troth.workspaces.access import MemberRequest, handle_of, member_view
from troth.workspaces.forms.naming import WorkspaceForm
from troth.workspaces.founding import found_workspace
from troth.workspaces.listing import named_places_of, places_of
from troth.workspaces.models import Role

PER_PERSON_MAX = 50


@person_view
def index(request: PersonRequest) -> HttpResponse:
    places = named_places_of(request.user, current=handle_of(request))
    return render(request, "workspaces/index.html", {"workspaces": places})


@person_view
def menu(request: PersonRequest) -> HttpResponse:
    places = named_places_of(request.user, current=request.GET.get("current"))
    return render(request, "workspaces/menu.html", {"workspaces": places})


@person_view
def create(request: PersonRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    places = places_of(request.user)
    if request.method == "POST" and form.is_valid():
        if len(places) >= PER_PERSON_MAX:
            form.add_error(None, _("You are in as many workspaces as a person can be in."))
        else:
            workspace = found_workspace(form.cleaned_data["name"], by=request.user)
            return redirect(f"/w/{workspace.handle}/inbox/")
    return render(request, "workspaces/create.html", {"form": form, "is_first": not places})


@member_view
def settings(request: MemberRequest) -> HttpResponse:
    form = WorkspaceForm(initial={"name": request.workspace.name})
    return render(request, "workspaces/settings.html", {"form": form, "may_rename": request.member.may(Role.ADMIN)})


@member_view(role=Role.ADMIN)
@require_POST
def rename(request: MemberRequest) -> HttpResponse:
    form = WorkspaceForm(request.POST)
    if not form.is_valid():
        return render(request, "workspaces/settings.html", {"form": form, "may_rename": True}, status=422)
    request.workspace.name = form.cleaned_data["name"]
    request.workspace.save(update_fields=["name"])
    record("workspace.renamed", by=Actor.member(request.member.pk))
    messages.success(request, _("Saved."))
    return redirect("workspaces:settings", handle=request.workspace.handle)
