"""The one way from here to a case of the operator's: what a public form or Meta tells becomes one, with its clock."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from troth.audit.record import Actor
from troth.privacy.rights import cases


@dataclass(frozen=True)
class Receipt:
    """What whoever asked is given: the case's id, the word by which people speak of it, and its status page."""

    case_id: UUID
    reference: str
    url: str


def open_case(kind: str, *, words: str | None = None, address: str | None = None, language: str = "en") -> Receipt:
    """Open a case of the operator's about somebody whom we do not know yet, in the caller's transaction."""
    opened = cases.open_case(
        kind, "unknown", None, "form", by=Actor.system(), words=words, address=address, language=language
    )
    return Receipt(opened.case.pk, opened.case.reference, f"{settings.BASE_URL}/case/{opened.token}/")
