"""Doing what a request asks, telling the person, and closing it: one step where one step is enough."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.privacy.models import Case
from troth.privacy.rights import cases, doing
from troth.privacy.rights.exports import TooMany, request_export
from troth.privacy.rights.kinds import Outcome, SubjectKind
from troth.privacy.rights.views.cases import case_page
from troth.privacy.rights.views.found import case_or_404, contact_of
from troth.privacy.rights.views.saying import tell
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

ACTS = {"erase": doing.erase, "restrict": doing.restrict}


@member_view(role=Role.ADMIN)
@require_POST
def act(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Do what the button says. Everything but a copy ends the request, and the answer, if one was written, leaves as the
    last thing that is said to somebody who is to be forgotten or left alone."""
    case = case_or_404(case_id)
    what = request.POST.get("what", "")
    if doing.next_step(case) in ("closed", "verify") or case.subject_id is None:
        return case_page(request, case, trouble=_("First say whose data it is about."), status=422)
    if what == "export":
        return _export(request, case)
    by = Actor.member(request.member.pk)
    if what == "object":
        doing.object_to_marketing(case.subject_id, by=by, source="member", case_id=case.pk)
    elif what in ACTS and doing.can(what):
        tell(
            request, contact_of(case), case, farewell=True
        )  # before: afterwards nothing is said to the person any more
        ACTS[what](case.subject_id, by=by, case_id=case.pk)
    else:
        return case_page(request, case, trouble=_("This cannot be done here."), status=422)
    if what == "object":
        tell(request, contact_of(case), case)
    cases.close(case, outcome=Outcome.DONE, by=by, closed_by=request.member)
    messages.success(request, _("Done, and the request is closed."))
    return redirect("rights:case", request.workspace.handle, case.pk)


@member_view(role=Role.ADMIN)
@require_POST
def close(request: MemberRequest, case_id: UUID) -> HttpResponse:
    """Say how the request ended, and tell the person, if an answer was written."""
    case = case_or_404(case_id)
    outcome, refusal = request.POST.get("outcome", ""), request.POST.get("refusal", "")
    if outcome not in Outcome.values:
        return case_page(request, case, trouble=_("Say how it ended."), status=422)
    try:
        by = Actor.member(request.member.pk)
        cases.close(case, outcome=Outcome(outcome), refusal=refusal, by=by, closed_by=request.member)
    except cases.CannotClose as no:
        trouble = {"no_reason": _("Choose why it is refused. The law knows only these reasons.")}
        return case_page(request, case, trouble=trouble.get(no.reason, _("It is closed already.")), status=422)
    tell(request, contact_of(case), case)
    messages.success(request, _("The request is closed."))
    return redirect("rights:case", request.workspace.handle, case.pk)


def _export(request: MemberRequest, case: Case) -> HttpResponse:
    try:
        by = Actor.member(request.member.pk)
        export = request_export(SubjectKind.CONTACT, case.subject_id, by=by, member=request.member, case_id=case.pk)
    except TooMany:
        trouble = _("Other copies are being made. Try again in some minutes.")
        return case_page(request, case, trouble=trouble, status=422)
    return redirect("rights:export", request.workspace.handle, export.pk)
