"""The clocks of support: staff are told by mail when one is about to run out and when it has, each once.

A request for help has a day, the two of a breach run from when it was noticed, and a demand has the day that stands in it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import mails, places
from troth.support.models import Breach, HelpRequest, LegalDisclosure, StaffRole
from troth.workspaces.scope import scope


@dataclass(frozen=True)
class Clock:
    """One clock of a row: the field that says when it ends, and those of which any says that it stands still.

    `soon` and `late` are the fields that keep when it was told of, with the words for it.
    """

    due: str
    done: tuple[str, ...]
    before: timedelta
    soon: tuple[str, Promise]
    late: tuple[str, Promise]

    def soon_or_over(self, at: datetime) -> Q:
        """Return which rows are to be looked at."""
        return Q(**{f"{self.due}__lte": at + self.before}, **dict.fromkeys(self.done))

    def alarms(self, row: models.Model, at: datetime) -> list[tuple[str, Promise]]:
        """Return what is due and was not told, the most urgent first."""
        due = getattr(row, self.due)
        found = [alarm for alarm, ends in ((self.late, due), (self.soon, due - self.before)) if at >= ends]
        return [alarm for alarm in found if getattr(row, alarm[0]) is None]


HELP = Clock(
    "due_at",
    done=("closed_at",),
    before=timedelta(hours=4),
    soon=("alarmed_soon_at", _("A request for help has to be answered within four hours")),
    late=("alarmed_late_at", _("A request for help is late")),
)
AUTHORITY = Clock(
    "authority_due_at",
    done=("authority_told_at", "closed_at"),
    before=timedelta(hours=24),
    soon=("authority_soon_at", _("A breach: the authority has to be told within a day")),
    late=("authority_late_at", _("A breach: the authority should have been told by now")),
)
PEOPLE = Clock(
    "people_due_at",
    done=("people_told_at", "closed_at"),
    before=timedelta(hours=48),
    soon=("people_soon_at", _("A breach: the people have to be told within two days")),
    late=("people_late_at", _("A breach: the people should have been told by now")),
)
DEMAND = Clock(
    "answer_by",
    done=("made_at", "refused_at"),
    before=timedelta(days=3),
    soon=("alarmed_soon_at", _("A demand by an authority has to be answered within three days")),
    late=("alarmed_late_at", _("A demand by an authority is late")),
)
HELPERS = (StaffRole.SUPPORT,)
KEEPERS = (StaffRole.SECURITY, StaffRole.LEGAL)


def wind(timestamp: int = 0) -> None:
    """Tell of every clock that is about to run out or has. Safe to run twice: each is told of once. Job."""
    at = now()
    for waiting in places.requests_waiting(at):
        if waiting.due_at is not None and waiting.due_at <= at + HELP.before:
            _help(waiting.workspace_id, waiting.request_id, at)
    for clock in (AUTHORITY, PEOPLE):
        for id in list(Breach.objects.filter(clock.soon_or_over(at)).values_list("pk", flat=True)):
            _breach(clock, id, at)
    for id in list(LegalDisclosure.objects.filter(DEMAND.soon_or_over(at)).values_list("pk", flat=True)):
        _demand(id, at)


def _help(workspace_id: UUID, request_id: UUID, at: datetime) -> None:
    with scope(workspace_id):
        found = HelpRequest.objects.filter(pk=request_id)
        _look(HELP, found, at, kind="help", url=mails.url_of("staff:request", request_id), roles=HELPERS)


@transaction.atomic
def _breach(clock: Clock, breach_id: UUID, at: datetime) -> None:
    found = Breach.objects.filter(pk=breach_id)
    _look(clock, found, at, kind="breach", url=mails.url_of("staff:breach", breach_id), roles=KEEPERS)


@transaction.atomic
def _demand(disclosure_id: UUID, at: datetime) -> None:
    found = LegalDisclosure.objects.filter(pk=disclosure_id)
    _look(DEMAND, found, at, kind="disclosure", url=mails.url_of("staff:disclosures"), roles=KEEPERS)


def _look(
    clock: Clock, found: models.QuerySet[Any], at: datetime, *, kind: str, url: str, roles: Collection[StaffRole]
) -> None:
    # Looked at again once it is ours: somebody may have answered meanwhile.
    row = found.filter(clock.soon_or_over(at)).select_for_update(skip_locked=True, no_key=True).first()
    if row is None or not (alarms := clock.alarms(row, at)):
        return
    # One mail: a milder alarm that was missed is not raised any more.
    fields = [field for field, _words in alarms]
    for field in fields:
        setattr(row, field, at)
    row.save(update_fields=fields)
    mails.tell_of_clock(alarms[0][1], url, roles=roles)
    record(f"{kind}.alarm", by=Actor.system(), target=(kind, row.pk), detail={"alarm": fields[0]})
