"""Giving staff a sight of something, and taking it back.

A grant comes from a member only, shows one kind of thing, for reading, and ends by itself. It starts at once where
whoever gives it may: admins and owners, or, where the workspace chose "ask me first", owners alone. Otherwise it waits
for such a person's yes. It ends when whoever gave it leaves, or whoever said yes may not any more. Every change is an
entry of the audit chain.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.models import ChannelKind
from troth.inbox.models import Conversation
from troth.support.models import Ending, Grant, HelpRequest, Kind, SupportChoice
from troth.support.models.grant import LASTS_MAX
from troth.workspaces.models import Membership, Role


class NotYours(Exception):
    """Whoever tried may not give, approve or stop this."""


class NothingChosen(Exception):
    """No conversation was chosen, or one that this person may not see or that is not stored."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants staff to see, and for how long."""

    kind: Kind
    conversation_ids: Collection[UUID] = field(default=())
    names: bool = False
    bodies: bool = False
    lasts: timedelta = LASTS_MAX


def give(request: HelpRequest, wish: Wish, *, by: Membership) -> Grant:
    """Let staff see what was wished for, at once or after a yes. Raises: NothingChosen, NotYours."""
    if request.closed_at is not None or not _may_wish(request, by):
        raise NotYours
    chosen = _chosen(wish, by=by) if wish.kind == Kind.CHOSEN else []
    instant = now()
    at_once = may_start(by)
    grant = Grant.objects.create(
        request=request,
        kind=wish.kind,
        conversation_ids=chosen,
        names=wish.names and bool(chosen),
        bodies=wish.bodies and bool(chosen),
        given_by=by,
        given_at=instant,
        expires_at=instant + min(wish.lasts, LASTS_MAX),
        starts_at=instant if at_once else None,
        approved_by=by if at_once else None,
    )
    _note("grant.given" if at_once else "grant.wished", grant, by=by)
    return grant


def approve(grant_id: UUID, *, by: Membership) -> Grant:
    """Say yes to a grant that waits for it. Raises: NotYours, Grant.DoesNotExist."""
    grant = _waiting().select_related("request").select_for_update(of=("self", "request")).get(pk=grant_id)
    if not may_start(by):
        raise NotYours
    grant.starts_at, grant.approved_by = now(), by
    grant.save(update_fields=["starts_at", "approved_by"])
    _note("grant.approved", grant, by=by)
    return grant


def stop(grant_id: UUID, *, by: Membership) -> None:
    """End a grant now, or decline it. Any admin or owner may, and whoever gave it. Raises: NotYours, Grant.DoesNotExist."""
    grant = Grant.objects.filter(ended_at=None).select_for_update().get(pk=grant_id)
    if not may_stop(grant, by):
        raise NotYours
    _end(grant, Ending.REVOKED if grant.starts_at else Ending.DECLINED, by=by)


def narrow(
    grant_id: UUID, *, conversation_ids: Collection[UUID], names: bool, bodies: bool, by: Membership
) -> Grant | None:
    """End a grant and give a smaller one in its place, for the time that was left; None where nothing remains.

    Raises: NotYours, Grant.DoesNotExist.
    """
    grant = alive().select_related("request").select_for_update(of=("self", "request")).get(pk=grant_id)
    if not may_stop(grant, by):
        raise NotYours
    kept = [one for one in grant.conversation_ids if one in set(conversation_ids)]
    if (kept, names, bodies) == (grant.conversation_ids, grant.names, grant.bodies):
        return grant
    _end(grant, Ending.NARROWED, by=by)
    if not kept:
        return None
    smaller = Grant.objects.create(
        request_id=grant.request_id,
        kind=grant.kind,
        conversation_ids=kept,
        names=grant.names and names,
        bodies=grant.bodies and bodies,
        given_by_id=grant.given_by_id,
        given_at=grant.given_at,
        expires_at=grant.expires_at,
        starts_at=grant.starts_at,
        approved_by_id=grant.approved_by_id,
    )
    _note("grant.given", smaller, by=by)
    return smaller


