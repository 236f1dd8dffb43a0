"""The dialogs of the composer: what each asks, how it will look, whom to choose; and what is said later."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.contacts.masking import eyes_of, numbers_of
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.acts import keep_draft
from troth.inbox.heads import shown_ids
from troth.inbox.models import Attachment, Conversation, ScheduledMessage
from troth.inbox.outbox import WHOLE, CannotSend, with_file
from troth.inbox.saying import scheduling
from troth.inbox.saying.carousel import CARD_KINDS
from troth.inbox.saying.clocks import zones_of
from troth.inbox.saying.said import HEADER_KINDS
from troth.inbox.saying.sending import must_be_sayable
from troth.inbox.screens.file_place import OFFER, chosen_file, place_of
from troth.inbox.screens.items import drawn
from troth.inbox.screens.names import contact_name
from troth.inbox.views.chosen import to_write_again
from troth.inbox.views.found import Seen, seen
from troth.inbox.views.messages import chosen_in, files_in, quoted_of, said_in
from troth.ui.zone import zone_named
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

CHOICES_MAX = 200
DIALOGS = {
    "button", "list", "cta_url", "location", "location_request_message", "contacts", "request_contact_info", "flow",
    "carousel", "product", "product_list", "catalog_message", "later", "forward", "address_message",
    "call_permission_request", "voice_call", "order_status", "product_carousel",
}  # fmt: skip

# Of which kinds a file may be that is chosen in a dialog.
FILES = {
    "button": " ".join(HEADER_KINDS),
    "cta_url": " ".join(HEADER_KINDS),
    "flow": " ".join(HEADER_KINDS),
    "carousel": " ".join(CARD_KINDS),
}


@require_GET
@member_view(role=Role.AGENT)
def say(request: MemberRequest, conversation_id: UUID, what: str) -> HttpResponse:
    """Show one dialog."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    if what not in DIALOGS:
        raise Http404
    context: dict[str, Any] = {"workspace": request.workspace, "conversation": found, "what": what}
    if what in ("forward", "contacts"):
        context["choices"] = _choices(member_sees, but=found.id, open_only=what == "forward")
    if kinds := FILES.get(what):
        handle = request.workspace.handle
        context["place"] = place_of(kinds, handle=handle, conversation_id=found.id, purpose=OFFER)
    if what != "forward":
        context["later"] = later_of(found)
    return render(request, f"inbox/say/{what}.html", context)


def later_of(conversation: Conversation, *, any_time: bool = False) -> dict[str, Any]:
    """Return what a form needs in which a time is chosen: whose clocks there are, and until when something can be said,
    where that is not at `any_time`."""
    until = None if any_time else conversation.window_expires_at
    return {"zones": zones_of(conversation), "until": until, "any_time": any_time}


def _choices(member_sees: Seen, *, but: UUID, open_only: bool) -> list[dict[str, Any]]:
    """Return the latest conversations to choose from, or people whose number this member sees."""
    rows = Conversation.objects.not_restricted(member_sees.member).filter(channel_id__in=list(member_sees.channels))
    if open_only:
        rows = rows.filter(window_expires_at__gt=now(), channel__removed_at=None).exclude(id=but)
    found = list(rows.select_related("contact").latest_first()[:CHOICES_MAX])
    eyes = eyes_of(member_sees.member)
    contacts = [one.contact_id for one in found]
    numbers = {} if eyes.sees_all else numbers_of(contacts)
    now_known = Identity.objects.filter(contact_id__in=contacts, kind=IdentityKind.PHONE, valid_to=None)
    phones = dict(now_known.values_list("contact_id", "value"))
    choices = []
    for one in found:
        veil = eyes.veil(one.contact_id, numbers=numbers.get(one.contact_id, ()))
        phone = phones.get(one.contact_id)
        if not open_only and (phone is None or not veil.is_open or one.contact.is_group):
            continue
        choices.append(
            {
                "id": one.id,
                "name": contact_name(one.contact, phone, veil=veil),
                "seed": str(one.contact_id),
                "phone": veil.phone(phone) if phone else "",
                "channel": member_sees.channels[one.channel_id].name,
            }
        )
    return choices


