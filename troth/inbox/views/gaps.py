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
        "lines": screen.lines(channels, handle=request.workspace.handle),
    }
    context |= {"days": screen.DAYS, "workspace": request.workspace, "member": request.member}
    return render(request, "inbox/gaps.html", context)
