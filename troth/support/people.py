"""Who is of the staff, and what they are called."""

from collections.abc import Iterable
from uuid import UUID

from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.support.models import StaffMember, StaffRole


class Unknown(Exception):
    """Nobody has signed up with this address."""


def add_staff(email: str, role: StaffRole) -> StaffMember:
    """Make somebody with an account one of the staff, or give another role. Raises: Unknown."""
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        raise Unknown
    staff, _made = StaffMember.objects.update_or_create(user=user, defaults={"role": role, "removed_at": None})
    record("staff.added", by=Actor.system(), target=("user", user.pk), detail={"role": role.value})
    return staff


def remove_staff(email: str) -> None:
    """Take somebody off the staff; every door is shut to them from this moment on. Raises: Unknown."""
    staff = StaffMember.objects.filter(user__email=email.lower(), removed_at=None).first()
    if staff is None:
        raise Unknown
    staff.removed_at = now()
    staff.save(update_fields=["removed_at"])
    record("staff.removed", by=Actor.system(), target=("user", staff.user_id))


def staff_of(user: User) -> StaffMember | None:
    """Return somebody's place on the staff, if they have one."""
    return StaffMember.objects.filter(user=user, removed_at=None).first()


def staff_names(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what these people of staff are called, those who left too."""
    found = StaffMember.objects.filter(user_id__in=set(user_ids)).select_related("user")
    return {staff.user_id: staff.user.get_full_name() for staff in found}
