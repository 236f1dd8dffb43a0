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
from troth.channels.forms import NameForm, SecretForm, SightForm, TokenForm
from troth.channels.models import Channel, ChannelMember, ChannelTeam
from troth.channels.news import news_of
from troth.channels.registry import explain
from troth.channels.state import State, quality_of, state_of
from troth.channels.templates_told import templates_of
from troth.channels.trouble import trouble_of
from troth.channels.views.found import channel_or_404, connection_parts, page
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
    **forms: NameForm | SightForm | TokenForm | SecretForm,
) -> HttpResponse:
    """Return the page of a channel, with a form as it was filled in, if it was."""
    may_manage = request.member.may(Role.ADMIN)
    shown: dict[str, Any] = {
        "channel": channel,
        "state": state_of(channel),
        "quality": quality_of(channel),
        "problem": explain(channel.kind, channel.problem_code) if channel.problem_code is not None else "",
        "trouble": trouble_of(channel) if not channel.is_removed else None,
        "news": news_of(channel, all_of_it=request.GET.get("news") == "all"),
        "templates": templates_of(channel, all_of_them=request.GET.get("templates") == "all"),
        "may_manage": may_manage,
        "opened": request.GET.get("replace", ""),
    }
    if may_manage:
        shown |= connection_parts(channel)
        shown |= {
            "name_form": NameForm(initial={"name": channel.name}),
            "sight_form": sight_form(channel),
            "token_form": TokenForm(),
            "secret_form": SecretForm(),
        }
    return page(request, "channels/show.html", {**shown, **forms}, status=status)


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
