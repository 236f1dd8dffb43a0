"""Changing who may do what in a workspace.

The rules: only owners make owners; nobody acts on somebody of a higher role; there is always an owner. Changes of one
workspace's members wait for each other, and each looks afresh at both people once it is its turn, so that two owners
who demote each other at the same moment cannot both succeed.
"""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.workspaces.models import Membership, Role, TeamMember, Workspace
from troth.workspaces.signals import announce, membership_changed, membership_removed, standing_changing


class NotAllowed(Exception):
    """A rule forbids the change. `words` say which, for the person who tried."""

    def __init__(self, words: object) -> None:
        super().__init__("a rule of membership forbids this")
        self.words = words


def change_role(membership_id: UUID, *, to: Role, by: Membership) -> Membership:
    """Give a member another role. Raises: NotAllowed, Membership.DoesNotExist."""
    actor, member = _turn(membership_id, by=by)
    _must_be_at_least(actor, Role.ADMIN)
    _must_cover(actor, Role(member.role))
    _must_cover(actor, to)
    if to != Role.OWNER:
        _must_leave_an_owner(member)
    if member.role != to:
        member.role = to
        member.save(update_fields=["role"])
        _change_standing(member)
        record(
            "member.role_changed", by=Actor.member(actor.pk), target=("member", member.pk), detail={"role": to.value}
        )
        announce(membership_changed, workspace_id=member.workspace_id, membership_id=member.pk)
    return member


def remove(membership_id: UUID, *, by: Membership) -> Membership:
    """Take a member out of the workspace. Raises: NotAllowed, Membership.DoesNotExist."""
    actor, member = _turn(membership_id, by=by)
    _must_be_at_least(actor, Role.ADMIN)
    _must_cover(actor, Role(member.role))
    return _take_out(member, by=actor)


def leave(*, by: Membership) -> Membership:
    """Take oneself out of the workspace. Raises: NotAllowed."""
    actor, member = _turn(by.pk, by=by)
    return _take_out(member, by=actor)


def lock_members() -> None:
    """Wait until no other change of this workspace's members or invitations is going on; hold others off until commit."""
    # Not against foreign keys: messages go on being written meanwhile. Its name is not read: keys may be gone already.
    Workspace.objects.select_for_update(no_key=True).only("id").get()


def _turn(membership_id: UUID, *, by: Membership) -> tuple[Membership, Membership]:
    lock_members()
    alive = {found.pk: found for found in Membership.objects.filter(pk__in=[by.pk, membership_id], removed_at=None)}
    if membership_id not in alive:
        raise Membership.DoesNotExist
    if by.pk not in alive:
        raise NotAllowed(_("You are not a member any more."))
    return alive[by.pk], alive[membership_id]


def _must_be_at_least(actor: Membership, role: Role) -> None:
    if not actor.may(role):
        raise NotAllowed(_("Only owners and admins may change who is here."))


def _must_cover(actor: Membership, role: Role) -> None:
    if not Role(actor.role).covers(role):
        raise NotAllowed(_("Only owners may do this to owners or make owners."))


def _must_leave_an_owner(member: Membership) -> None:
    if member.role != Role.OWNER:
        return
    if not Membership.objects.filter(role=Role.OWNER, removed_at=None).exclude(pk=member.pk).exists():
        raise NotAllowed(_("A workspace needs an owner. Make somebody else an owner first."))


def _take_out(member: Membership, *, by: Membership) -> Membership:
    _must_leave_an_owner(member)
    TeamMember.objects.filter(membership=member).delete()
    member.removed_at, member.removed_by = now(), by
    member.save(update_fields=["removed_at", "removed_by"])
    _change_standing(member)
    act = "member.left" if by.pk == member.pk else "member.removed"
    record(act, by=Actor.member(by.pk), target=("member", member.pk))
    announce(membership_removed, workspace_id=member.workspace_id, membership_id=member.pk)
    return member


def _change_standing(member: Membership) -> None:
    # Before the entry is written: upper floors lock rows of theirs, and the audit chain's lock always comes last.
    standing_changing.send(sender=None, workspace_id=member.workspace_id, membership_id=member.pk)
