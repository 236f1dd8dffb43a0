"""Seeing a contact's number where one's role does not."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.contacts.unmasking import NoReason, unmask
from troth.inbox.views.conversations import show
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view


@require_POST
@member_view
def number(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Show the contact's numbers to this member for a while, and write down who asked and why."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    reason, words = request.POST.get("reason", ""), request.POST.get("words", "")
    try:
        unmask(found.contact_id, by=member_sees.member, reason=reason, words=words)
    except NoReason:
        refusal = _("Say what you need the number for. Nothing was shown.")
        if request.headers.get("HX-Request"):
            return JsonResponse({"error": refusal}, status=422)
        messages.error(request, refusal)
        return redirect("conversation", request.workspace.handle, found.id)
    if request.headers.get("HX-Request"):
        return show(request, member_sees, found.id)
    return redirect("conversation", request.workspace.handle, found.id)
