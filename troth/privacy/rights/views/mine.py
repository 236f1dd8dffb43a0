"""A person's own rights: a copy, a correction, being deleted, objecting, and what became of earlier requests."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.audit.record import Actor
from troth.base.clock import now
from troth.privacy.models import OperatorCase, PersonalExport
from troth.privacy.rights import cases
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Route, SubjectKind
from troth.privacy.rights.telling import tell_operator_of_case

ASKED = (Kind.CORRECTION, Kind.ERASURE, Kind.RESTRICTION, Kind.OBJECTION, Kind.OTHER)
OPEN_MAX = 10


@person_view
def index(request: PersonRequest) -> HttpResponse:
    """Show what a person may ask for, and what they asked for."""
    at = now()
    own = OperatorCase.objects.filter(subject_kind=SubjectKind.MEMBER, subject_id=request.user.pk)
    shown = {
        "copies": list(PersonalExport.objects.filter(user=request.user).order_by("-created_at")[:5]),
        "cases": [(one, one.is_late(at=at)) for one in own.order_by("-opened_at")[:20]],
        "kinds": [(kind.value, kind.label) for kind in ASKED],
    }
    return render(request, "privacy/rights/mine.html", shown)


@person_view
@require_POST
def ask(request: PersonRequest) -> HttpResponse:
    """Open a case of the person who is signed in."""
    kind = request.POST.get("kind", "")
    own = OperatorCase.objects.filter(subject_id=request.user.pk, closed_at=None)
    if kind not in ASKED or own.count() >= OPEN_MAX:
        messages.error(request, _("That request could not be opened. Look at the ones below first."))
        return redirect("rights_personal:mine")
    case = cases.open_case(
        kind,
        SubjectKind.MEMBER,
        request.user.pk,
        Route.APP,
        by=Actor.person(request.user.pk),
        words=request.POST.get("words", "").strip()[:10_000] or None,
        address=request.user.email,
        language=request.user.language or "en",
        proof=Proof.SIGNED_IN,
    ).case
    cases.acknowledge(case)
    tell_operator_of_case(case)
    messages.success(request, _("We got it. You get an answer within 30 days, and see here how it goes."))
    return redirect("rights_personal:mine")


@person_view
@require_POST
def confirm(request: PersonRequest, case_id: UUID) -> HttpResponse:
    """Say that a mail in one's name was one's own, or was not."""
    case = OperatorCase.objects.filter(pk=case_id, subject_kind=SubjectKind.MEMBER, subject_id=request.user.pk).first()
    if case is None:
        raise Http404
    if case.is_open and not case.proof:
        by = Actor.person(request.user.pk)
        if request.POST.get("mine") == "yes":
            cases.verify(case, proof=Proof.SIGNED_IN, by=by)
            messages.success(request, _("Thank you. Now it is worked on."))
        else:
            cases.close(case, outcome=Outcome.UNPROVEN, by=by)
            messages.success(request, _("Closed. Nothing was done."))
    return redirect("rights_personal:mine")
