"""The products of the catalogue that is linked to a number. WhatsApp is asked between two visits."""

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

WORDS_CHARS_MAX = 100


@outside_view(role=Role.AGENT)
@require_GET
def products(request: HttpRequest, handle: str, conversation_id: UUID) -> HttpResponse:
    """List products to choose from: those in whose name the words `q` stand."""
    visit = _reach(request, handle, conversation_id=conversation_id)
    if not isinstance(visit, Ready):
        return visit
    link, words = visit.carried["link"], request.GET.get("q", "").strip()[:WORDS_CHARS_MAX]
    told = registry.catalog_products(link, catalog_id=visit.carried["catalog_id"], words=words)
    problem = "" if told.check.ok else _trouble(link.kind, told.check.code)
    return render(request, "inbox/say/_products.html", {"told": told, "words": words, "problem": problem})


def _trouble(kind: str, code: str) -> str:
    """Return why the catalogue cannot be read and what to do, in words."""
    if code == "no_permission":
        return _(
            "WhatsApp does not let this number's access token read the catalogue. It needs the permission"
            " catalog_management, and the catalogue assigned to its system user. Until then, type the product's id."
        )
    return _("%(why)s Until then, type the product's id.") % {"why": registry.explain_check(kind, code)}


@member_view(role=Role.AGENT)
def _reach(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    found = seen(request).conversation(conversation_id)
    channel = Channel.objects.get(id=found.channel_id)
    if not channel.is_bound or not channel.catalog_id:
        raise Http404
    return Ready(link=link_of(channel), catalog_id=channel.catalog_id)
