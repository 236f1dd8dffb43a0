"""Invitations of a workspace: sending, sending again, revoking."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.workspaces import invitations
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.forms.members import InvitationForm
from troth.workspaces.members import NotAllowed
from troth.workspaces.models import Invitation, Role
from troth.workspaces.refusals import refused
from troth.workspaces.views.members import members_page


@member_view(role=Role.ADMIN)
@require_POST
def create(request: MemberRequest) -> HttpResponse:
    form = InvitationForm(request.POST, giver=request.member)
    if not form.is_valid():
        return members_page(request, form=form, status=422)
    try:
        invitations.invite(form.cleaned_data["email"], role=Role(form.cleaned_data["role"]), by=request.member)
    except NotAllowed as rule:
        form.add_error(None, str(rule.words))
        return members_page(request, form=form, status=422)
    messages.success(request, _("The invitation is on its way."))
    return _back(request)


@member_view(role=Role.ADMIN)
@require_POST
def resend(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    try:
        invitations.resend(invitation_id, by=request.member)
    except Invitation.DoesNotExist:
        raise Http404 from None
    except NotAllowed as rule:
        return refused(request, rule.words)
    messages.success(request, _("The invitation is on its way again. The earlier link no longer works."))
    return _back(request)


@member_view(role=Role.ADMIN)
@require_POST
def revoke(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    try:
        invitations.revoke(invitation_id, by=request.member)
    except Invitation.DoesNotExist:
        raise Http404 from None
    except NotAllowed as rule:
        return refused(request, rule.words)
    messages.success(request, _("The invitation is revoked."))
    return _back(request)


def _back(request: MemberRequest) -> HttpResponse:
    return redirect("workspaces:members", handle=request.workspace.handle)
