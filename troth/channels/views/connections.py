"""Connecting a number: what is entered, and the guided page on which each step shows how it went."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _

from troth.audit.record import Actor, record
from troth.channels import connecting, registry, signing_up
from troth.channels.forms import ConnectForm, entered_before
from troth.channels.models import Channel
from troth.channels.registry import Check
from troth.channels.views.found import channel_or_404, connection_parts, page
from troth.channels.views.signups import choosing
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
def create(request: MemberRequest) -> HttpResponse:
    form = ConnectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            channel = connecting.begin(**form.cleaned_data, by=request.member)
            record("channel.entered", by=Actor.member(request.member.pk), target=("channel", channel.pk))
        except connecting.NumberTaken as taken:
            _say_taken(request, form, taken)
        else:
            return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel.pk)
    came = request.GET.get("came", "")
    shown = {"form": form, "signs_up": signing_up.offered() is not None}
    if came in registry.SIGNUP_CODES:
        shown["came"] = registry.explain_signup(Check(ok=False, code=came))
    return page(request, "channels/connect.html", shown, status=422 if form.errors else 200)


@member_view(role=Role.ADMIN)
def connection(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if signing_up.to_choose_from(channel):
        return choosing(request, channel)
    form = ConnectForm(request.POST or None, initial=entered_before(channel))
    if request.method == "POST" and form.is_valid():
        channel.name = form.cleaned_data.pop("name")
        try:
            connecting.enter(channel, **form.cleaned_data)
        except connecting.NumberTaken as taken:
            _say_taken(request, form, taken)
        else:
            return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel.pk)
    return _guide(request, channel, form)


def _guide(request: MemberRequest, channel: Channel, form: ConnectForm) -> HttpResponse:
    shown = {**connection_parts(channel), "form": form, "signs_up": signing_up.offered() is not None}
    return page(request, "channels/connection.html", shown, status=422 if form.errors else 200)


def _say_taken(request: MemberRequest, form: ConnectForm, taken: connecting.NumberTaken) -> None:
    if taken.channel_id is None:
        words = _("This number is connected in another workspace. It has to be removed there first.")
    else:
        words = format_html(
            '{} <a href="{}">{}</a>',
            _("This number is connected here already."),
            f"/w/{request.workspace.handle}/channels/{taken.channel_id}/",
            _("Open it"),
        )
    form.add_error("number_id", words)
