"""Where a workspace's data goes."""

from django.http import HttpResponse
from django.shortcuts import render

from troth.privacy.datamap.destinations import left, used
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view
def destinations(request: MemberRequest) -> HttpResponse:
    """Show who gets data of this workspace; what members took out is for owners and admins to see."""
    sees_log = request.member.may(Role.ADMIN)
    context = {"used": used(), "sees_log": sees_log, "left": left() if sees_log else []}
    return render(request, "privacy/datamap/destinations.html", context)
