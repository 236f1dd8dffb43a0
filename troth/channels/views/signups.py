"""Connecting a number on Meta's own page: going there, coming back, and choosing among several numbers."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.record import Actor, record
from troth.base.jobs import defer
from troth.channels import connecting, registry, signing_up
from troth.channels.forms import NumbersForm
from troth.channels.models import Channel, Way
from troth.channels.registry import Check, SignedUp
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready
from troth.workspaces.access import MemberRequest, PersonRequest, member_view, person_view
from troth.workspaces.models import Role

WAYS = (Way.SIGNED_UP, Way.PHONE_APP)


@member_view(role=Role.ADMIN)
@require_GET
def leave(request: MemberRequest, way: str) -> HttpResponse:
    """Send the member to Meta's page."""
    app = signing_up.offered()
    if app is None or way not in WAYS:
        raise Http404
    handle = request.workspace.handle
    return redirect(signing_up.leave(app, request.session, member=request.member, handle=handle, way=Way(way)))


@person_view
@require_GET
def back(request: PersonRequest) -> HttpResponse:
    """Take in what Meta's page sent back. Meta is asked between two visits to the workspace, when no transaction is open."""
    app = signing_up.offered()
    if app is None:
        raise Http404
    journey = signing_up.come_back(request.session, request.GET.get("state", ""))
    if journey is None:
        return render(request, "channels/signup_lost.html", status=400)
    visit = _returned(request, journey.handle, member_id=journey.member_id)
    if not isinstance(visit, Ready):
        return visit
    code = "" if "error" in request.GET else request.GET.get("code", "")
    brought = SignedUp(Check(ok=False, code="cancelled"))
    if code:
        brought = registry.sign_up(app, code=code, back_url=signing_up.back_url())
    return _keep(request, journey.handle, brought=brought, way=journey.way)


@member_view(role=Role.ADMIN)
@require_POST
def choose(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    """Begin to connect the numbers that the member chose."""
    channel, app = channel_or_404(request, channel_id), signing_up.offered()
    found = signing_up.to_choose_from(channel)
    if app is None or not found:
        raise Http404
    form = NumbersForm(request.POST, numbers=found)
    if not form.is_valid():
        return choosing(request, channel, form=form, status=422)
    chosen = [one for one in found if one.number_id in form.cleaned_data["numbers"]]
    try:
        begun = signing_up.choose(channel, chosen, app, by=request.member)
    except connecting.NumberTaken:
        form.add_error("numbers", registry.explain_signup(Check(ok=False, code="number_taken")))
        return choosing(request, channel_or_404(request, channel_id), form=form, status=422)
    for one in begun:
        record("channel.signed_up", by=Actor.member(request.member.pk), target=("channel", one.pk))
    for one in begun[1:]:
        defer("channels.settle", workspace_id=str(request.workspace.pk), channel_id=str(one.pk))
    if begun[1:]:
        messages.success(
            request, _("The other numbers are being connected too; the list of channels shows how they stand.")
        )
    return redirect("channels:connection", handle=request.workspace.handle, channel_id=begun[0].pk)


def choosing(
    request: MemberRequest, channel: Channel, *, form: NumbersForm | None = None, status: int = 200
) -> HttpResponse:
    """Return the page on which somebody chooses among the numbers that Meta told of."""
    form = form or NumbersForm(numbers=signing_up.to_choose_from(channel))
    return page(request, "channels/choose.html", {"channel": channel, "form": form}, status=status)


@member_view(role=Role.ADMIN)
def _returned(request: MemberRequest, member_id: str) -> HttpResponse:
    if str(request.member.pk) != member_id:
        raise Http404
    return Ready()


@member_view(role=Role.ADMIN)
def _keep(request: MemberRequest, brought: SignedUp, way: str) -> HttpResponse:
    app = signing_up.offered()
    if app is None:
        raise Http404
    if not brought.check.ok:
        return _came_to_nothing(request, brought.check.code)
    try:
        channel = signing_up.keep(brought, app, way=way, by=request.member)
    except connecting.NumberTaken:
        return _came_to_nothing(request, "number_taken")
    if not signing_up.to_choose_from(channel):
        record("channel.signed_up", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel.pk)


def _came_to_nothing(request: MemberRequest, code: str) -> HttpResponse:
    return redirect(f"{reverse('channels:connect', args=[request.workspace.handle])}?came={code}")
