"""Writing to a customer."""

from uuid import UUID

import msgspec
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.inbox import receipts
from troth.inbox.acts import keep_draft
from troth.inbox.files import drafting
from troth.inbox.files.preparing import CannotTake
from troth.inbox.heads import shown_ids
from troth.inbox.models import Attachment, Conversation, Message
from troth.inbox.outbox import CannotSend, offer_again, said_before, say, settle
from troth.inbox.say_template import must_be_sendable
from troth.inbox.saying.content import content_of, files_of
from troth.inbox.saying.sending import HOLD, tell
from troth.inbox.views.conversations import show
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@require_POST
@member_view(role=Role.AGENT)
def messages(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Take a text, or what a dialog made (`content`), for the customer. `client_id` makes the same request again harmless.

    With `hold` it can be taken back for a few seconds.
    """
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    try:
        client_id = UUID(request.POST["client_id"]) if request.POST.get("client_id") else new_id()
        quoted = quoted_of(shown_ids(found), request.POST.get("quoted", ""))
        by, hold = member_sees.member, bool(request.POST.get("hold"))
        if file := None if said_before(found, client_id) else chosen_in(request, found):
            text, later = request.POST.get("text", ""), HOLD if hold else None
            say(found, text, by=by, client_id=client_id, quoted=quoted, file=file, hold=later)
        else:
            files = {} if said_before(found, client_id) else files_in(request, found)
            content = said_in(request, found)
            tell(found, content, by=by, client_id=client_id, quoted=quoted, hold=hold, files=files)
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    except ValueError:
        return JsonResponse({"error": _("The request was not understood. Reload the page.")}, status=400)
    if not request.POST.get("content"):
        keep_draft(found, "", of=member_sees.member)
    receipts.answering(found)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=201)
    return redirect("conversation", request.workspace.handle, found.id)


@require_POST
@member_view(role=Role.AGENT)
def offer(request: MemberRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Send a failed or uncertain message again, or settle an uncertain one as arrived."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    messages = Message.objects.select_related("conversation__contact", "conversation__channel")
    message = messages.filter(id=message_id, conversation__in=shown_ids(found)).first()
    if message is None:
        return HttpResponse(status=404)
    if request.POST.get("arrived"):
        settle(message, arrived=True)
    else:
        try:
            if message.kind == "template":
                must_be_sendable(found, msgspec.convert(message.content, Content))
            offer_again(message)
        except CannotSend as refusal:
            return JsonResponse({"error": refusal.user_text}, status=422)
    return show(request, member_sees, found.id)


def said_in(request: MemberRequest, conversation: Conversation) -> Content:
    """Return what a request wants to say. Raises: CannotSend."""
    if written := request.POST.get("content", ""):
        return content_of(written, catalog_id=conversation.channel.catalog_id)
    data = {"preview_links": True} if request.POST.get("preview") else None
    return Content(kind="text", text=request.POST.get("text", "").strip(), data=data)


def files_in(request: MemberRequest, conversation: Conversation) -> dict[str, Attachment]:
    """Return the files that this member has chosen for what a request wants to say, by their places. Raises: CannotSend."""
    written = request.POST.get("content", "")
    try:
        return {
            slot: drafting.chosen(one.id, conversation, by=request.member, kind=one.kind)
            for slot, one in (files_of(written) if written else {}).items()
        }
    except CannotTake as refusal:
        raise CannotSend(refusal.user_text) from None


def chosen_in(request: MemberRequest, conversation: Conversation) -> Attachment | None:
    """Return the file that a request wants to send, None where it names none. Raises: CannotSend, ValueError."""
    if not (id := request.POST.get("file", "")):
        return None
    found = drafting.draft_of(UUID(id), conversation, by=request.member)
    if found is None:
        raise CannotSend(_("This file is no longer here. Choose it again."))
    return found


def quoted_of(threads: list[UUID], id: str) -> Message | None:
    """Return the message to quote, None where none is named. Raises: ValueError for one that is not of this thread."""
    if not id:
        return None
    found = Message.objects.filter(id=UUID(id), conversation__in=threads).first()
    if found is None:
        raise ValueError("no such message in this conversation")
    return found
