"""The channels of a workspace, and one of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.record import Actor, record
from troth.channels import changing
from troth.channels.forms import CatalogForm, NameForm, ReceiptsForm, SecretForm, SightForm, TokenForm
from troth.channels.models import Channel, ChannelMember, ChannelTeam
from troth.channels.news import news_of
from troth.channels.phone_told import told
from troth.channels.registry import explain, meaning
from troth.channels.state import State, quality_of, state_of
from troth.channels.storage import storage_of
from troth.channels.templates_told import templates_of
from troth.channels.trouble import is_lost, trouble_of
from troth.channels.views.found import channel_or_404, connection_parts, page
from troth.channels.waiting import waiting
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Membership, Role, Team


@dataclass(frozen=True)
class Line:
    """A channel as it is listed."""

    channel: Channel
    state: State
    sight: str


@member_view
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    seen = Channel.objects.visible_to(request.member).order_by("id")
    may_manage = request.member.may(Role.ADMIN)
    lines = [_line(channel) for channel in seen if may_manage or not channel.is_draft]
    shown = {
        "lines": [line for line in lines if not line.channel.is_removed],
        "removed": [line for line in lines if line.channel.is_removed],
        "may_manage": may_manage,
    }
    return page(request, "channels/index.html", shown)


@member_view
@require_GET
def show(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    may_manage = request.member.may(Role.ADMIN)
    if may_manage and channel.is_draft:
        return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel.pk)
    return channel_page(request, channel)


def channel_page(
    request: MemberRequest,
    channel: Channel,
    *,
    status: int = 200,
    **forms: CatalogForm | NameForm | ReceiptsForm | SightForm | TokenForm | SecretForm,
) -> HttpResponse:
    """Return the page of a channel, with a form as it was filled in, if it was."""
    may_manage = request.member.may(Role.ADMIN)
    shown: dict[str, Any] = {
        "channel": channel,
        "state": state_of(channel),
        "quality": quality_of(channel),
        "storage": storage_of(channel) if channel.stored and not channel.is_draft else None,
        "problem": _problem(channel, may_manage=may_manage),
        "trouble": trouble_of(channel) if not channel.is_removed or is_lost(channel) else None,
        "is_lost": is_lost(channel),
        "waiting": waiting(channel.pk) if channel.is_removed else 0,
        "phone": told(channel),
        "news": news_of(channel, all_of_it=request.GET.get("news") == "all"),
        "templates": templates_of(channel),
        "may_manage": may_manage,
        "opened": request.GET.get("replace", ""),
    }
    if may_manage:
        shown |= connection_parts(channel)
        shown |= {
            "name_form": NameForm(initial={"name": channel.name}),
            "sight_form": sight_form(channel),
            "catalog_form": CatalogForm(initial={"catalog_id": channel.catalog_id}),
            "receipts_form": ReceiptsForm(initial={"read_receipts": channel.read_receipts}),
            "token_form": TokenForm(),
            "secret_form": SecretForm(),
        }
    return page(request, "channels/show.html", {**shown, **forms}, status=status)


def _problem(channel: Channel, *, may_manage: bool) -> dict[str, Any] | None:
    """Return what stopped the number: a sentence for anybody, and for whoever can mend it all that there is to say."""
    if channel.problem_code is None:
        return None
    said = meaning(channel.kind, channel.problem_code)
    if not may_manage:
        return {"says": explain(channel.kind, channel.problem_code)}
    return {"says": _(said.admin), "by_itself": _(said.by_itself), "advice": _(said.advice), "code": said.first}


@member_view(role=Role.ADMIN)
@require_POST
def rename(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        return channel_page(request, channel, name_form=form, status=422)
    changing.rename(channel, name=form.cleaned_data["name"])
    record("channel.renamed", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    messages.success(request, _("Saved."))
    return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)


@member_view(role=Role.ADMIN)
@require_POST
def receipts(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    form = ReceiptsForm(request.POST)
    if not form.is_valid():
        return channel_page(request, channel, receipts_form=form, status=422)
    changing.tell_reading(channel, when=form.cleaned_data["read_receipts"])
    record("channel.receipts_changed", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    messages.success(request, _("Saved."))
    return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)


@member_view(role=Role.ADMIN)
@require_POST
def catalog(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    form = CatalogForm(request.POST)
    if not form.is_valid():
        return channel_page(request, channel, catalog_form=form, status=422)
    changing.link_catalog(channel, catalog_id=form.cleaned_data["catalog_id"])
    record("channel.catalog_changed", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    messages.success(request, _("Saved."))
    return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)


def sight_form(channel: Channel, data: Any = None) -> SightForm:
    """Return the form about who may see the channel, filled with what holds now."""
    members = Membership.objects.filter(removed_at=None).exclude(role__in=[Role.OWNER, Role.ADMIN])
    chosen = ChannelMember.objects.filter(channel=channel).values_list("membership_id", flat=True)
    teams = ChannelTeam.objects.filter(channel=channel).values_list("team_id", flat=True)
    return SightForm(
        data,
        members=list(members.select_related("user").order_by("id")),
        teams=list(Team.objects.order_by("id")),
        initial={
            "open_to": "all" if channel.open_to_all else "chosen",
            "members": [str(one) for one in chosen],
            "teams": [str(one) for one in teams],
        },
    )


def _line(channel: Channel) -> Line:
    sight = _("Everybody") if channel.open_to_all else _("Chosen members")
    return Line(channel, state_of(channel), sight)
