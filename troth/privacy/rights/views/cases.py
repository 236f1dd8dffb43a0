"""Requests to a workspace: the list with its clocks, and one with the one thing to do next."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.phones import NotAPhone, Phone
from troth.base.sealing import ring
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.contacts.recognise import identity_hash
from troth.privacy.models import Case, Export, Intake
from troth.privacy.rights import cases, doing, words
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Refusal
from troth.privacy.rights.views.found import called, case_or_404, contact_of, latest_conversation, names_of, veil_of
from troth.privacy.rights.views.saying import where_to_say
from troth.privacy.rights.whatsapp import answers_in_whatsapp
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

CLOSED_SHOWN = 50


@member_view(role=Role.ADMIN)
def index(request: MemberRequest) -> HttpResponse:
    """Show all open requests, the most urgent first, and the latest closed ones."""
    at = now()
    open_cases = list(Case.objects.filter(closed_at=None).order_by("due_at", "id"))
    who = names_of([one.subject_id for one in open_cases if one.subject_id], request.member)
    rows = [_row(one, at) | {"who": who.get(one.subject_id, "")} for one in open_cases]
    closed = Case.objects.filter(closed_at__isnull=False).order_by("-closed_at")[:CLOSED_SHOWN]
    shown = {
        "rows": rows,
        "closed": [_row(one, at) for one in closed],
        "late": sum(row["is_late"] for row in rows),
        "answers": answers_in_whatsapp(),
        "may_switch": request.member.may(Role.OWNER),
        "mail": _mail_address(request.workspace.handle),
    }
    return render(request, "privacy/rights/cases.html", shown)


@member_view(role=Role.ADMIN)
def show(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Show one request and what to do about it."""
    return case_page(request, case_or_404(case_id))


def case_page(
    request: MemberRequest, case: Case, *, link: str = "", trouble: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of a request; `link` is a new address of its status page, shown this once."""
    contact = contact_of(case)
    conversation = latest_conversation(contact) if contact is not None else None
    row, veil = _row(case, now()), veil_of(contact, request.member)
    # Whoever is not known yet has no numbers that could be told from an order's: there all are masked.
    readable = veil.said if contact is not None else veil.any
    shown = row | {
        "row": row,
        "contact_name": called(contact, request.member) if contact is not None else "",
        "conversation": conversation,
        "may_say": where_to_say(contact) is not None,
        "words": readable(case.words or ""),
        "next": doing.next_step(case),
        "can_erase": doing.can("erase"),
        "can_restrict": doing.can("restrict"),
        "answer": words.suggestion(case.kind, Outcome.DONE, case.language),
        "refusals": Refusal.choices,
        "notes": [(one, readable(one.text)) for one in case.notes.select_related("author__user").order_by("at")],
        "exports": list(Export.objects.filter(case=case).order_by("-created_at")),
        "link": link,
        "trouble": trouble,
    }
    return render(request, "privacy/rights/case.html", shown, status=status)


@member_view(role=Role.ADMIN)
@require_POST
def prove(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Say whose data it is about: the contact with this number, whom the member has recognised."""
    case = case_or_404(case_id)
    contact = _contact_with(request.POST.get("phone", ""))
    if contact is None:
        return case_page(request, case, trouble=_("No contact has this number."), status=422)
    cases.verify(case, proof=Proof.MEMBER, by=Actor.member(request.member.pk), contact_id=contact)
    messages.success(request, _("Saved."))
    return _back(request, case)


@member_view(role=Role.ADMIN)
@require_POST
def note(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Keep a note."""
    case = case_or_404(case_id)
    text = request.POST.get("text", "").strip()[:10_000]
    if text:
        cases.note(case, text, by=request.member)
    return _back(request, case)


@member_view(role=Role.ADMIN)
@require_POST
def extend(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Take sixty days more, once, saying why."""
    case = case_or_404(case_id)
    try:
        cases.extend(case, reason=request.POST.get("reason", "")[:2_000], by=Actor.member(request.member.pk))
    except cases.CannotExtend:
        trouble = _("A request can be extended once, while it is open, and only with a reason.")
        return case_page(request, case, trouble=trouble, status=422)
    messages.success(request, _("Extended. Tell the person why."))
    return _back(request, case)


@member_view(role=Role.ADMIN)
@require_POST
def link(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Make a new address of the status page and show it once; the earlier one dies."""
    case = case_or_404(case_id)
    token = cases.new_link(case)
    return case_page(request, case, link=settings.BASE_URL + reverse("status", args=[token]))


@member_view(role=Role.OWNER)
@require_POST
def intake(request: MemberRequest) -> HttpResponse:
    """Choose whether requests in WhatsApp are taken in and answered there."""
    chosen = request.POST.get("answers") == "on"
    if not Intake.objects.update(answers_in_whatsapp=chosen):
        Intake.objects.create(answers_in_whatsapp=chosen)
    messages.success(request, _("Saved."))
    return redirect("rights:cases", request.workspace.handle)


def _row(case: Case, at: datetime) -> dict[str, Any]:
    left = case.days_left(at=at)
    whole = max(1, (case.due_at - case.opened_at).days)
    late = case.is_late(at=at)
    return {
        "case": case,
        "kind": Kind(case.kind).label,
        "days_left": left,
        "days_late": max(1, (at - case.due_at).days) if late else 0,
        "days": whole,
        "used": min(whole, max(0, whole - left)),
        "is_late": late,
        "is_soon": case.is_open and not late and left <= 10,
    }


def _contact_with(typed: str) -> UUID | None:
    try:
        phone = str(Phone.parse(typed))
    except NotAPhone:
        return None
    mark = identity_hash(ring(), IdentityKind.PHONE.value, phone)
    held = Identity.objects.filter(kind=IdentityKind.PHONE, value_hash=mark, valid_to=None)
    found = held.values_list("contact_id", flat=True).first()
    return found if found is not None and Contact.objects.filter(pk=found).exists() else None


def _mail_address(handle: str) -> str:
    name, at, host = settings.PRIVACY_MAIL.partition("@")
    return f"{name}+{handle}@{host}" if at else ""


def _back(request: MemberRequest, case: Case) -> HttpResponse:
    return redirect("rights:case", request.workspace.handle, case.pk)
