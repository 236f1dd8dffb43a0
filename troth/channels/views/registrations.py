"""Registering a number with Meta's platform, which takes its two-step PIN."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.channels import connecting, registry
from troth.channels.face_forms import RegisterForm
from troth.channels.registry import Check
from troth.channels.views.found import channel_or_404
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@outside_view(role=Role.ADMIN)
@require_POST
def create(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Register the number, then let its steps be asked again. The PIN goes to Meta and is kept nowhere."""
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    form = RegisterForm(request.POST)
    if not form.is_valid():
        return _written(request, handle, channel_id=channel_id, problem=_("The PIN is six digits."))
    check = registry.register_number(visit.carried["link"], pin=form.cleaned_data["pin"])
    return _written(request, handle, channel_id=channel_id, check=check)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    # Registering a number that lives in the phone app too would take it away there.
    if channel.is_removed or channel.on_phone_app or not channel.token:
        raise Http404
    return Ready(link=connecting.link_of(channel))


@member_view(role=Role.ADMIN)
def _written(request: MemberRequest, channel_id: UUID, check: Check | None = None, problem: str = "") -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if check is not None and check.ok:
        connecting.registered(channel)
        record("channel.registered", by=Actor.member(request.member.pk), target=("channel", channel.pk))
        messages.success(request, _("The number is registered. Its steps are asked again."))
    else:
        messages.error(request, problem or registry.explain_registering(channel.kind, check or Check(ok=False)))
    return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel.pk)
