"""How all numbers stand with Meta, on one page; and asking Meta again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.channels import registry
from troth.channels.health import keep, link_to_ask
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.channels.registry import explain_check
from troth.channels.standing import groups_of
from troth.channels.trouble import is_lost
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view
@require_GET
def show(request: MemberRequest) -> HttpResponse:
    seen = Channel.objects.visible_to(request.member).filter(removed_at=None).exclude(number_id="").order_by("id")
    gone = Channel.objects.visible_to(request.member).exclude(removed_at=None).order_by("id")
    shown = {
        "groups": groups_of(list(seen)),
        "lost": [one for one in gone if is_lost(one)],
        "may_manage": request.member.may(Role.ADMIN),
    }
    return page(request, "channels/health.html", shown)


@outside_view(role=Role.ADMIN)
@require_POST
def ask(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Ask Meta about a number, between two visits to the workspace."""
    ready = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(ready, Ready):
        return ready
    link: Link = ready.carried["link"]
    return _write(request, handle, found=registry.ask_health(link), link=link)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel_or_404(request, channel_id)
    link = link_to_ask(channel_id)
    if link is None:
        raise Http404
    return Ready(link=link)


@member_view(role=Role.ADMIN)
def _write(request: MemberRequest, *, found: registry.Health, link: Link) -> HttpResponse:
    channel = channel_or_404(request, link.channel_id)
    keep(found, link=link)
    if found.code == "ok":
        messages.success(request, _("Meta was asked. This is how things stand now."))
    else:
        messages.error(request, explain_check(channel.kind, found.code))
    return redirect("channels:health", handle=request.workspace.handle)
