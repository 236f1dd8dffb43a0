"""Legal disclosures: what is given to an authority, from demand to notice. There is no other way to give anything.

Two people decide; what is given is made from one template, holds what the row names and nothing beyond, and is not
kept: its hash is. The workspace is told at once, or on the day on which a gag ends, which always has an end.
"""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import gate, mails, seen
from troth.support.glass import Bar, NotAllowed
from troth.support.models import Kind, LegalDisclosure, Sight
from troth.support.models.disclosure import ANSWER_WITHIN
from troth.workspaces.scope import scope

__all__ = ["Demand", "NotAllowed", "approve", "disclosure_counts", "enter", "make", "refuse", "tell_workspaces"]


@dataclass(frozen=True)
class Demand:
    """What an authority asks for, and on which ground."""

    workspace_id: UUID
    authority: str
    reference: str
    basis: str
    kind: Kind
    conversation_ids: tuple[UUID, ...] = ()
    names: bool = False
    bodies: bool = False
    gag: Bar | None = None
    answer_by: datetime | None = None


def enter(demand: Demand, *, by: UUID) -> LegalDisclosure:
    """Write a demand into the register; somebody else has to approve it. Raises: NotAllowed."""
    chosen = demand.kind == Kind.CHOSEN
    if chosen and not demand.conversation_ids:
        raise NotAllowed
    if demand.gag is not None and demand.gag.until <= now():
        raise NotAllowed
    row = LegalDisclosure.objects.create(
        workspace_id=demand.workspace_id,
        authority=demand.authority,
        reference=demand.reference,
        basis=demand.basis,
        kind=demand.kind,
        conversation_ids=list(demand.conversation_ids) if chosen else [],
        names=demand.names and chosen,
        bodies=demand.bodies and chosen,
        asked_by=by,
        answer_by=demand.answer_by or now() + ANSWER_WITHIN,
        gag_until=demand.gag.until if demand.gag else None,
        gag_basis=demand.gag.basis if demand.gag else None,
    )
    _note("disclosure.entered", row, by=by)
    return row


@transaction.atomic
def approve(disclosure_id: UUID, *, by: UUID) -> None:
    """Approve a demand that somebody else entered. Raises: NotAllowed."""
    row = _undecided(disclosure_id)
    if row.asked_by == by:
        raise NotAllowed
    row.second_by, row.approved_at = by, now()
    row.save(update_fields=["second_by", "approved_at"])
    _note("disclosure.approved", row, by=by)


@transaction.atomic
def refuse(disclosure_id: UUID, *, reason: str, by: UUID) -> None:
    """Give nothing. Raises: NotAllowed."""
    row = _undecided(disclosure_id)
    row.refused_by, row.refused_at, row.refusal = by, now(), reason
    row.save(update_fields=["refused_by", "refused_at", "refusal"])
    _note("disclosure.refused", row, by=by)


@transaction.atomic
def make(disclosure_id: UUID, *, by: UUID) -> bytes:
    """Return, once, what is to be given: JSON from the fixed template, exactly what the row names. Raises: NotAllowed."""
    row = LegalDisclosure.objects.select_for_update().filter(pk=disclosure_id).first()
    if row is None:
        raise NotAllowed
    try:
        with gate.by_disclosure(row, by=by) as sight:
            content = _content(sight)
    except gate.NoWay:
        raise NotAllowed from None
    head = {"disclosure": row.pk, "made_at": now(), "scope": row.kind, "names": row.names, "bodies": row.bodies}
    made = json.dumps({**head, "content": content}, cls=DjangoJSONEncoder, indent=2, sort_keys=True).encode()
    row.made_by, row.made_at, row.made_hash = by, now(), hashlib.sha256(made).digest()
    row.made_counts = {name: len(value) if isinstance(value, list) else 1 for name, value in content.items()}
    row.save(update_fields=["made_by", "made_at", "made_hash", "made_counts"])
    return made


def tell_workspaces() -> int:
    """Tell the owners of what was given, once no gag forbids it; return how many times. Job."""
    given = LegalDisclosure.objects.filter(made_at__isnull=False, told_at=None)
    due = given.filter(Q(gag_until=None) | Q(gag_until__lte=now())).values_list("pk", flat=True)
    told = [_tell(disclosure_id) for disclosure_id in list(due)]
    return sum(told)


def disclosure_counts() -> dict[int, int]:
    """Return how many disclosures were made, by year."""
    made = LegalDisclosure.objects.filter(made_at__isnull=False).values_list("made_at", flat=True)
    return dict(Counter(at.year for at in made if at is not None))


@transaction.atomic
def _tell(disclosure_id: UUID) -> bool:
    row = LegalDisclosure.objects.select_for_update().get(pk=disclosure_id)
    if row.told_at is not None:
        return False
    row.told_at = now()
    row.save(update_fields=["told_at"])
    _note("disclosure.told", row, by=None)
    with scope(row.workspace_id):
        record(
            "disclosure.notice",
            by=Actor.system(),
            target=("disclosure", row.pk),
            detail={
                "authority": row.authority,
                "basis": row.basis,
                "what": row.kind,
                "counts": row.made_counts,
                "given_on": row.made_at.isoformat() if row.made_at else None,
            },
        )
        mails.tell_owners_of_look()
    return True


def _content(sight: Sight) -> dict[str, Any]:
    """The fixed template."""
    if sight.kind == Kind.SETTINGS:
        facts = seen.settings()
        numbers = [{"number_id": one.number_id, "since": one.first_delivery_at} for one in facts["numbers"]]
        return {"workspace_since": facts["since"], "numbers": numbers}
    if sight.kind == Kind.LIST:
        rows = [{"id": one.id, "last_message_at": one.last_message_at} for one in seen.conversations(as_shown=False)]
        return {"conversations": rows}
    return {"conversations": [_talk(sight, one) for one in sight.conversation_ids]}


def _talk(sight: Sight, conversation_id: UUID) -> dict[str, Any]:
    """Return what a conversation held, and nothing of those with which a merging shows it: nobody asked for them."""
    try:
        talk = seen.conversation(sight, conversation_id, most=None, as_shown=False)
    except seen.NotThere:
        return {"id": conversation_id, "stored": False}
    facts: dict[str, Any] = {"id": talk.id, "opened_at": talk.opened_at, "numbers": talk.numbers, "name": talk.name}
    words = ("id", "direction", "kind", "at", "text")
    messages = [{key: value for key, value in asdict(one).items() if key in words} for one in talk.messages]
    return {**facts, "messages": messages}


def _undecided(disclosure_id: UUID) -> LegalDisclosure:
    rows = LegalDisclosure.objects.filter(approved_at=None, refused_at=None).select_for_update()
    found = rows.filter(pk=disclosure_id).first()
    if found is None:
        raise NotAllowed
    return found


def _note(action: str, row: LegalDisclosure, *, by: UUID | None) -> None:
    record(
        action,
        by=Actor.staff(by) if by else Actor.system(),
        target=("disclosure", row.pk),
        detail={"workspace": str(row.workspace_id), "what": row.kind},
    )