@require_POST
@member_view(role=Role.AGENT)
def preview(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Show how something will look, and why it cannot be sent like that."""
    found = seen(request).conversation(conversation_id)
    content, problem, files = None, "", dict[str, Any]()
    where = {"handle": request.workspace.handle, "conversation_id": found.id, "member_id": request.member.id}
    try:
        content = said_in(request, found)
        files = {slot: chosen_file(one, **where) for slot, one in files_in(request, found).items()}
        must_be_sayable(found, content, files=files)
    except CannotSend as refusal:
        problem = refusal.user_text
    shown = drawn(content, files) if content is not None else None
    return render(request, "inbox/say/_preview.html", {"message": shown, "problem": problem})


@require_POST
@member_view(role=Role.AGENT)
def scheduled(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Keep something to be said later."""
    found = seen(request).conversation(conversation_id)
    try:
        client_id = UUID(request.POST["client_id"]) if request.POST.get("client_id") else new_id()
        if scheduling.scheduled_before(found, client_id):
            return HttpResponse(status=201)
        content, files = _with_files(request, found)
        scheduling.schedule(
            found,
            content,
            at=request.POST.get("at", ""),
            zone=request.POST.get("zone", ""),
            by=request.member,
            client_id=client_id,
            quoted=quoted_of(shown_ids(found), request.POST.get("quoted", "")),
            files=files,
        )
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    except ValueError:
        return JsonResponse({"error": _("The request was not understood. Reload the page.")}, status=400)
    if not request.POST.get("content"):
        keep_draft(found, "", of=request.member)
    return HttpResponse(status=201)


def _with_files(request: MemberRequest, conversation: Conversation) -> tuple[Content, dict[str, Attachment]]:
    """Return what a request wants to say, and the files that it carries. Raises: CannotSend, ValueError."""
    if file := chosen_in(request, conversation):
        return with_file(request.POST.get("text", "").strip(), file), {WHOLE: file}
    return said_in(request, conversation), files_in(request, conversation)


@require_http_methods(["GET", "POST"])
@member_view(role=Role.AGENT)
def scheduled_one(request: MemberRequest, conversation_id: UUID, scheduled_id: UUID) -> HttpResponse:
    """Show where another time is chosen; take that time (`at`), say it at once (`now`), or cancel it, to `edit` it perhaps:
    then answer with what it was to say."""
    found = seen(request).conversation(conversation_id)
    one = (
        ScheduledMessage.objects.select_for_update(of=("self",))
        .select_related("author")
        .filter(id=scheduled_id, conversation__in=shown_ids(found))
        .first()
    )
    if one is None:
        raise Http404
    one.conversation = found
    if request.method == "GET":
        return _another_time(request, one)
    if not (request.POST.get("now") or request.POST.get("at")):
        back = scheduling.take_back(one, by=request.member, to_edit=bool(request.POST.get("edit")))
        if one.author_id != request.member.id:  # what others wrote may hold a number that is not for these eyes
            return JsonResponse({})
        return JsonResponse(to_write_again(request, found, back))
    try:
        if at := request.POST.get("at"):
            scheduling.reschedule(one, at=at, zone=request.POST.get("zone", ""))
        else:
            scheduling.send_now(one, by=request.member)
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    return JsonResponse({})


def _another_time(request: MemberRequest, one: ScheduledMessage) -> HttpResponse:
    """Show the dialog in which another time is chosen, with the present one where that is still to come."""
    later = later_of(one.conversation, any_time=one.content.get("kind") == "template")
    if one.send_at > now():
        at = one.send_at.astimezone(zone_named(one.zone)).replace(tzinfo=None)
        later |= {"at": at.isoformat(timespec="minutes"), "zone": one.zone}
    context = {"workspace": request.workspace, "conversation": one.conversation, "what": "again", "later": later}
    return render(request, "inbox/say/later.html", context)
