"""Files that a member chooses to send: announced, sent to us in pieces, taken back. A message takes them later."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.views.outside import Ready, outside_view
from troth.inbox.files import addresses, drafting
from troth.inbox.files.preparing import CannotTake, Prepared
from troth.inbox.models import Attachment, Conversation
from troth.inbox.outbox import CannotSend, must_take
from troth.inbox.say_template import must_be_possible
from troth.inbox.saying.undoing import TakenBack
from troth.inbox.screens.file_place import TEMPLATE
from troth.inbox.screens.files import fitted
from troth.inbox.views.found import seen
from troth.media import parcels, store
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@require_POST
@member_view(role=Role.AGENT)
def choose(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Expect a file: `size` in bytes, `name`, and `wish` (document, voice, sticker, or whatever fits). Its `purpose` may be a
    template, which can be sent when nothing else can."""
    conversation = seen(request).conversation(conversation_id)
    size = request.POST.get("size", "")
    must = must_be_possible if request.POST.get("purpose") == TEMPLATE else must_take
    try:
        must(conversation)
        draft = drafting.begin(
            conversation,
            by=request.member,
            size_bytes=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,
            wish=request.POST.get("wish", ""),
            name=request.POST.get("name", ""),
        )
    except (CannotTake, CannotSend) as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    return JsonResponse({"id": str(draft.id), "piece": parcels.PIECE_BYTES_MAX}, status=201)


@outside_view(role=Role.AGENT)
@require_http_methods(["PUT"])
def piece(request: HttpRequest, handle: str, conversation_id: UUID, attachment_id: UUID, number: int) -> HttpResponse:
    """Take a piece of a file. The last one makes it ready, and answers with what it has become."""
    draft = {"conversation_id": conversation_id, "attachment_id": attachment_id}
    visit = _expected(request, handle, **draft)
    if not isinstance(visit, Ready):
        return visit
    files, expected = visit.carried["files"], visit.carried["draft"]
    try:
        if not drafting.put(files, expected, number, request.read(parcels.PIECE_BYTES_MAX + 1)):
            return HttpResponse(status=204)
    except CannotTake as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    except store.StoreAway:
        return HttpResponse(status=503)  # the page sends the piece again
    try:
        ready = drafting.make(files, expected)
    except CannotTake as refusal:
        _dropped(request, handle, **draft)
        return JsonResponse({"error": refusal.user_text}, status=422)
    except parcels.Incomplete:
        return JsonResponse({"error": _("Part of this file is missing. Choose it again.")}, status=422)
    except store.StoreAway:
        return HttpResponse(status=503)
    return _made(request, handle, **draft, ready=ready)


@member_view(role=Role.AGENT)
def _expected(request: MemberRequest, *, conversation_id: UUID, attachment_id: UUID) -> HttpResponse:
    draft = _draft(request, seen(request).conversation(conversation_id), attachment_id)
    return Ready(draft=draft, files=store.files())


@member_view(role=Role.AGENT)
def _made(request: MemberRequest, *, conversation_id: UUID, attachment_id: UUID, ready: Prepared) -> HttpResponse:
    conversation = seen(request).conversation(conversation_id)
    draft = _draft(request, conversation, attachment_id)
    drafting.finish(draft, ready)
    return JsonResponse(_shown(request, conversation, draft))


@member_view(role=Role.AGENT)
def _dropped(request: MemberRequest, *, conversation_id: UUID, attachment_id: UUID) -> HttpResponse:
    drafting.drop(_draft(request, seen(request).conversation(conversation_id), attachment_id))
    return HttpResponse(status=204)


@require_http_methods(["DELETE"])
@member_view(role=Role.AGENT)
def take_back(request: MemberRequest, conversation_id: UUID, attachment_id: UUID) -> HttpResponse:
    """Forget a file that was chosen."""
    conversation = seen(request).conversation(conversation_id)
    drafting.drop(_draft(request, conversation, attachment_id))
    return HttpResponse(status=204)


def _draft(request: MemberRequest, conversation: Conversation, id: UUID) -> Attachment:
    """Return a file that this member has chosen here. Raises: Http404."""
    draft = drafting.draft_of(id, conversation, by=request.member)
    if draft is None:
        raise Http404
    return draft


def _shown(request: MemberRequest, conversation: Conversation, draft: Attachment) -> dict[str, object]:
    shown: dict[str, object] = {"kind": draft.kind, "size": draft.size_bytes, "label": _label(draft.kind)}
    if draft.has_preview:
        shown["preview"] = addresses.address_of(
            draft.id,
            store.PREVIEW,
            conversation_id=conversation.id,
            member_id=request.member.id,
            handle=request.workspace.handle,
        )
        shown["width"], shown["height"] = fitted(draft.width or 1, draft.height or 1)
    return shown


def to_write_again(request: MemberRequest, conversation: Conversation, back: TakenBack) -> dict[str, object]:
    """Return what the composer needs of what its author took back: its text, its kind, its files, what it quoted."""
    return {
        "text": back.said.get("text") or "",
        "kind": back.said.get("kind"),
        "files": _chosen_again(request, conversation, back.files),
        "quoted": str(back.quoted_id or ""),
    }


def _chosen_again(
    request: MemberRequest, conversation: Conversation, files: Mapping[str, Attachment]
) -> list[dict[str, object]]:
    """Return what a page needs of files that are this member's again, with the places at which they stood."""
    where = {"conversation_id": conversation.id, "member_id": request.member.id, "handle": request.workspace.handle}
    return [
        {
            "id": str(file.id),
            "slot": slot,
            "name": file.name or "",
            "url": addresses.address_of(file.id, store.WHOLE, **where),
            **_shown(request, conversation, file),
        }
        for slot, file in files.items()
    ]


def _label(kind: str) -> str:
    return {
        "image": _("Photo"),
        "video": _("Video"),
        "audio": _("Audio"),
        "voice": _("Voice message"),
        "document": _("Document"),
        "sticker": _("Sticker"),
    }[kind]
