"""Erasing the traces of a former member in one workspace, because an owner asks for it. There is no undo.

Their account, which may be at home elsewhere, stays as it is. Here an account that belongs to nobody takes its place, so
that what they did keeps an author without a name; what they had begun to write goes, and what the audit chain says of them.
"""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base import tombstones
from troth.base.clock import now
from troth.privacy.forgetting.holds_in_force import held_anywhere
from troth.privacy.forgetting.member_steps import AWAY, forget_in_workspace
from troth.workspaces.members import NotAllowed, lock_members
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import current_workspace_id

__all__ = ["NotAllowed", "forget", "forget_again", "former"]


def former() -> list[Membership]:
    """Return those who were members of the workspace in scope and whose names are still here, the latest first."""
    here = Membership.objects.filter(removed_at=None).values("user")
    gone = Membership.objects.filter(removed_at__isnull=False).exclude(user__in=here)
    latest = {one.user_id: one for one in gone.select_related("user").order_by("removed_at") if one.user.name}
    return list(latest.values())[::-1]


def forget(membership_id: UUID, *, by: Membership) -> None:
    """Erase a former member's traces in the workspace in scope. Raises: NotAllowed, Membership.DoesNotExist."""
    lock_members()
    if not by.may(Role.OWNER):
        raise NotAllowed(_("Only owners may do this."))
    member = Membership.objects.select_related("user").get(pk=membership_id, removed_at__isnull=False)
    if _is_here(member.user):
        raise NotAllowed(_("This person is a member."))
    if held_anywhere().everything:
        raise NotAllowed(_("This cannot be done now. Try again later."))  # the law may forbid to say why
    # Before anything goes: a backup that is restored from now on forgets them again.
    tombstones.append(
        tombstones.Tombstone(
            kind=tombstones.Kind.FORMER,
            subject_id=member.pk,
            workspace_id=current_workspace_id(),
            erased_at=now(),
        )
    )
    _forget(member.user)
    record("member.forgotten", by=Actor.member(by.pk), target=("member", member.pk))


def forget_again(membership_id: UUID) -> bool:
    """Erase them once more in a restored database; return whether there was something to erase."""
    gone = Membership.objects.select_related("user").filter(pk=membership_id, removed_at__isnull=False)
    member = gone.first()
    if member is None or not member.user.name or _is_here(member.user):
        return False
    _forget(member.user)
    return True


def _is_here(user: User) -> bool:
    return Membership.objects.filter(user=user, removed_at=None).exists()


def _forget(user: User) -> None:
    forget_in_workspace(user.pk, user.email)
    nobody = User(name="", is_active=False)
    nobody.email = f"{nobody.pk}{AWAY}"
    nobody.set_unusable_password()
    nobody.save()
    Membership.objects.filter(user=user).update(user=nobody)
    Workspace.objects.filter(created_by=user).update(created_by=None)
