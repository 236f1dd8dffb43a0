"""What a member does to a conversation. Each answers with the conversation as it is now."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth.inbox import acts, receipts
from troth.inbox.models import Conversation
from troth.inbox.views.conversations import show
from troth.inbox.views.found import Seen, seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Membership, Role

Act = Callable[[Conversation, MemberRequest, Seen], None]


def _answer(request: MemberRequest, conversation_id: UUID, act: Act) -> HttpResponse:
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    act(found, request, member_sees)
    if request.headers.get("HX-Request"):
        return show(request, member_sees, conversation_id)
    return redirect("conversation", request.workspace.handle, conversation_id)


@require_POST
@member_view(role=Role.AGENT)
def closure(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Close the conversation."""
    return _answer(request, conversation_id, lambda found, _request, sees: acts.close(found, by=sees.member))


@require_POST
@member_view(role=Role.AGENT)
def reopening(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Reopen the conversation."""
    return _answer(request, conversation_id, lambda found, _request, sees: acts.reopen(found, by=sees.member))


@require_POST
@member_view(role=Role.AGENT)
def assignment(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Assign the conversation to the member named, or to nobody."""
    try:
        return _answer(request, conversation_id, _assign)
    except acts.CannotAssign as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)


def _assign(found: Conversation, request: MemberRequest, sees: Seen) -> None:
    named = request.POST.get("member", "")
    try:
        to = (
            Membership.objects.select_related("user").filter(id=UUID(named), removed_at=None).first() if named else None
        )
    except ValueError:
        to = None
    if named and to is None:
        raise acts.CannotAssign(_("This member is not in the workspace any more."))
    acts.assign(found, to=to, by=sees.member)


@require_POST
@member_view(role=Role.AGENT)
def unread(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Mark the conversation unread."""
    return _answer(request, conversation_id, lambda found, _request, sees: acts.mark_unread(found))


@require_POST
@member_view(role=Role.AGENT)
def reading(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Note that messages up to one were seen."""
    found = seen(request).conversation(conversation_id)
    try:
        up_to = UUID(request.POST.get("up_to", ""))
        acts.read(found, up_to=up_to)
        receipts.opened(found, up_to=up_to)
    except ValueError:
        return HttpResponse(status=400)
    return HttpResponse(status=204)


@require_http_methods(["PUT"])
@member_view(role=Role.AGENT)
def draft(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Keep what the member has begun to write."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    text = QueryDict(request.body).get("text", "")
    acts.keep_draft(found, text, of=member_sees.member)
    if text.strip():
        receipts.typing(found)
    return HttpResponse(status=204)
