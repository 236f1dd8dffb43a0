"""The register of breaches: two clocks from the moment of detection, who is affected, the notices, and drills of it all.

A drill runs the same way and tells nobody outside.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.models import Channel
from troth.contacts.models import Contact
from troth.inbox.models import Message
from troth.support import mails
from troth.support.models import Breach, Exposed
from troth.support.models.breach import TELL_AUTHORITY_WITHIN, TELL_PEOPLE_WITHIN
from troth.support.places import all_workspaces
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

# What to count in a workspace for each kind of exposure: model and the column that says when a row was written.
COUNTED: dict[Exposed, list[tuple[str, type[models.Model], str]]] = {
    Exposed.MESSAGES: [("messages", Message, "created_at"), ("contacts", Contact, "created_at")],
    Exposed.CONTACTS: [("contacts", Contact, "created_at")],
    Exposed.MEMBERS: [("members", Membership, "created_at")],
    Exposed.SECRETS: [("channels", Channel, "created_at")],
}
COUNTED[Exposed.ALL] = [
    *COUNTED[Exposed.MESSAGES],
    *COUNTED[Exposed.MEMBERS],
    *COUNTED[Exposed.SECRETS],
]


class NotAllowed(Exception):
    """The step was done already, or comes too early."""


@dataclass(frozen=True)
class Alarm:
    """What is known when a breach is found."""

    summary: str
    advice: str
    exposed: Exposed
    detected_at: datetime
    drill: bool
    since: datetime | None = None
    until: datetime | None = None


def open_breach(alarm: Alarm, *, by: UUID) -> Breach:
    """Write a breach into the register; its clocks run from when it was detected."""
    breach = Breach.objects.create(
        drill=alarm.drill,
        detected_at=alarm.detected_at,
        exposed=alarm.exposed,
        since=alarm.since,
        until=alarm.until,
        summary=alarm.summary,
        advice=alarm.advice,
        opened_by=by,
        authority_due_at=alarm.detected_at + TELL_AUTHORITY_WITHIN,
        people_due_at=alarm.detected_at + TELL_PEOPLE_WITHIN,
    )
    _note("breach.opened", breach, by=by)
    return breach


@transaction.atomic
def reckon(breach_id: UUID, *, by: UUID) -> Breach:
    """Find the workspaces that are affected and how much of each: ids and counts. Raises: NotAllowed."""
    breach = _held(breach_id)
    if breach.reckoned_at is not None:
        raise NotAllowed
    counted = [(workspace, _count(breach, workspace)) for workspace in all_workspaces()]
    breach.affected = [{"workspace": str(id), **counts} for id, counts in counted if any(counts.values())]
    breach.reckoned_at = now()
    breach.save(update_fields=["affected", "reckoned_at"])
    _note("breach.reckoned", breach, by=by)
    return breach


@transaction.atomic
def tell_authority(breach_id: UUID, *, by: UUID) -> None:
    """Note that the authority was told, by the notice that is drafted here. Raises: NotAllowed."""
    breach = _held(breach_id)
    if breach.authority_told_at is not None:
        raise NotAllowed
    breach.authority_told_at, breach.authority_told_by = now(), by
    breach.save(update_fields=["authority_told_at", "authority_told_by"])
    _note("breach.authority_told", breach, by=by)


@transaction.atomic
def tell_people(breach_id: UUID, *, by: UUID) -> None:
    """Tell the owners of every affected workspace, by mail and in the access log. A drill sends nothing. Raises: NotAllowed."""
    breach = _held(breach_id)
    if breach.people_told_at is not None or breach.reckoned_at is None:
        raise NotAllowed
    breach.people_told_at, breach.people_told_by = now(), by
    breach.save(update_fields=["people_told_at", "people_told_by"])
    _note("breach.people_told", breach, by=by)
    for one in [] if breach.drill else breach.affected or []:
        with scope(UUID(one["workspace"])):
            record("breach.notice", by=Actor.system(), target=("breach", breach.pk), detail={"reason": breach.summary})
            mails.tell_owners_of_breach(notice_to_people(breach))


@transaction.atomic
def close(breach_id: UUID, *, lessons: str, by: UUID) -> None:
    """Close a breach with what was learnt. Raises: NotAllowed."""
    breach = _held(breach_id)
    if breach.closed_at is not None:
        raise NotAllowed
    breach.closed_at, breach.closed_by, breach.lessons = now(), by, lessons
    breach.save(update_fields=["closed_at", "closed_by", "lessons"])
    _note("breach.closed", breach, by=by)


def notice_to_authority(breach: Breach) -> str:
    """Return the drafted notice to the supervisory authority: nature, numbers, consequences, measures (GDPR 33(3))."""
    totals: dict[str, int] = {}
    for one in breach.affected or []:
        for name, count in one.items():
            if name != "workspace":
                totals[name] = totals.get(name, 0) + count
    words = {"breach": breach, "totals": totals, "workspaces": len(breach.affected or [])}
    return render_to_string("support/notices/authority.txt", words)


def notice_to_people(breach: Breach) -> str:
    """Return the drafted notice to whoever is affected (GDPR 34)."""
    return render_to_string("support/notices/people.txt", {"breach": breach})


def _count(breach: Breach, workspace_id: UUID) -> dict[str, int]:
    with scope(workspace_id):
        counts = {}
        for name, model, column in COUNTED[Exposed(breach.exposed)]:
            within = Q(**{f"{column}__gte": breach.since}) if breach.since else Q()
            within &= Q(**{f"{column}__lt": breach.until}) if breach.until else Q()
            counts[name] = model._default_manager.filter(within).count()
        return counts


def _held(breach_id: UUID) -> Breach:
    breach = Breach.objects.select_for_update().filter(pk=breach_id).first()
    if breach is None:
        raise NotAllowed
    return breach


def _note(action: str, breach: Breach, *, by: UUID) -> None:
    detail: dict[str, Any] = {"drill": breach.drill, "exposed": breach.exposed}
    record(action, by=Actor.staff(by), target=("breach", breach.pk), detail=detail)
