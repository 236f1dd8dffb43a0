"""The inbox's two addresses: the list, and one conversation. Parts answer by themselves when htmx names them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from troth.base.clock import now
from troth.inbox.screens.listing import Page, listing
from troth.inbox.screens.thread import thread
from troth.inbox.views.found import Seen, seen
from troth.ui.middleware import allow
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view
def inbox(request: MemberRequest) -> HttpResponse:
    """Show the list of conversations."""
    member_sees = seen(request)
    context = _frame(request) | _list(request, member_sees)
    part = {"list": "inbox/_list.html", "rows": "inbox/_rows.html"}.get(_target(request))
    return render(request, part, context) if part else _whole(request, context)


@member_view
def conversation(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Show one conversation, beside the list where the whole page is asked for."""
    member_sees = seen(request)
    return show(request, member_sees, conversation_id)


def show(request: MemberRequest, member_sees: Seen, conversation_id: UUID) -> HttpResponse:
    """Answer with a conversation, or with the part of it that was asked for."""
    found = member_sees.conversation(conversation_id)
    target = _target(request)
    before = _uuid(request.GET.get("before", ""))
    context = _frame(request) | thread(
        found,
        member_sees.member,
        handle=request.workspace.handle,
        channel=member_sees.channels[found.channel_id],
        people=member_sees.people,
        before=before,
        has_others=any(one.is_bound and one.id != found.channel_id for one in member_sees.channels.values()),
    )
    if target == "messages":
        return render(request, "inbox/_messages.html", context)
    if target == "pane":
        page = Page.asked(request.GET.get("show", ""), "")
        return render(request, "inbox/_pane.html", context | {"filters": _back(request.workspace.handle, page)})
    context |= _list(request, member_sees, current=found.id)
    return _whole(request, context)


def _whole(request: MemberRequest, context: dict[str, Any]) -> HttpResponse:
    """Answer with the whole inbox, in which voice messages are recorded."""
    return allow(render(request, "inbox/index.html", context), "microphone")


def _frame(request: MemberRequest) -> dict[str, Any]:
    return {
        "workspace": request.workspace,
        "member": request.member,
        "stream_url": f"/events?w={request.workspace.handle}",
        "page_at": int(now().timestamp() * 1000),
        "connect_url": reverse("channels:connect", args=[request.workspace.handle])
        if request.member.may(Role.ADMIN)
        else None,
        "begin_url": reverse("begin", args=[request.workspace.handle]) if request.member.may(Role.AGENT) else None,
    }


def _list(request: MemberRequest, member_sees: Seen, *, current: UUID | None = None) -> dict[str, Any]:
    page = Page.asked(request.GET.get("show", ""), request.GET.get("after", ""))
    return listing(
        member_sees.member,
        page,
        handle=request.workspace.handle,
        channels=member_sees.channels,
        people=member_sees.people,
        current=current,
    )


def _back(handle: str, page: Page) -> list[dict[str, Any]]:
    return [{"url": f"{reverse('inbox', args=[handle])}?show={page.show}", "current": True}]


def _target(request: MemberRequest) -> str:
    return request.headers.get("HX-Target", "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
