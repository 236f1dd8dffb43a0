"""What stands against writing to a person: they are blocked, or their security code changed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.registry import Blocked, BlockList
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready, outside_view
from troth.contacts import security_codes
from troth.contacts.masking import eyes_of
from troth.inbox import blocking
from troth.inbox.acts import tell_line
from troth.inbox.blocking import CannotBlock, Wish
from troth.inbox.doubles import names_of
from troth.inbox.outbox import wake
from troth.inbox.views.conversations import show
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@require_POST
@member_view(role=Role.AGENT)
def confirm(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Note that the member made sure that this is still the person."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    if security_codes.confirm(found.contact_id, by=member_sees.member):
        tell_line(found, "identity_confirmed", by=member_sees.member)
        wake(found.channel_id)
    if request.headers.get("HX-Request"):
        return show(request, member_sees, found.id)
    return redirect("conversation", request.workspace.handle, found.id)


@outside_view(role=Role.AGENT)
@require_POST
def block(request: HttpRequest, handle: str, conversation_id: UUID) -> HttpResponse:
    """Block the person in WhatsApp, or end that."""
    wanted = request.POST.get("block") == "yes"
    visit = _wish(request, handle, conversation_id=conversation_id, wanted=wanted)
    if not isinstance(visit, Ready):
        return visit
    wish = visit.carried["wish"]
    answer = registry.change_blocks(wish.link, list(wish.people), block=wanted)
    return _keep(request, handle, conversation_id=conversation_id, wish=wish, answer=answer, wanted=wanted)


@member_view(role=Role.AGENT)
def _wish(request: MemberRequest, conversation_id: UUID, wanted: bool) -> HttpResponse:
    found = seen(request).conversation(conversation_id)
    try:
        return Ready(wish=blocking.wish(found, block=wanted))
    except CannotBlock as no:
        messages.error(request, str(no))
        return redirect("conversation", request.workspace.handle, found.id)


@member_view(role=Role.AGENT)
def _keep(request: MemberRequest, conversation_id: UUID, wish: Wish, answer: Blocked, wanted: bool) -> HttpResponse:
    found = seen(request).conversation(conversation_id)
    done = blocking.keep(wish, answer, block=wanted, by=request.member)
    if done and done == len(wish.people):
        messages.success(request, _("Blocked in WhatsApp.") if wanted else _("Unblocked in WhatsApp."))
    elif done:
        text = _("Done for a part only: %(done)s of %(all)s of their numbers and ids.")
        messages.warning(request, text % {"done": done, "all": len(wish.people)})
    else:
        messages.error(
            request, registry.explain_block(wish.link.kind, answer.code if answer.code != "ok" else "partly")
        )
    return redirect("conversation", request.workspace.handle, found.id)


@member_view(role=Role.ADMIN)
def blocks(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    """Show whom a number has blocked."""
    channel = channel_or_404(request, channel_id)
    rows = blocking.blocked_of(channel)
    names = names_of([one.contact_id for one in rows], eyes_of(request.member))
    lines = [
        {
            "name": names.get(one.contact_id, ""),
            "id": one.contact_id,
            "at": one.at,
            "by": one.by.name if one.by else "",
            "conversation": blocking.contact_link(one.contact),
        }
        for one in rows
    ]
    return page(request, "inbox/blocks.html", {"channel": channel, "lines": lines})


@outside_view(role=Role.ADMIN)
@require_POST
def read_blocks(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Read anew from WhatsApp whom a number has blocked."""
    visit = _reach(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    told = registry.list_blocks(visit.carried["link"])
    return _take_over(request, handle, channel_id=channel_id, told=told)


@member_view(role=Role.ADMIN)
def _take_over(request: MemberRequest, channel_id: UUID, told: BlockList) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if told.code != "ok":
        messages.error(request, registry.explain_block(channel.kind, told.code))
    else:
        others = blocking.take_over(channel, told)
        messages.success(request, _others(others))
    return redirect("blocks", request.workspace.handle, channel.id)


def _others(count: int) -> str:
    if not count:
        return _("This is what WhatsApp says now.")
    text = ngettext(
        "This is what WhatsApp says now. %(count)s more is blocked there who is no contact here.",
        "This is what WhatsApp says now. %(count)s more are blocked there who are no contacts here.",
        count,
    )
    return text % {"count": count}


@outside_view(role=Role.ADMIN)
@require_POST
def confirming(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Ask for a confirmation after security codes change from now on, or not; WhatsApp is told to tell of changes."""
    visit = _reach(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    on = request.POST.get("on") == "yes"
    code = registry.tell_of_codes(visit.carried["link"], on=on)
    return _keep_confirming(request, handle, channel_id=channel_id, on=on, code=code)


@member_view(role=Role.ADMIN)
def _keep_confirming(request: MemberRequest, channel_id: UUID, on: bool, code: str) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if code != "ok":
        messages.error(request, registry.explain_check(channel.kind, code))
    else:
        blocking.ask_for_confirmation(channel, on=on, by=request.member)
        messages.success(request, _("Saved."))
    return redirect("blocks", request.workspace.handle, channel.id)


@member_view(role=Role.ADMIN)
def _reach(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    if not channel.is_bound:
        messages.error(request, _("This number is not connected."))
        return redirect("channels:channel", handle=request.workspace.handle, channel_id=channel.pk)
    carried: dict[str, Any] = {"link": link_of(channel)}
    return Ready(**carried)
