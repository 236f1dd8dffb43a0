"""What is done with a message: react, forward, take back, save its card."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from troth.contacts.masking import eyes_of, numbers_of
from troth.inbox.heads import shown_ids
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import CannotSend
from troth.inbox.saying import forwarding, reacting, undoing
from troth.inbox.saying.undoing import held_until
from troth.inbox.screens.cards import vcard
from troth.inbox.screens.pieces import veiled
from troth.inbox.views.chosen import to_write_again
from troth.inbox.views.found import Seen, seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


def _message(conversation: Conversation, id: UUID) -> Message:
    """Return a message of a conversation. Raises: Http404."""
    found = Message.objects.filter(id=id, conversation__in=shown_ids(conversation)).first()
    if found is None:
        raise Http404
    return found


@require_POST
@member_view(role=Role.AGENT)
def reaction(request: MemberRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Set our reaction to a message, take it away (no emoji), or stop saying that it was refused (`leave`)."""
    found = seen(request).conversation(conversation_id)
    target = _message(found, message_id)
    if request.POST.get("leave"):
        reacting.leave_it(found, target)
        return HttpResponse(status=204)
    try:
        reacting.react(found, target, request.POST.get("emoji", ""), by=request.member)
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    return HttpResponse(status=204)


@require_POST
@member_view(role=Role.AGENT)
def undoing_view(request: MemberRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Take a message back that has not left; answer with what it said."""
    found = seen(request).conversation(conversation_id)
    message = _message(found, message_id)
    try:
        with transaction.atomic():
            back = undoing.undo(message, conversation=found, by=request.member)
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=409)
    if message.author_id != request.member.id:
        return JsonResponse({})
    return JsonResponse(to_write_again(request, found, back))


@require_POST
@member_view(role=Role.AGENT)
def forwarding_view(request: MemberRequest, conversation_id: UUID, message_id: UUID) -> HttpResponse:
    """Say the same in other conversations (`to`: their ids)."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    message = _message(found, message_id)
    try:
        _must_hide_nothing(request, found, message)
        to = _chosen(member_sees, request.POST.getlist("to"))
        done = forwarding.forward(message, to, by=request.member, hold=bool(request.POST.get("hold")))
    except CannotSend as refusal:
        return JsonResponse({"error": refusal.user_text}, status=422)
    sent, refused = len(done.said), done.refused
    words = ngettext("Forwarded to %(count)s conversation.", "Forwarded to %(count)s conversations.", sent) % {
        "count": sent
    }
    if refused:
        words = f"{words if sent else _('It was not forwarded.')} {refused[0][1]}"
    handle = request.workspace.handle
    undo = [reverse("undoing", args=[handle, one.conversation_id, one.id]) for one in done.said if held_until(one)]
    return JsonResponse({"words": words, "error": bool(refused), "undo": undo})


def _must_hide_nothing(request: MemberRequest, found: Conversation, message: Message) -> None:
    """Raises: CannotSend, where a message holds a number that this member would see in another conversation only."""
    eyes = eyes_of(request.member)
    veil = eyes.veil(found.contact_id, numbers=numbers_of([found.contact_id]).get(found.contact_id, ()))
    if not veil.is_open and (message.kind == "contacts" or veiled(message.content, veil) != message.content):
        raise CannotSend(_("It holds a phone number that you may not see, so you cannot forward it."))


def _chosen(member_sees: Seen, ids: list[str]) -> list[Conversation]:
    """Return the conversations named, as far as the member may see them. Raises: CannotSend."""
    try:
        wanted = {UUID(id) for id in ids}
    except ValueError:
        raise CannotSend(_("The request was not understood. Reload the page.")) from None
    shown = Conversation.objects.not_restricted(member_sees.member).select_related("contact")
    rows = shown.filter(id__in=wanted, channel_id__in=list(member_sees.channels)).select_related("channel")
    found = list(rows)
    if len(found) != len(wanted):
        raise CannotSend(_("One of these conversations is no longer here for you."))
    return found


@require_GET
@member_view
def card(request: MemberRequest, conversation_id: UUID, message_id: UUID, number: int) -> HttpResponse:
    """Give a contact card to save, to those who see numbers."""
    found = seen(request).conversation(conversation_id)
    message = _message(found, message_id)
    cards = ((message.content or {}).get("data") or {}).get("cards") if message.kind == "contacts" else None
    if not cards or number >= len(cards) or not eyes_of(request.member).veil(found.contact_id).is_open:
        raise Http404
    answer = HttpResponse(vcard(cards[number]), content_type="text/vcard; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="contact.vcf"'
    answer["Cache-Control"] = "no-store"
    return answer
