"""Teams of a workspace."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.workspaces import teams
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.forms.members import TeamMembersForm
from troth.workspaces.forms.naming import TeamForm
from troth.workspaces.models import Membership, Role, Team, TeamMember


@member_view
def index(request: MemberRequest) -> HttpResponse:
    return _teams_page(request, TeamForm())


@member_view(role=Role.ADMIN)
@require_POST
def create(request: MemberRequest) -> HttpResponse:
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            team = teams.create_team(form.cleaned_data["name"])
        except teams.TooMany:
            form.add_error(None, _("There are as many teams as there can be."))
        else:
            _note("team.created", request, team)
            return redirect("workspaces:team", handle=request.workspace.handle, team_id=team.pk)
    return _teams_page(request, form, status=422)


@member_view(role=Role.ADMIN)
def show(request: MemberRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.all(), pk=team_id)
    return _team_page(request, team, TeamForm(initial={"name": team.name}))


@member_view(role=Role.ADMIN)
@require_POST
def rename(request: MemberRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.all(), pk=team_id)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return _team_page(request, team, form, status=422)
    teams.rename_team(team, name=form.cleaned_data["name"])
    _note("team.renamed", request, team)
    messages.success(request, _("Saved."))
    return redirect("workspaces:team", handle=request.workspace.handle, team_id=team.pk)


@member_view(role=Role.ADMIN)
@require_POST
def choose(request: MemberRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.all(), pk=team_id)
    form = TeamMembersForm(request.POST, members=_members())
    # Somebody who is not a member here is not found, whoever it is.
    if not form.is_valid():
        raise Http404
    try:
        teams.choose_members(team, membership_ids=[UUID(chosen) for chosen in form.cleaned_data["members"]])
    except Membership.DoesNotExist:
        raise Http404 from None
    _note("team.chosen", request, team)
    messages.success(request, _("Saved."))
    return redirect("workspaces:team", handle=request.workspace.handle, team_id=team.pk)


@member_view(role=Role.ADMIN)
@require_POST
def delete(request: MemberRequest, team_id: UUID) -> HttpResponse:
    team = get_object_or_404(Team.objects.all(), pk=team_id)
    _note("team.deleted", request, team)
    teams.delete_team(team)
    messages.success(request, _("The team is deleted. Its members are still here."))
    return redirect("workspaces:teams", handle=request.workspace.handle)


def _note(action: str, request: MemberRequest, team: Team) -> None:
    record(action, by=Actor.member(request.member.pk), target=("team", team.pk))


def _members() -> list[Membership]:
    return list(Membership.objects.filter(removed_at=None).select_related("user").order_by("id"))


def _teams_page(request: MemberRequest, form: TeamForm, *, status: int = 200) -> HttpResponse:
    places = TeamMember.objects.select_related("membership__user")
    names: dict[UUID, list[str]] = {}
    for place in places:
        names.setdefault(place.team_id, []).append(place.membership.name)
    rows = [(team, sorted(names.get(team.pk, []))) for team in Team.objects.order_by("id")]
    shown = {"rows": rows, "form": form, "may_manage": request.member.may(Role.ADMIN)}
    return render(request, "workspaces/teams.html", shown, status=status)


def _team_page(request: MemberRequest, team: Team, form: TeamForm, *, status: int = 200) -> HttpResponse:
    present = [str(chosen) for chosen in TeamMember.objects.filter(team=team).values_list("membership_id", flat=True)]
    members = TeamMembersForm(members=_members(), initial={"members": present})
    return render(request, "workspaces/team.html", {"team": team, "form": form, "members": members}, status=status)