def end_all_of(request: HelpRequest, *, by: Membership | None) -> None:
    """End every grant of a request, because it is closed."""
    for grant in Grant.objects.filter(request=request, ended_at=None).select_for_update():
        _end(grant, Ending.CLOSED, by=by)


def expire(grant_id: UUID) -> None:
    """Write down that a grant's time is over, in its workspace's scope. It showed nothing since. Safe to repeat."""
    grant = Grant.objects.filter(ended_at=None, expires_at__lte=now()).select_for_update().filter(pk=grant_id).first()
    if grant is not None:
        _end(grant, Ending.EXPIRED, by=None)


def lapse(membership_id: UUID) -> None:
    """End every grant that hung on this member's word, if the member is gone or has a role that may not give it."""
    hung = Grant.objects.filter(Q(given_by=membership_id) | Q(approved_by=membership_id), ended_at=None)
    for grant in list(hung.select_for_update()):
        if not _has_ground(grant):
            _end(grant, Ending.LAPSED, by=None)


def alive() -> QuerySet[Grant]:
    """Return the grants by which staff may look now, in the workspace in scope."""
    instant = now()
    here = Grant.objects.filter(
        given_by__removed_at=None, approved_by__removed_at=None, approved_by__role__in=[Role.OWNER, Role.ADMIN]
    )
    return here.filter(starts_at__lte=instant, ended_at=None, expires_at__gt=instant, request__closed_at=None).order_by(
        "id"
    )


def awaiting() -> QuerySet[Grant]:
    """Return the grants that wait for somebody's yes."""
    return _waiting().order_by("id")


def may_start(member: Membership) -> bool:
    """Return whether a member's word alone lets staff look."""
    return member.may(Role.OWNER if asks_first() else Role.ADMIN)


def may_stop(grant: Grant, member: Membership) -> bool:
    """Return whether a member may stop a grant."""
    return member.may(Role.ADMIN) or grant.given_by_id == member.pk


def asks_first() -> bool:
    """Return whether the workspace in scope wants an owner to be asked before each grant starts."""
    return SupportChoice.objects.filter(ask_first=True).exists()


def choose_ask_first(ask_first: bool, *, by: Membership) -> None:
    """Keep an owner's choice. Raises: NotYours."""
    if not by.may(Role.OWNER):
        raise NotYours
    SupportChoice.objects.update_or_create(
        defaults={"ask_first": ask_first, "changed_at": now(), "changed_by": by}, workspace_id=by.workspace_id
    )
    record("support.ask_first_on" if ask_first else "support.ask_first_off", by=Actor.member(by.pk))


def _may_wish(request: HelpRequest, member: Membership) -> bool:
    return member.may(Role.ADMIN) or request.asked_by_id == member.pk


def _has_ground(grant: Grant) -> bool:
    approver = grant.approved_by
    return grant.given_by.removed_at is None and (approver is None or may_start(approver))


def _waiting() -> QuerySet[Grant]:
    return Grant.objects.filter(
        starts_at=None, ended_at=None, expires_at__gt=now(), request__closed_at=None, given_by__removed_at=None
    )


def _chosen(wish: Wish, *, by: Membership) -> list[UUID]:
    """Return the chosen conversations, if all of them are stored and this member's to show."""
    wanted = list(dict.fromkeys(wish.conversation_ids))
    seen = Conversation.objects.visible_to(by).exclude(channel__kind=ChannelKind.WEB)
    if not wanted or seen.filter(pk__in=wanted).count() != len(wanted):
        raise NothingChosen
    return wanted


def _end(grant: Grant, ending: Ending, *, by: Membership | None) -> None:
    grant.ended_at, grant.ended_by, grant.ending = now(), by, ending
    grant.save(update_fields=["ended_at", "ended_by", "ending"])
    _note(f"grant.{ending}", grant, by=by)


def _note(action: str, grant: Grant, *, by: Membership | None) -> None:
    shown = {"kind": grant.kind, "names": grant.names, "bodies": grant.bodies, "items": len(grant.conversation_ids)}
    record(
        action,
        by=Actor.member(by.pk) if by else Actor.system(),
        target=("grant", grant.pk),
        detail={**shown, "request": str(grant.request_id), "until": grant.expires_at.isoformat()},
    )
