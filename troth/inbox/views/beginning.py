"""Writing first: with whom, and from which of our numbers. Then a template is chosen, as in any closed conversation."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.base.clock import now
from troth.base.phones import NotAPhone, Phone
from troth.channels.models import Channel
from troth.inbox import doubles
from troth.inbox.beginning import CannotBegin, begin_with_contact, begin_with_number, contact_for
from troth.inbox.models import Conversation
from troth.inbox.screens.template_form import uuid_or_none
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

WHO_CHARS_MAX, NAME_CHARS_MAX = 200, 120


@require_http_methods(["GET", "POST"])
@member_view(role=Role.AGENT)
def begin(request: MemberRequest) -> HttpResponse:
    """Ask whom to write to and from which number, and lead on to the templates. `with` names a contact."""
    numbers = _numbers(request)
    if request.method == "GET":
        return _form(request, numbers, contact=_named(request.GET.get("with", "")))
    number = _chosen(numbers, request.POST.get("channel", ""))
    contact = _named(request.POST.get("contact", ""))
    who, name = request.POST.get("who", "").strip()[:WHO_CHARS_MAX], request.POST.get("name", "")[:NAME_CHARS_MAX]
    again = partial(_form, request, numbers, number=number, contact=contact, who=who, name=name)
    if number is None:
        return again(error=_("Choose the number to write from."), status=422)
    if contact is None and any(sign.isalpha() for sign in who):
        found = doubles.find(None, who, request.member)
        return again(found=found, searched=True, status=200 if found else 422)
    try:
        return _on(request, _begun(request, number, contact, who=who, name=name))
    except NotAPhone as no:
        return again(error=_(str(no)) if who else _("Enter a name or a phone number."), status=422)
    except CannotBegin as no:
        return again(error=no.user_text, status=422)


def _begun(request: MemberRequest, number: Channel, contact: UUID | None, *, who: str, name: str) -> Conversation:
    """Raises: NotAPhone, CannotBegin."""
    if contact is not None:
        return begin_with_contact(number, contact, by=request.member)
    return begin_with_number(number, Phone.parse(who), name=name, by=request.member)


def _numbers(request: MemberRequest) -> dict[UUID, Channel]:
    """Return the connected numbers that the member may write from."""
    rows = Channel.objects.visible_to(request.member).filter(removed_at=None).exclude(number_id="")
    return {one.id: one for one in rows.order_by("name", "id")}


def _chosen(numbers: dict[UUID, Channel], text: str) -> Channel | None:
    """Return the number that was chosen; where there is one only and none was named, that."""
    if text:
        id = uuid_or_none(text)
        return numbers.get(id) if id is not None else None
    return next(iter(numbers.values())) if len(numbers) == 1 else None


def _named(text: str) -> UUID | None:
    """Return whom a request names, None where it names nobody. Raises: Http404, for what is no id."""
    id = uuid_or_none(text)
    if text and id is None:
        raise Http404
    return id


def _on(request: MemberRequest, conversation: Conversation) -> HttpResponse:
    """Go to the templates; to the conversation itself where it may be written in freely."""
    seen(request).conversation(conversation.id)
    view = "conversation" if conversation.window_is_open(at=now()) else "templates"
    return redirect(view, request.workspace.handle, conversation.id)


def _form(
    request: MemberRequest,
    numbers: dict[UUID, Channel],
    *,
    contact: UUID | None = None,
    number: Channel | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    found = contact_for(contact, by=request.member) if contact is not None else None
    if contact is not None and found is None:
        raise Http404
    frame = {
        "workspace": request.workspace,
        "member": request.member,
        "may_manage": request.member.may(Role.ADMIN),
        "numbers": list(numbers.values()),
        "number": number,
        "person": doubles.shown(found.id, request.member) if found is not None else None,
    }
    return render(request, "inbox/begin.html", {**frame, **shown}, status=status)
