"""Ending sessions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.accounts.ending import end_other_sessions, end_session


@person_view
@require_POST
def end(request: PersonRequest, session_id: UUID) -> HttpResponse:
    if not end_session(session_id, of=request.user):
        raise Http404
    messages.success(request, _("That session has ended."))
    return redirect("account_security")


@person_view
@require_POST
def end_others(request: PersonRequest) -> HttpResponse:
    ended = end_other_sessions(request, of=request.user)
    words = ngettext("%(count)d other session has ended.", "%(count)d other sessions have ended.", ended)
    messages.success(request, words % {"count": ended})
    return redirect("account_security")
