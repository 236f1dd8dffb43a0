"""The forms (Flows) of a number's account: which there are, and with what one begins. WhatsApp is asked between two visits."""

import re
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.models import Channel
from troth.channels.views.outside import Ready, outside_view
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

_ID = re.compile(r"[0-9]{1,64}")


@outside_view(role=Role.AGENT)
@require_GET
def flows(request: HttpRequest, handle: str, conversation_id: UUID) -> HttpResponse:
    """List the published forms."""
    visit = _reach(request, handle, conversation_id=conversation_id)
    if not isinstance(visit, Ready):
        return visit
    link = visit.carried["link"]
    told = registry.flows(link)
    problem = "" if told.check.ok else registry.explain_check(link.kind, told.check.code)
    return render(request, "inbox/say/_flows.html", {"flows": told.found, "problem": problem})


@outside_view(role=Role.AGENT)
@require_GET
def flow(request: HttpRequest, handle: str, conversation_id: UUID, flow_id: str) -> HttpResponse:
    """Show with which screen a form begins, and which values that takes."""
    if not _ID.fullmatch(flow_id):
        raise Http404
    visit = _reach(request, handle, conversation_id=conversation_id)
    if not isinstance(visit, Ready):
        return visit
    link = visit.carried["link"]
    screen = registry.flow_screen(link, flow_id)
    if screen.check.code == "gone":
        raise Http404
    problem = ""
    if not screen.check.ok:
        reason = registry.explain_check(link.kind, screen.check.code)
        own = {"address_refused": _("Its screens cannot be read here yet. It can be sent all the same.")}
        problem = own.get(screen.check.code, reason)
    return render(request, "inbox/say/_flow.html", {"screen": screen, "problem": problem})


@member_view(role=Role.AGENT)
def _reach(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    found = seen(request).conversation(conversation_id)
    channel = Channel.objects.get(id=found.channel_id)
    if not channel.is_bound:
        raise Http404
    return Ready(link=link_of(channel))
