"""What the views of channels share: finding one, and the parts of a page about its connection."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from troth.channels.connecting import callback_url, siblings
from troth.channels.face_forms import RegisterForm
from troth.channels.models import Channel, Way
from troth.channels.steps import ARRIVAL, Row, has_failed, is_connected, row_of, rows_of
from troth.channels.trouble import trouble_of
from troth.workspaces.access import MemberRequest


def channel_or_404(request: MemberRequest, channel_id: UUID) -> Channel:
    """Return a channel that the member may see. Raises: Http404."""
    found = Channel.objects.visible_to(request.member).filter(pk=channel_id).first()
    if found is None:
        raise Http404
    return found


def page(request: MemberRequest, template: str, shown: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page, or a part of one, of the workspace at hand."""
    frame = {"workspace": request.workspace, "member": request.member}
    return render(request, template, {**frame, **shown}, status=status)


def connection_parts(channel: Channel) -> dict[str, Any]:
    """Return what the templates of the steps show. For owners and admins only: the verify token is among it."""
    rows = rows_of(channel)
    trouble = trouble_of(channel)
    return {
        "channel": channel,
        "rows": rows,
        "is_running": any(row.state == "now" for row in rows),
        "is_connected": is_connected(channel),
        "has_failed": has_failed(channel),
        "trouble": trouble,
        "all_is_well": trouble is None and all(row.state == "ok" for row in rows),
        "callback": callback_url(channel),
        "together": siblings(channel),
        "by_meta": channel.way != Way.ENTERED,
        "register_form": RegisterForm(auto_id="register_%s"),
    }


def arrival_row(channel: Channel) -> Row:
    """Return the last step, which waits for a person to write."""
    return row_of(channel, ARRIVAL)
