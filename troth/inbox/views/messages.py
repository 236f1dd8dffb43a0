"""Writing to a customer."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.base.ids import new_id
from troth.inbox.acts import keep_draft
from troth.inbox.models import Message
from troth.inbox.outbox import CannotSend, offer_again, say, settle
from troth.inbox.views.conversations import show
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@require_POST
@member_view(role=Role.AGENT)
def messages(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Take a text for the customer. `client_id` makes the same request again harmless."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    try:
        client_id = UUID(request.POST["client_id"]) if request.POST.get("client_id") else new_id()
        quoted = _quoted(found.id, request.POST.get("quoted", ""))
        say(found, request.POST.get("text", ""), by=member_sees.member, client_id=client_id, quoted=quoted)
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    except ValueError:
        return JsonResponse({"error": _("The request was not understood. Reload the page.")}, status=400)
    keep_draft(found, "", of=member_sees.member)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=201)
    return redirect("conversation", request.workspace.handle, found.id)


@require_POST
@member_view(role=Role.AGENT)
def offer(request: MemberRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Send a failed or uncertain message again, or settle an uncertain one as arrived."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    message = Message.objects.filter(id=message_id, conversation=found).first()
    if message is None:
        return HttpResponse(status=404)
    if request.POST.get("arrived"):
        settle(message, arrived=True)
    else:
        offer_again(message)
    return show(request, member_sees, found.id)


def _quoted(conversation_id: UUID, id: str) -> Message | None:
    """Return the message to quote, None where none is named. Raises: ValueError for one that is not of this thread."""
    if not id:
        return None
    found = Message.objects.filter(id=UUID(id), conversation_id=conversation_id).first()
    if found is None:
        raise ValueError("no such message in this conversation")
    return found
