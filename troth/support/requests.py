"""Asking for help, and the thread that follows: what members do in it. Staff's side is `desk.py`."""

from uuid import UUID

from django.db.models import QuerySet

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import grants, mails
from troth.support.models import HelpMessage, HelpRequest, Kind, Problem
from troth.support.models.help import ANSWER_WITHIN
from troth.workspaces.models import Membership, Role

TEXT_MAX = 5_000

# The narrowest sight that serves each problem; None where looking helps nobody.
FITTING: dict[Problem, Kind | None] = {
    Problem.NUMBER: Kind.SETTINGS,
    Problem.INBOX: Kind.LIST,
    Problem.CONVERSATION: Kind.CHOSEN,
    Problem.ACCOUNT: None,
    Problem.PRIVACY: None,
    Problem.OTHER: None,
}


def ask(problem: Problem, text: str, *, by: Membership, wish: grants.Wish | None = None) -> HelpRequest:
    """Ask for help, with or without letting staff see something. Raises: grants.NothingChosen."""
    request = HelpRequest.objects.create(problem=problem, asked_by=by, due_at=now() + ANSWER_WITHIN)
    HelpMessage.objects.create(request=request, member=by, text=text)
    record("help.asked", by=Actor.member(by.pk), target=("help", request.pk), detail={"problem": problem.value})
    if wish is not None:
        grants.give(request, wish, by=by)
    mails.tell_staff(request)
    return request


def write(request_id: UUID, text: str, *, by: Membership) -> HelpRequest:
    """Add a member's word to a thread; a closed one opens again, without any grant. Raises: HelpRequest.DoesNotExist."""
    request = of(by).select_for_update().get(pk=request_id)
    HelpMessage.objects.create(request=request, member=by, text=text)
    if request.due_at is None:
        request.due_at = now() + ANSWER_WITHIN
        request.alarmed_soon_at = request.alarmed_late_at = None
    request.closed_at = request.closed_by = request.closed_by_staff = None
    request.save()
    record("help.written", by=Actor.member(by.pk), target=("help", request.pk))
    mails.tell_staff(request)
    return request


def close(request_id: UUID, *, by: Membership) -> HelpRequest:
    """Close a request; whatever staff could see by it ends. Raises: HelpRequest.DoesNotExist."""
    request = of(by).filter(closed_at=None).select_for_update().get(pk=request_id)
    request.closed_at, request.closed_by, request.due_at = now(), by, None
    request.save(update_fields=["closed_at", "closed_by", "due_at"])
    grants.end_all_of(request, by=by)
    record("help.closed", by=Actor.member(by.pk), target=("help", request.pk))
    return request


def of(member: Membership) -> QuerySet[HelpRequest]:
    """Return the requests that a member may read: their own; for admins and owners, all."""
    requests = HelpRequest.objects.order_by("-asked_at")
    return requests if member.may(Role.ADMIN) else requests.filter(asked_by=member)
