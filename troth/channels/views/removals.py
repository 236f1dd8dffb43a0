"""Taking a channel away."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.channels import changing, connecting, registry
from troth.channels.trouble import is_lost
from troth.channels.views.found import channel_or_404
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@outside_view(role=Role.ADMIN)
@require_POST
def create(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    visit = _remove(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    left, heir = visit.carried["left"], visit.carried["heir"]
    if left is not None:
        registry.leave(left, heir=heir)
    return redirect("channels:index", handle=handle)


@member_view(role=Role.ADMIN)
def _remove(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if is_lost(channel):
        changing.put_away(channel, by=request.member)
        return Ready(left=None, heir=None)
    if channel.is_removed:
        raise Http404
    left = connecting.link_of(channel) if channel.is_bound else None
    together = connecting.siblings(channel)
    changing.remove(channel, by=request.member)
    heir = connecting.link_of(together[0]) if together else None
    messages.success(request, _("The number is disconnected. Its conversations stay."))
    return Ready(left=left, heir=heir)
