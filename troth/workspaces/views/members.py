"""Who is in the workspace, and as what."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.workspaces import members
from troth.workspaces.access import LAST_USED, MemberRequest, member_view
from troth.workspaces.forms.members import WHAT_ROLES_DO, InvitationForm, RoleForm, roles_to_give
from troth.workspaces.invitations import pending
from troth.workspaces.models import Membership, Role
from troth.workspaces.refusals import refused


@dataclass(frozen=True)
class Row:
    """A member as they are listed, with what the reader may do to them."""

    member: Membership
    is_self: bool
    email: str
    roles: list[tuple[str, Any]]
    may_remove: bool


@member_view
def index(request: MemberRequest) -> HttpResponse:
    return members_page(request)


def members_page(request: MemberRequest, *, form: InvitationForm | None = None, status: int = 200) -> HttpResponse:
    """Return the page of members, with the form as it was filled in, if it was."""
    may_manage = request.member.may(Role.ADMIN)
    alive = Membership.objects.filter(removed_at=None).select_related("user").order_by("id")
    shown = {
        "rows": [_row(member, reader=request.member) for member in alive],
        "may_manage": may_manage,
        "invitations": list(pending()) if may_manage else [],
        "form": form or InvitationForm(giver=request.member),
        "roles": [(role.label, WHAT_ROLES_DO[role]) for role in Role],
    }
    return render(request, "workspaces/members.html", shown, status=status)


@member_view(role=Role.ADMIN)
@require_POST
def change_role(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return refused(request, _("There is no such role."))
    try:
        members.change_role(membership_id, to=Role(form.cleaned_data["role"]), by=request.member)
    except Membership.DoesNotExist:
        raise Http404 from None
    except members.NotAllowed as rule:
        return refused(request, rule.words)
    messages.success(request, _("Saved."))
    return redirect("workspaces:members", handle=request.workspace.handle)


@member_view(role=Role.ADMIN)
@require_POST
def remove(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    try:
        removed = members.remove(membership_id, by=request.member)
    except Membership.DoesNotExist:
        raise Http404 from None
    except members.NotAllowed as rule:
        return refused(request, rule.words)
    messages.success(request, _("%(name)s is no longer a member.") % {"name": removed.name})
    return redirect("workspaces:members", handle=request.workspace.handle)


@member_view
@require_POST
def leave(request: MemberRequest) -> HttpResponse:
    try:
        members.leave(by=request.member)
    except members.NotAllowed as rule:
        return refused(request, rule.words)
    request.session.pop(LAST_USED, None)
    messages.success(request, _("You have left %(workspace)s.") % {"workspace": request.workspace.name})
    return redirect("workspaces:home")


def _row(member: Membership, *, reader: Membership) -> Row:
    is_self = member.pk == reader.pk
    acts = reader.may(Role.ADMIN) and Role(reader.role).covers(Role(member.role))
    return Row(
        member=member,
        is_self=is_self,
        email=member.user.email if is_self or reader.may(Role.ADMIN) else "",
        roles=roles_to_give(reader) if acts else [],
        may_remove=acts and not is_self,
    )
