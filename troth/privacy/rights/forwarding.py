"""Handing a request on: what a contact asked of the operator is the workspace's to answer."""

from uuid import UUID

from django.db import transaction

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.privacy.models import Case, OperatorCase
from troth.privacy.rights.cases import close, open_case
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Route, SubjectKind
from troth.privacy.rights.telling import tell_owners_of_case
from troth.workspaces.scope import scope


class CannotForward(Exception):
    """The request is closed, or was handed on already."""


@transaction.atomic
def forward(case_id: UUID, *, to: UUID, by: Actor) -> Case:
    """Open the same request in a workspace, tell its owners, and close the operator's. Raises: CannotForward.

    The clock does not begin anew, and the link that the person has goes on to show where it stands.
    """
    case = OperatorCase.objects.select_for_update().get(pk=case_id)
    if not case.is_open or case.forwarded_to is not None:
        raise CannotForward
    token_hash, token_at, words, address = case.token_hash, case.token_at, case.words, case.address
    case.forwarded_to, case.forwarded_at = to, now()
    case.token_hash = None
    case.save()
    close(case, outcome=Outcome.DONE, by=by)
    record("case.forwarded", by=by, target=("operator_case", case.pk), detail={"workspace": str(to)})
    with scope(to):
        handed = open_case(
            Kind(case.kind),
            SubjectKind.CONTACT,
            None,
            Route(case.route),
            by=by,
            words=words,
            address=address,
            language=case.language,
            proof=Proof.NONE,
        ).case
        assert isinstance(handed, Case)
        handed.token_hash, handed.token_at = token_hash, token_at
        handed.opened_at, handed.due_at, handed.acknowledged_at = case.opened_at, case.due_at, case.acknowledged_at
        handed.save()
        tell_owners_of_case(handed)
    return handed


def log_call(kind: Kind | str, words: str, *, by: Actor, language: str = "en", workspace_id: UUID | None = None) -> str:
    """Open a case for a phone call and return the secret of its status page, to be given to whoever called.

    With a workspace, the call was about one of its contacts, and the case is handed on to it at once.
    """
    opened = open_case(kind, SubjectKind.UNKNOWN, None, Route.PHONE, by=by, words=words, language=language)
    case = opened.case
    case.acknowledged_at = now()  # whoever calls is told at once
    case.save(update_fields=["acknowledged_at"])
    if workspace_id is not None:
        forward(case.pk, to=workspace_id, by=by)
    return opened.token
