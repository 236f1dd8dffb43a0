"""Replacing a channel's token and app secret. What is entered goes in sealed and never comes out again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.channels import changing
from troth.channels.forms import SecretForm, TokenForm
from troth.channels.models import Channel
from troth.channels.views.channels import channel_page
from troth.channels.views.found import channel_or_404
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_POST
def token(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return channel_page(request, channel, token_form=form, status=422)
    changing.replace_token(channel, token=form.cleaned_data["token"])
    _note("channel.token_replaced", request, channel)
    messages.success(request, _("The new token is in use. The old one was erased."))
    return _back(request, channel)


@member_view(role=Role.ADMIN)
@require_POST
def app_secret(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    form = SecretForm(request.POST)
    if form.is_valid():
        try:
            changing.replace_app_secret(channel, app_secret=form.cleaned_data["app_secret"])
        except changing.SameSecret:
            form.add_error("app_secret", _("This is the secret that is in use already."))
    if not form.is_valid():
        return channel_page(request, channel, secret_form=form, status=422)
    _note("channel.secret_replaced", request, channel)
    messages.success(request, _("The new secret is in use."))
    return _back(request, channel)


@member_view(role=Role.ADMIN)
@require_POST
def end_previous(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    changing.end_previous_secret(channel)
    _note("channel.old_secret_ended", request, channel)
    messages.success(request, _("The old secret was erased. Only the new one counts."))
    return _back(request, channel)


def _note(action: str, request: MemberRequest, channel: Channel) -> None:
    record(action, by=Actor.member(request.member.pk), target=("channel", channel.pk))


def _bound_or_404(request: MemberRequest, channel_id: UUID) -> Channel:
    channel = channel_or_404(request, channel_id)
    if not channel.is_bound:
        raise Http404
    return channel


def _back(request: MemberRequest, channel: Channel) -> HttpResponse:
    return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)
