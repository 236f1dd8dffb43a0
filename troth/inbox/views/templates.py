"""Choosing a template for somebody, filling it, and sending it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from troth.base.ids import new_id
from troth.channels.models import MessageTemplate
from troth.channels.sync_wanted import sync_of
from troth.inbox.doubles import called
from troth.inbox.files.drafting import draft_of
from troth.inbox.models import Conversation
from troth.inbox.outbox import CannotSend
from troth.inbox.say_template import (
    BadTemplateValue,
    Choice,
    choice,
    choices,
    must_be_possible,
    read_like,
    say_template,
)
from troth.inbox.saying.scheduling import schedule_template
from troth.inbox.saying.sending import HOLD
from troth.inbox.screens.file_place import TEMPLATE, chosen_file, place_of
from troth.inbox.screens.pieces import with_files
from troth.inbox.screens.template_form import chosen_in, fields_of, known_of, uuid_or_none, values_in
from troth.inbox.views.found import seen
from troth.inbox.views.saying import later_of
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

WORDS_CHARS_MAX = 100


@require_GET
@member_view(role=Role.AGENT)
def templates(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """List the templates that may be sent; `q` leaves those in which its words stand."""
    found = seen(request).conversation(conversation_id)
    words = request.GET.get("q", "")[:WORDS_CHARS_MAX]
    listed, has_more = choices(found, words=words)
    shown = {
        "choices": listed,
        "has_more": has_more,
        "words": words,
        "why_not": _why_none(found),
        "sync": sync_of(found.channel.account_id),
    }
    parts = {"list": "inbox/_template_list.html", "closed": "inbox/_closed_list.html"}
    return _page(request, found, parts.get(_target(request), "_templates"), shown)


@require_http_methods(["GET", "POST"])
@member_view(role=Role.AGENT)
def template(request: MemberRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """Show the form that fills a template, or take it. `client_id` makes the same request again harmless."""
    member_sees = seen(request)
    found = member_sees.conversation(conversation_id)
    if request.method == "GET":
        return _form(request, found, _choice(found, template_id))
    client_id = uuid_or_none(request.POST.get("client_id", "")) or new_id()
    values = values_in(request.POST)
    hold = HOLD if request.POST.get("hold") else None
    said: dict[str, Any] = {"by": member_sees.member, "client_id": client_id, "chosen": chosen_in(request.POST)}
    try:
        if at := request.POST.get("at"):
            schedule_template(found, template_id, values, at=at, zone=request.POST.get("zone", ""), **said)
        else:
            say_template(found, template_id, values, hold=hold, **said)
    except BadTemplateValue as bad:
        error = (bad.key, bad.user_text)
        return _form(request, found, _choice(found, template_id), values=values, error=error, client_id=client_id)
    except CannotSend as refusal:
        still = choice(found, template_id)
        if still is None:
            if not MessageTemplate.objects.filter(pk=template_id).exists():
                raise Http404 from None
            listed, has_more = choices(found)
            again = {"choices": listed, "has_more": has_more, "words": "", "why_not": refusal.user_text}
            return _page(request, found, "_templates", again, status=422)
        return _form(request, found, still, values=values, refused=refusal.user_text, client_id=client_id)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=201)
    return redirect("conversation", request.workspace.handle, found.id)


@require_POST
@member_view(role=Role.AGENT)
def preview(request: MemberRequest, conversation_id: UUID, template_id: UUID) -> HttpResponse:
    """Show what the template reads like with what was filled in so far."""
    found = seen(request).conversation(conversation_id)
    look = read_like(_choice(found, template_id).template, values_in(request.POST))
    return render(request, "channels/_look.html", {"look": with_files(look, _files(request, found))})


def _form(
    request: MemberRequest,
    conversation: Conversation,
    chosen: Choice,
    *,
    values: dict[str, str] | None = None,
    error: tuple[str, str] = ("", ""),
    refused: str = "",
    client_id: UUID | None = None,
) -> HttpResponse:
    known, files = known_of(conversation, request.member), _files(request, conversation)
    at = {"handle": request.workspace.handle, "conversation_id": conversation.id, "purpose": TEMPLATE}
    fields = fields_of(
        chosen.template,
        known=known,
        place=lambda key, kind: place_of(kind, file=files.get(key), **at),
        given=values,
        error=error,
    )
    look = read_like(chosen.template, {field.key: field.value for field in fields})
    shown = {
        "choice": chosen,
        "fields": fields,
        "suggestions": known.suggestions,
        "look": with_files(look, files),
        "refused": refused or chosen.why_not or _why_none(conversation),
        "client_id": client_id or new_id(),
        "later": later_of(conversation, any_time=True)
        | {"at": request.POST.get("at", ""), "zone": request.POST.get("zone", "")},
    }
    return _page(request, conversation, "_template_form", shown, status=422 if error[0] or refused else 200)


def _files(request: MemberRequest, conversation: Conversation) -> dict[str, dict[str, Any]]:
    """Return what is shown of the files that this member has chosen for the template, by the keys of its headers."""
    where = {"handle": request.workspace.handle, "conversation_id": conversation.id, "member_id": request.member.id}
    found = {key: draft_of(id, conversation, by=request.member) for key, id in chosen_in(request.POST).items()}
    return {key: chosen_file(one, **where) for key, one in found.items() if one is not None and one.fetched_at}


def _choice(conversation: Conversation, template_id: UUID) -> Choice:
    found = choice(conversation, template_id)
    if found is None:
        raise Http404
    return found


def _why_none(conversation: Conversation) -> str:
    try:
        must_be_possible(conversation)
    except CannotSend as refusal:
        return refusal.user_text
    return ""


def _page(
    request: MemberRequest, conversation: Conversation, part: str, shown: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Answer with a part where a script asks, else with a page that holds it."""
    frame = {
        "workspace": request.workspace,
        "member": request.member,
        "conversation": conversation,
        "may_manage": request.member.may(Role.ADMIN),
    }
    if part.endswith(".html"):
        return render(request, part, {**frame, **shown}, status=status)
    if request.headers.get("HX-Request"):
        return render(request, f"inbox/{part}.html", {**frame, **shown}, status=status)
    frame["to"] = called(conversation.contact_id, request.member)
    return render(request, "inbox/templates.html", {**frame, **shown, "part": f"inbox/{part}.html"}, status=status)


def _target(request: MemberRequest) -> str:
    return request.headers.get("HX-Target", "")
