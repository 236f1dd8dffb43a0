"""Where a request stands, for whoever holds the address of its page. It shows nothing of anybody's data."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from troth.accounts.access import public_view
from troth.base.clock import now
from troth.privacy.models import Case, OperatorCase
from troth.privacy.models.case import AnyCase
from troth.privacy.rights import tokens, words
from troth.privacy.rights.views.limits import TooOften, once_more, quiet
from troth.workspaces.scope import scope


@public_view("whoever asked may have no account; the address is a secret of 256 bits, and the page shows no data")
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show where a request stands, in its own language."""
    try:
        once_more(request, "status")
    except TooOften:
        return quiet(HttpResponse(status=429))
    case = _find(token)
    if case is None:
        return quiet(render(request, "privacy/rights/nothing.html", status=404))
    language = words.spoken(case.language)
    with translation.override(language):
        return quiet(render(request, "privacy/rights/status.html", status_of(case, at=now(), language=language)))


def status_of(case: AnyCase, *, at: datetime, language: str) -> dict[str, Any]:
    """Return what the page says: instants and words of ours, and nothing that anybody wrote."""
    said = words.STATUS[language]
    stands, then = _stands(case, at)
    return {
        "said": said,
        "kind": words.KINDS[language][case.kind],
        "stands": said[stands],
        "extended": said["extended"] if case.extended_at is not None and case.is_open else "",
        "next": said[then],
        "reference": case.reference,
        "opened_at": case.opened_at,
        "due_at": case.due_at if case.is_open else None,
        "is_late": case.is_late(at=at),
        "is_open": case.is_open,
    }


def _stands(case: AnyCase, at: datetime) -> tuple[str, str]:
    if not case.is_open:
        return (case.outcome if case.outcome != "unproven" else "withdrawn"), "next_closed"
    if case.is_late(at=at):
        return "late", "next_open"
    return ("open", "next_open") if case.proof else ("unproven", "next_unproven")


def _find(token: str) -> AnyCase | None:
    found = tokens.case_of(token)
    if found is None:
        return None
    if found.workspace_id is None:
        return OperatorCase.objects.filter(pk=found.id).defer("words", "address").first()
    with scope(found.workspace_id):
        return Case.objects.filter(pk=found.id).defer("words", "address").first()
