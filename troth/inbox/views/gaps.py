"""What we know that we could not show."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from troth.inbox.models import Gap
from troth.inbox.screens.items import gap_text
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view

SHOWN = 100


@member_view
def gaps(request: MemberRequest) -> HttpResponse:
    """Show the newest gaps of the channels that the member may see."""
    channels = seen(request).channels
    shown = Gap.objects.filter(Q(conversation=None) | Q(conversation__contact__erasing_at=None))
    rows = shown.filter(channel_id__in=list(channels)).order_by("-at").defer("raw")[:SHOWN]
    lines = [
        {
            "at": row.at,
            "channel": channels[row.channel_id].name,
            "text": gap_text(row.reason),
            "field": row.field,
            "conversation": row.conversation_id,
        }
        for row in rows
    ]
    return render(
        request, "inbox/gaps.html", {"lines": lines, "workspace": request.workspace, "member": request.member}
    )
