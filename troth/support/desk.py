"""What staff do in a thread: answer, and close. Each goes through the gate, and is an entry of the workspace's chain."""

from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import gate, grants, mails
from troth.support.models import HelpMessage


def answer(request_id: UUID, text: str, *, by: UUID) -> None:
    """Answer whoever asked; they are told by mail that there is an answer. Raises: gate.NoWay."""
    with gate.answering(request_id) as request:
        HelpMessage.objects.create(request=request, staff_id=by, text=text)
        request.answered_at, request.due_at = request.answered_at or now(), None
        request.save(update_fields=["answered_at", "due_at"])
        record("help.answered", by=Actor.staff(by), target=("help", request.pk))
        mails.tell_member(request)


def close(request_id: UUID, *, by: UUID) -> None:
    """Close a request; whatever could be seen by it ends. Raises: gate.NoWay."""
    with gate.answering(request_id) as request:
        request.closed_at, request.closed_by_staff, request.due_at = now(), by, None
        request.save(update_fields=["closed_at", "closed_by_staff", "due_at"])
        grants.end_all_of(request, by=None)
        record("help.closed", by=Actor.staff(by), target=("help", request.pk))
