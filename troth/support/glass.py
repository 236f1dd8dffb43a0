"""Breaking the glass: looking without being asked, for security or law, by two people, for an hour at most.

The owners are told when it is over, by mail and in the access log, within a day; where the law bars that, on the day on
which the bar ends, which stands in the register from the beginning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from troth.audit.models import Entry
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support import mails
from troth.support.models import BreakGlass, Ground, Kind
from troth.support.models.break_glass import LASTS_MAX
from troth.workspaces.scope import scope

WAITS_FOR_SECOND = timedelta(hours=24)
BAR_MAX = timedelta(days=365)


class NotAllowed(Exception):
    """A rule of the register forbids it."""


@dataclass(frozen=True)
class Bar:
    """The law forbids to tell the owner, until a day."""

    until: datetime
    basis: str


def ask(
    workspace_id: UUID,
    *,
    ground: Ground,
    reason: str,
    kind: Kind,
    by: UUID,
    conversation_ids: list[UUID] | None = None,
    names: bool = False,
    bodies: bool = False,
    bar: Bar | None = None,
) -> BreakGlass:
    """Ask for a look, which somebody else has to approve. Raises: NotAllowed."""
    if bar is not None and not (ground == Ground.LAW and now() < bar.until <= now() + BAR_MAX):
        raise NotAllowed
    chosen = kind == Kind.CHOSEN
    if chosen and not conversation_ids:
        raise NotAllowed
    glass = BreakGlass.objects.create(
        workspace_id=workspace_id,
        ground=ground,
        reason=reason,
        kind=kind,
        conversation_ids=list(conversation_ids or []) if chosen else [],
        names=names and chosen,
        bodies=bodies and chosen,
        asked_by=by,
        bar_until=bar.until if bar else None,
        bar_basis=bar.basis if bar else None,
    )
    _note("break_glass.asked", glass, by=by)
    return glass


@transaction.atomic
def approve(glass_id: UUID, *, by: UUID) -> BreakGlass:
    """Let whoever asked look from now on. Raises: NotAllowed where it is the same person, or too late."""
    glass = _open().filter(approved_at=None).select_for_update().filter(pk=glass_id).first()
    if glass is None or glass.asked_by == by or now() - glass.asked_at > WAITS_FOR_SECOND:
        raise NotAllowed
    glass.second_by, glass.approved_at = by, now()
    glass.expires_at = glass.approved_at + LASTS_MAX
    glass.save(update_fields=["second_by", "approved_at", "expires_at"])
    _note("break_glass.approved", glass, by=by)
    return glass


@transaction.atomic
def end(glass_id: UUID, *, by: UUID) -> None:
    """End it now, or refuse it; any of the two grounds' people may. Raises: NotAllowed."""
    glass = _open().select_for_update().filter(pk=glass_id).first()
    if glass is None:
        raise NotAllowed
    _end(glass, by=by)


@transaction.atomic
def end_all() -> int:
    """End all that is open or waits, in the whole installation; return how many there were. After a restore."""
    found = list(_open().select_for_update())
    for glass in found:
        _end(glass, by=None)
    return len(found)


def tell_owners() -> int:
    """Tell the owners of every look that is over and whose bar, if it had one, has ended; return how many. Job."""
    instant = now()
    over = BreakGlass.objects.filter(approved_at__isnull=False, told_at=None)
    over = over.filter(Q(expires_at__lte=instant) | Q(ended_at__isnull=False))
    due = list(over.filter(Q(bar_until=None) | Q(bar_until__lte=instant)).values_list("pk", flat=True))
    for glass_id in due:
        _tell(glass_id)
    return len(due)


@transaction.atomic
def _tell(glass_id: UUID) -> None:
    glass = BreakGlass.objects.select_for_update().get(pk=glass_id)
    if glass.told_at is not None:
        return
    looks = Entry.objects.filter(action="break_glass.used", actor_id=glass.asked_by, at__gte=glass.approved_at)
    count = looks.filter(at__lte=glass.ended_at or glass.expires_at).count()
    glass.told_at = now()
    glass.save(update_fields=["told_at"])
    _note("break_glass.told", glass, by=None)
    with scope(glass.workspace_id):
        # The reason is told too: it was written knowing that.
        record(
            "break_glass.over",
            by=Actor.staff(glass.asked_by),
            target=("break_glass", glass.pk),
            detail={
                "ground": glass.ground,
                "reason": glass.reason,
                "what": glass.kind,
                "looks": count,
                "from": glass.approved_at.isoformat() if glass.approved_at else None,
            },
        )
        mails.tell_owners_of_look()


def _end(glass: BreakGlass, *, by: UUID | None) -> None:
    glass.ended_at, glass.ended_by = now(), by
    glass.save(update_fields=["ended_at", "ended_by"])
    _note("break_glass.ended", glass, by=by)


def _open() -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now()), ended_at=None)


def _note(action: str, glass: BreakGlass, *, by: UUID | None) -> None:
    record(
        action,
        by=Actor.staff(by) if by else Actor.system(),
        target=("break_glass", glass.pk),
        detail={"ground": glass.ground, "what": glass.kind, "workspace": str(glass.workspace_id)},
    )
