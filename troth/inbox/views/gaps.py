"""What we know that we could not show."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from troth.inbox.screens import gaps as screen
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view


@member_view
def gaps(request: MemberRequest) -> HttpResponse:
    """Show the books and the newest gaps of the channels that the member may see."""
    channels = seen(request).channels
    context: dict[str, Any] = {
        "books": screen.books(channels),
        "page": screen.page_of(channels, handle=request.workspace.handle, number=_number(request)),
    }
    context |= {"days": screen.DAYS, "workspace": request.workspace, "member": request.member}
    return render(request, "inbox/gaps.html", context)


def _number(request: MemberRequest) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), screen.PAGES_MAX) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1
