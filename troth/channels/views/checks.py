"""Asking Meta about the steps of a connection: one at a time as the page fills in, or all at once without a script."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from troth.channels import connecting, registry, steps
from troth.channels.connecting import STEPS
from troth.channels.link import Link
from troth.channels.views.found import arrival_row, channel_or_404, connection_parts, page
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

# An open page looks every three seconds whether a first message came, for about a quarter of an hour.
LOOKS_MAX = 300


@outside_view(role=Role.ADMIN)
@require_POST
def create(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    visit = _begin_again(request, handle, channel_id=channel_id)
    if isinstance(visit, Ready) and request.headers.get("HX-Request"):
        return _list(request, handle, channel_id=channel_id)
    for _step in STEPS:
        if not isinstance(visit, Ready) or visit.carried["step"] is None:
            break
        visit = _ask(request, handle, channel_id=channel_id, step=visit.carried["step"])
        channel_id = visit.carried["channel_id"] if isinstance(visit, Ready) else channel_id
    if not isinstance(visit, Ready):
        return visit
    return redirect("channels:connection", handle=handle, channel_id=channel_id)


@outside_view(role=Role.ADMIN)
@require_POST
def update(request: HttpRequest, handle: str, channel_id: UUID, step: str) -> HttpResponse:
    """Ask about one step. With `take` in the form, an address of somebody else's is taken over."""
    if step not in STEPS:
        raise Http404
    answer = _ask(request, handle, channel_id=channel_id, step=step)
    if not isinstance(answer, Ready):
        return answer
    place = reverse("channels:connection", args=[handle, answer.carried["channel_id"]])
    if not request.headers.get("HX-Request"):
        return redirect(place)
    if answer.carried["channel_id"] != channel_id:
        return HttpResponseClientRedirect(place)  # the number was here before, and goes on in its own place
    return _row(request, handle, channel_id=channel_id, step=step)


@member_view(role=Role.ADMIN)
@require_GET
def arrival(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if not request.headers.get("HX-Request"):
        return redirect("channels:connection", handle=request.workspace.handle, channel_id=channel_id)
    row = arrival_row(channel)
    return page(request, "channels/_arrived.html", {**connection_parts(channel), "row": row, **_look(request)})


def _ask(request: HttpRequest, handle: str, *, channel_id: UUID, step: str) -> HttpResponse:
    """Visit, ask, visit again. Returns what a visit answered when it went wrong, else the step that comes next."""
    ready = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(ready, Ready):
        return ready
    link: Link = ready.carried["link"]
    check = registry.ask(step, link, replace_other=request.POST.get("take") == "yes")
    return _write(request, handle, step=step, check=check, link=link)


@member_view(role=Role.ADMIN)
def _begin_again(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if channel.is_removed:
        raise Http404
    connecting.begin_again(channel)
    return Ready(step=connecting.next_step(channel))


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if channel.is_removed:
        raise Http404
    return Ready(link=connecting.link_of(channel))


@member_view(role=Role.ADMIN)
def _write(request: MemberRequest, *, step: str, check: registry.Check, link: Link) -> HttpResponse:
    channel_or_404(request, link.channel_id)
    channel = connecting.record(step, check, link=link)
    return Ready(step=connecting.next_step(channel), channel_id=channel.pk)


@member_view(role=Role.ADMIN)
def _row(request: MemberRequest, channel_id: UUID, step: str) -> HttpResponse:
    """Show the row that was asked about, and in their places those that follow from it."""
    channel = channel_or_404(request, channel_id)
    rows = steps.rows_of(channel)
    at = STEPS.index(step)
    shown = {**connection_parts(channel), "row": rows[at], "others": [row for row in rows if row.step != step]}
    return page(request, "channels/_checked.html", shown)


@member_view(role=Role.ADMIN)
def _list(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    return page(request, "channels/_steps.html", connection_parts(channel_or_404(request, channel_id)))


def _look(request: HttpRequest) -> dict[str, Any]:
    """Return whether and when the page is to look again for a first message."""
    count = request.GET.get("n", "0")
    looks = min(int(count), LOOKS_MAX) + 1 if count.isdecimal() and len(count) < 6 else LOOKS_MAX
    return {"times_looked": looks, "stopped_looking": looks >= LOOKS_MAX}
