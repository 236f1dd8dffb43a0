"""Deleting a person: what would happen, doing it, taking it back, and the certificate."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.contacts.masking import eyes_of
from troth.contacts.models import Contact
from troth.inbox.views.found import seen
from troth.privacy.forgetting import contacts, listing, papers
from troth.privacy.forgetting.certificate import certificate_of
from troth.privacy.forgetting.deadlines import IN_ALL, UNDO
from troth.privacy.models import Case, Erasure
from troth.privacy.rights import cases, words
from troth.privacy.rights.kinds import Kind, Outcome
from troth.privacy.rights.views.found import veil_of
from troth.privacy.rights.views.saying import tell, where_to_say
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
def index(request: MemberRequest) -> HttpResponse:
    """List erasures, the newest first."""
    return render(
        request, "forgetting/index.html", {"rows": listing.erasures(eyes_of(request.member)), "undo_days": UNDO.days}
    )


@member_view(role=Role.ADMIN)
def ask(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Say what deleting this person would do; on POST do it, say the last word to them, and end their request for it."""
    found = seen(request).conversation(conversation_id)
    contact = Contact.objects.get(id=found.contact_id)
    case = cases.asking(contact.id, Kind.ERASURE)
    if request.method != "POST":
        shown = {"conversation_id": conversation_id, "undo_days": UNDO.days, "all_days": IN_ALL.days}
        shown |= {"extent": listing.extent_of(contact, eyes_of(request.member)), "case": case}
        return render(request, "forgetting/ask.html", shown | _words(request, contact, case))
    by = Actor.member(request.member.id)
    tell(request, contact, case, farewell=True)  # before: afterwards nothing is said to the person any more
    made = contacts.request_erasure(contact.id, by=by, case_id=case.id if case else None)
    if case is not None:
        cases.close(case, outcome=Outcome.DONE, by=by, closed_by=request.member)
    messages.success(request, _("Out of sight now, and deleted in seven days. Until then you can undo it."))
    return redirect("forgetting:show", request.workspace.handle, made.id)


@member_view(role=Role.ADMIN)
def show(request: MemberRequest, erasure_id: UUID) -> HttpResponse:
    """Show how far an erasure is, or its certificate."""
    erasure = _erasure(erasure_id)
    done = listing.is_done(erasure)
    certificate = certificate_of(erasure) if done else None
    named = listing.may_be_named(erasure)
    names = listing.names_of([erasure.subject_id], eyes_of(request.member)) if named else {}
    name = names.get(erasure.subject_id, "")
    return render(request, "forgetting/show.html", {"erasure": erasure, "certificate": certificate, "name": name})


@require_POST
@member_view(role=Role.ADMIN)
def undo(request: MemberRequest, erasure_id: UUID) -> HttpResponse:
    """Take an erasure back."""
    try:
        contacts.undo(_erasure(erasure_id).id, by=Actor.member(request.member.id))
    except contacts.TooLate:
        messages.error(request, _("It is too late to undo this: the undo time is over."))
    else:
        messages.success(request, _("Undone. The person and the conversations are back."))
    return redirect("forgetting:index", request.workspace.handle)


@member_view(role=Role.ADMIN)
def paper(request: MemberRequest, erasure_id: UUID, form: str) -> HttpResponse:
    """Hand out the certificate as a file."""
    erasure = _erasure(erasure_id)
    if not listing.is_done(erasure):
        raise Http404
    return as_file(erasure, form)


def _words(request: MemberRequest, contact: Contact, case: Case | None) -> dict[str, object]:
    """Return what they wrote, and what they may be told, in the language in which they asked."""
    language = case.language if case else (get_language() or "en").split("-")[0]
    return {
        "asked": veil_of(contact, request.member).said(case.words or "") if case else "",
        "answer": words.suggestion(Kind.ERASURE, Outcome.DONE, language),
        "may_say": where_to_say(contact) is not None,
    }


def as_file(erasure: Erasure, form: str) -> HttpResponse:
    """Return the certificate as a file in one of its forms. Raises: Http404."""
    forms = {"txt": ("text/plain; charset=utf-8", papers.as_text), "pdf": ("application/pdf", papers.as_pdf)}
    if form not in forms:
        raise Http404
    kind, write = forms[form]
    answer = HttpResponse(write(erasure), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="certificate-{erasure.id}.{form}"'
    return answer


def _erasure(id: UUID) -> Erasure:
    found = listing.erasure(id)
    if found is None:
        raise Http404
    return found
