"""Asking for help, and the thread of a request, as members see them."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.channels.models import ChannelKind
from troth.contacts.masking import eyes_of
from troth.contacts.models import Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.inbox.screens.names import contact_name
from troth.support import grants, requests
from troth.support.forms import NOTHING, HelpForm, WordForm
from troth.support.models import Grant, HelpMessage, HelpRequest, Problem
from troth.support.people import staff_names
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Membership, Role

OFFERED_MAX = 30
OPEN_MAX = 20
NOBODY = UUID(int=0)


@member_view
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """Show what can be asked, and what was."""
    found = requests.of(request.member).select_related("asked_by__user")[:100]
    shown = {
        "problems": [(problem.value, problem.label, PROBLEM_ICONS[problem]) for problem in Problem],
        "requests": list(found),
        "ask_first": grants.asks_first(),
        "may_choose": request.member.may(Role.OWNER),
        "may_read_log": request.member.may(Role.ADMIN),
    }
    return render(request, "support/help.html", shown)


PROBLEM_ICONS = {
    Problem.NUMBER: "smartphone",
    Problem.INBOX: "inbox",
    Problem.CONVERSATION: "message-circle",
    Problem.ACCOUNT: "users",
    Problem.PRIVACY: "shield-check",
    Problem.OTHER: "ellipsis",
}


@member_view
def ask(request: MemberRequest, problem: str) -> HttpResponse:
    """Show the form of a problem, with the narrowest sight filled in; take it."""
    if problem not in Problem.values:
        raise Http404
    about = request.GET.get("conversation", "")
    offered = _offered(request.member, also=about)
    ticked = [str(id) for id, _name in offered if str(id) == about]
    # A chat that is not stored cannot be shown to anybody.
    fitting = None if about and not ticked else requests.FITTING[Problem(problem)]
    initial = {"sight": fitting or NOTHING, "hours": 72, "conversations": ticked}
    form = HelpForm(request.POST or None, initial=initial, conversations=offered)
    if request.method == "POST" and form.is_valid():
        if requests.of(request.member).filter(closed_at=None).count() >= OPEN_MAX:
            form.add_error(None, _("Many requests are open already. Write into one of them."))
        else:
            made = requests.ask(Problem(problem), form.cleaned_data["text"], by=request.member, wish=form.wish())
            messages.success(request, _("Sent. You get a mail when there is an answer."))
            return redirect("support:thread", handle=request.workspace.handle, help_id=made.pk)
    shown = {
        "form": form,
        "problem": Problem(problem).label,
        "at_once": grants.may_start(request.member),
        "ask_first": grants.asks_first(),
    }
    return render(request, "support/ask.html", shown, status=422 if form.errors else 200)


@member_view
@require_GET
def thread(request: MemberRequest, help_id: UUID) -> HttpResponse:
    """Show a request with all that was said and what staff may see by it."""
    return _thread_page(request, _or_404(request, help_id), WordForm())


@member_view
@require_POST
def write(request: MemberRequest, help_id: UUID) -> HttpResponse:
    """Add to a thread."""
    found = _or_404(request, help_id)
    form = WordForm(request.POST)
    if not form.is_valid():
        return _thread_page(request, found, form, status=422)
    requests.write(found.pk, form.cleaned_data["text"], by=request.member)
    return redirect("support:thread", handle=request.workspace.handle, help_id=found.pk)


@member_view
@require_POST
def close(request: MemberRequest, help_id: UUID) -> HttpResponse:
    """Close a request."""
    try:
        requests.close(help_id, by=request.member)
    except HelpRequest.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Closed. Whatever support could see by it, it sees no more."))
    return redirect("support:thread", handle=request.workspace.handle, help_id=help_id)


def _thread_page(request: MemberRequest, found: HelpRequest, form: WordForm, *, status: int = 200) -> HttpResponse:
    lines = list(HelpMessage.objects.filter(request=found).select_related("member__user").order_by("id"))
    names = staff_names(line.staff_id for line in lines if line.staff_id)
    given = Grant.objects.filter(request=found).select_related("given_by__user", "ended_by__user").order_by("-id")
    talks = _names_of({id for grant in given for id in grant.conversation_ids}, request.member)
    shown = {
        "help": found,
        "lines": [
            (line, line.member.name if line.member else names.get(line.staff_id or NOBODY, "")) for line in lines
        ],
        "grants": [_grant(grant, request.member, talks) for grant in given],
        "form": form,
    }
    return render(request, "support/thread.html", shown, status=status)


def _grant(grant: Grant, member: Membership, talks: dict[UUID, str]) -> dict[str, Any]:
    alive = grants.alive().filter(pk=grant.pk).exists()
    waits = grants.awaiting().filter(pk=grant.pk).exists()
    return {
        "grant": grant,
        "alive": alive,
        "waits": waits,
        "may_approve": waits and grants.may_start(member),
        "may_stop": (alive or waits) and grants.may_stop(grant, member),
        "conversations": [(id, talks.get(id, _("A conversation"))) for id in grant.conversation_ids],
    }


def _or_404(request: MemberRequest, help_id: UUID) -> HelpRequest:
    found = requests.of(request.member).select_related("asked_by__user").filter(pk=help_id).first()
    if found is None:
        raise Http404
    return found


def _offered(member: Membership, *, also: str) -> list[tuple[UUID, str]]:
    """Return the conversations that a member may choose from: the latest, and one that was asked about."""
    stored = Conversation.objects.visible_to(member).heads().exclude(channel__kind=ChannelKind.WEB)
    ids = list(stored.latest_first().values_list("pk", flat=True)[:OFFERED_MAX])
    with suppress(ValueError):
        ids += stored.filter(pk=UUID(also)).exclude(pk__in=ids).values_list("pk", flat=True) if also else []
    names = _names_of(ids, member)
    return [(id, names[id]) for id in ids if id in names]


def _names_of(ids: Any, member: Membership) -> dict[UUID, str]:
    rows = Conversation.objects.visible_to(member).filter(pk__in=ids).select_related("contact")
    phones = Identity.objects.filter(
        contact_id__in=[row.contact_id for row in rows], kind=IdentityKind.PHONE, valid_to=None
    )
    phone_of = {phone.contact_id: phone.value for phone in phones}
    eyes = eyes_of(member)
    return {
        row.pk: contact_name(row.contact, phone_of.get(row.contact_id), veil=eyes.veil(row.contact_id)) for row in rows
    }
