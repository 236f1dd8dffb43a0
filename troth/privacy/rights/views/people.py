"""One person as far as privacy goes: what they are called, what they allowed, and what they ask for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.contacts.consents import MARKETING, latest
from troth.contacts.merging import group_of
from troth.contacts.models import Consent, Contact
from troth.inbox.views.found import seen
from troth.privacy.models import Case
from troth.privacy.rights import cases, doing
from troth.privacy.rights.kinds import Kind, Proof, Route, SubjectKind
from troth.privacy.rights.telling import tell_owners_of_case
from troth.privacy.rights.views.found import called, veil_of
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

ASKED_BY_TEAM = [kind for kind in Kind if kind != Kind.EXPORT]


@member_view(role=Role.AGENT)
def show(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Show the person behind a conversation."""
    contact = _contact(request, conversation_id)
    veil = veil_of(contact, request.member)
    theirs = group_of(contact.pk)
    shown = {
        "contact": contact,
        "name": called(contact, request.member),
        "name_given": veil.any(contact.name or ""),
        "profile_name": veil.any(contact.profile_name or ""),
        "conversation_id": conversation_id,
        "consent": latest(contact.pk, MARKETING),
        "facts": [_fact(one) for one in Consent.objects.filter(contact__in=theirs).order_by("-at")[:50]],
        "kinds": [(kind.value, kind.label) for kind in ASKED_BY_TEAM],
        "cases": list(Case.objects.filter(subject_id__in=theirs).order_by("-opened_at")[:20]),
        "may_work_cases": request.member.may(Role.ADMIN),
    }
    return render(request, "privacy/rights/person.html", shown)


@member_view(role=Role.AGENT)
@require_POST
def rename(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Call the person by another name; the old one is kept nowhere."""
    contact = _contact(request, conversation_id)
    name = request.POST.get("name", "")
    if name.strip() == veil_of(contact, request.member).any(contact.name or ""):
        # What is shown masked must not take the place of the name behind it.
        messages.success(request, _("Nothing was changed."))
        return _back(request, conversation_id)
    doing.correct(contact, name=name, by=request.member)
    messages.success(request, _("Corrected. The earlier name is gone."))
    return _back(request, conversation_id)


@member_view(role=Role.AGENT)
@require_POST
def consent(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Note that the person allowed marketing, or took that back: the same step at the same place."""
    contact = _contact(request, conversation_id)
    doing.consent(contact.pk, given=request.POST.get("given") == "yes", by=request.member)
    messages.success(request, _("Saved."))
    return _back(request, conversation_id)


@member_view(role=Role.AGENT)
@require_POST
def ask(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Open a case for what the person asks a member for, in the conversation or on the phone."""
    contact = _contact(request, conversation_id)
    kind = request.POST.get("kind", "")
    route = Route.PHONE if request.POST.get("route") == Route.PHONE else Route.APP
    if kind not in Kind.values:
        return redirect("rights:person", request.workspace.handle, conversation_id)
    case = cases.open_case(
        kind,
        SubjectKind.CONTACT,
        contact.pk,
        route,
        by=Actor.member(request.member.pk),
        words=request.POST.get("words", "").strip()[:10_000] or None,
        language=(get_language() or "en").split("-")[0],
        proof=Proof.MEMBER,
        opened_by=request.member,
    ).case
    cases.acknowledge(case)  # whoever asks a member has been heard by one
    assert isinstance(case, Case)
    if request.member.may(Role.ADMIN):
        return redirect("rights:case", request.workspace.handle, case.pk)
    tell_owners_of_case(case)
    messages.success(request, _("The owners know of it and will do it."))
    return _back(request, conversation_id)


def _fact(one: Consent) -> dict[str, object]:
    about = _("Marketing") if one.category == MARKETING else one.category
    said = {"stop": _("not wanted"), "resume": _("allowed"), "signup": _("allowed")}.get(one.value, one.value)
    where = {
        "member": _("a member noted it"),
        "whatsapp": _("said in WhatsApp"),
        "request": _("in a request about data"),
    }.get(one.source, one.source)
    return {"at": one.at, "words": f"{about}: {said} ({where})"}


def _contact(request: MemberRequest, conversation_id: UUID) -> Contact:
    found: Contact = seen(request).conversation(conversation_id).contact
    return found


def _back(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    return redirect("rights:person", request.workspace.handle, conversation_id)
