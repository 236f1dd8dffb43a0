"""Opening, acknowledging, extending, noting and closing cases. Every step leaves an entry in the audit chain."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.contacts.merging import group_of
from troth.privacy.models import Case, CaseNote, OperatorCase
from troth.privacy.models.case import EXTENSION_DAYS, AnyCase, due
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Refusal, Route, SubjectKind
from troth.privacy.rights.tokens import new_token
from troth.workspaces.models import Membership

FORWARD_DAYS = 2  # working days


class CannotClose(Exception):
    """A case cannot be ended so; `reason` is a word that the page explains."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotExtend(Exception):
    """A case may be extended once, while it is open, with a reason."""


@dataclass(frozen=True)
class Opened:
    """A case that was just opened, and the secret of its status page, which is nowhere else."""

    case: AnyCase
    token: str


def open_case(
    kind: Kind | str,
    subject_kind: SubjectKind | str,
    subject_id: UUID | None,
    route: Route | str,
    *,
    by: Actor,
    words: str | None = None,
    address: str | None = None,
    language: str = "en",
    proof: Proof = Proof.NONE,
    source_hash: bytes | None = None,
    opened_by: Membership | None = None,
) -> Opened:
    """Open a case and return it with the secret of its status page.

    A contact's case is the workspace's in scope; every other one is the operator's.
    """
    token, token_hash = new_token()
    opened_at = now()
    facts: dict[str, Any] = {
        "kind": Kind(kind),
        "subject_kind": SubjectKind(subject_kind),
        "subject_id": subject_id,
        "route": Route(route),
        "language": language,
        "words": words,
        "address": address,
        "proof": proof,
        "source_hash": source_hash,
        "verified_at": opened_at if proof else None,
        "opened_at": opened_at,
        "due_at": due(opened_at, kind),
        "token_hash": token_hash,
        "token_at": opened_at,
    }
    of_contact = subject_kind == SubjectKind.CONTACT
    case: AnyCase = Case(opened_by=opened_by, **facts) if of_contact else OperatorCase(**facts)
    case.save(force_insert=True)
    _record("case.opened", case, by=by, detail={"kind": case.kind, "route": case.route})
    return Opened(case, token)


def asking(contact_id: UUID, kind: Kind) -> Case | None:
    """Return the open request of a contact for this, if it is known to be theirs."""
    theirs = group_of(contact_id)
    return Case.objects.filter(subject_id__in=theirs, kind=kind, closed_at=None).exclude(proof=Proof.NONE).first()


def new_link(case: AnyCase) -> str:
    """Give the case a new secret for its status page; the earlier link no longer opens anything."""
    token, case.token_hash = new_token()
    case.token_at = now()
    case.save(update_fields=["token_hash", "token_at"])
    return token


def acknowledge(case: AnyCase) -> None:
    """Note that whoever asked has been told that we heard them. The first time is what counts."""
    case.told_at, first = now(), case.acknowledged_at is None
    case.acknowledged_at = case.acknowledged_at or case.told_at
    case.save(update_fields=["acknowledged_at", "told_at"])
    if first:
        _record("case.acknowledged", case, by=Actor.system())


def verify(case: AnyCase, *, proof: Proof, by: Actor, contact_id: UUID | None = None) -> None:
    """Note how we know that whoever asked is who they say, and whose data it is about."""
    case.proof, case.verified_at = proof, now()
    if contact_id is not None:
        case.subject_id = contact_id
    case.save(update_fields=["proof", "verified_at", "subject_id"])
    _record("case.verified", case, by=by, detail={"proof": proof})


def extend(case: AnyCase, *, reason: str, by: Actor) -> None:
    """Give the case sixty more days, once. The alarms come again before the new end. Raises: CannotExtend."""
    if not case.is_open or case.extended_at is not None or not reason.strip():
        raise CannotExtend
    case.extended_at, case.extension_reason = now(), reason.strip()
    case.due_at += timedelta(days=EXTENSION_DAYS)
    case.alarmed_20_at = case.alarmed_27_at = case.alarmed_late_at = None
    case.save()
    _record("case.extended", case, by=by)


def close(
    case: AnyCase,
    *,
    outcome: Outcome,
    by: Actor,
    refusal: Refusal | str = "",
    closed_by: Membership | None = None,
) -> None:
    """End the case. A refusal names one of the law's reasons. Raises: CannotClose."""
    if not case.is_open:
        raise CannotClose("closed")
    if outcome == Outcome.REFUSED and refusal not in Refusal.values:
        raise CannotClose("no_reason")
    case.closed_at, case.outcome = now(), outcome
    case.refusal = refusal if outcome == Outcome.REFUSED else ""
    if isinstance(case, Case):
        case.closed_by = closed_by
    case.save()
    _record("case.closed", case, by=by, detail={"outcome": outcome, "refusal": case.refusal})


def note(case: Case, text: str, *, by: Membership | None = None) -> CaseNote:
    """Keep a note of what was done or said."""
    return CaseNote.objects.create(case=case, author=by, text=text)


def forward_by(opened_at: Any) -> Any:
    """Return the end of the second working day after an instant. Saturdays and Sundays do not count."""
    at, left = opened_at, FORWARD_DAYS
    while left:
        at += timedelta(days=1)
        if at.weekday() < 5:
            left -= 1
    return at


def _record(action: str, case: AnyCase, *, by: Actor, detail: dict[str, Any] | None = None) -> None:
    kind = "case" if isinstance(case, Case) else "operator_case"
    record(action, by=by, target=(kind, case.pk), detail={key: str(value) for key, value in (detail or {}).items()})
