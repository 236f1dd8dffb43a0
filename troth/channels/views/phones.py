"""What a number's phone app hands over: how far it is, and asking for it again."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.models import Channel, PhoneSync, SyncKind
from troth.channels.phone_told import told
from troth.channels.phone_wanted import begin_handing_over, is_late, want_again
from troth.channels.views.found import channel_or_404, page
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

# An open page looks every five seconds how far it is, for about an hour.
LOOKS_MAX = 720


@member_view(role=Role.ADMIN)
@require_http_methods(["GET", "POST"])
def show(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    """Show how far it is; with a POST, ask for one kind again."""
    channel = channel_or_404(request, channel_id)
    if told(channel) is None:
        raise Http404
    if request.method == "POST":
        return _ask(request, channel)
    if not request.headers.get("HX-Request"):
        return redirect(_place(request, channel))
    return page(
        request,
        "channels/_phone.html",
        {"channel": channel, "phone": told(channel), "may_manage": True, **_look(request)},
    )


def _ask(request: MemberRequest, channel: Channel) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind not in SyncKind.values:
        raise Http404
    row = PhoneSync.objects.filter(channel=channel, kind=kind).select_related("channel").first()
    if row is None:
        begin_handing_over(channel)
    elif is_late(row, at=now()):
        messages.error(request, _("Meta hands this over for a day after connecting, and that is over."))
        return redirect(_place(request, channel))
    else:
        want_again(row)
    record("channel.phone_asked", by=Actor.member(request.member.pk), target=("channel", channel.pk))
    messages.success(request, _("Meta is being asked."))
    return redirect(_place(request, channel))


def _place(request: MemberRequest, channel: Channel) -> str:
    return f"{reverse('channels:channel', args=[request.workspace.handle, channel.pk])}#phone"


def _look(request: HttpRequest) -> dict[str, object]:
    """Return whether the page is to look again."""
    count = request.GET.get("n", "0")
    looks = min(int(count), LOOKS_MAX) + 1 if count.isdecimal() and len(count) < 6 else LOOKS_MAX
    return {"times_looked": looks, "stopped_looking": looks >= LOOKS_MAX}
