"""Who may see a channel."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.channels import changing
from troth.channels.views.channels import channel_page, sight_form
from troth.channels.views.found import channel_or_404
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_POST
def update(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    form = sight_form(channel, request.POST)
    if not form.is_valid():
        return channel_page(request, channel, sight_form=form, status=422)
    try:
        changing.share(
            channel,
            open_to_all=form.cleaned_data["open_to"] == "all",
            membership_ids=[UUID(one) for one in form.cleaned_data["members"]],
            team_ids=[UUID(one) for one in form.cleaned_data.get("teams", [])],
        )
    except changing.Nobody:
        raise Http404 from None
    record("channel.shared", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    messages.success(request, _("Saved. It holds at once, in open windows too."))
    return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)
