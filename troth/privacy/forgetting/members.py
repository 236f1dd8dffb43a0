"""Deleting an account: signed out and out of every workspace at once, undone by signing in within seven days, then purged."""

from uuid import UUID

from django.db import transaction

from troth.accounts.models import Session, User
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.privacy.forgetting.contacts import TooLate
from troth.privacy.forgetting.deadlines import UNDO
from troth.privacy.forgetting.purge import locked
from troth.privacy.models import Erasure, ErasureState, SubjectKind
from troth.workspaces import members
from troth.workspaces.listing import Place, places_of
from troth.workspaces.models import Membership, Role, Team, TeamMember, Workspace
from troth.workspaces.scope import scope
from troth.workspaces.signals import announce, membership_changed


class LastOwner(Exception):
    """The person is the only owner of some workspaces, and has to hand them over or delete them first."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__("the only owner of a workspace")
        self.places = places


def request_erasure(user_id: UUID, *, by: Actor, case_id: UUID | None = None, leaving: bool = True) -> Erasure:
    """Sign a person out everywhere, take them out of every workspace, and let the account be purged after the undo time.

    Outside of any scope. Asking again returns the same. Without `leaving`, memberships stay as they are: only after a
    restore, when the person had left already. Raises: LastOwner, User.DoesNotExist.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(id=user_id)
        if (running := running_of(user_id)) is not None:
            return running
        if leaving and (alone := sole_owner_of(user)):
            raise LastOwner(alone)
        at = now()
        left = [_leave(place) for place in places_of(user)] if leaving else []
        erasure = Erasure.objects.create(
            id=new_id(),
            subject_kind=SubjectKind.MEMBER,
            subject_id=user_id,
            case_id=case_id,
            requested_at=at,
            actor_kind=by.kind,
            actor_id=by.id,
            undo_until=at + UNDO,
            facts={"left": left},
        )
        Session.objects.filter(user=user).delete()
        record("member.erasure_requested", by=by, target=("user", user_id))
    return erasure


def undo(user_id: UUID) -> bool:
    """Take the deletion of an account back, because its person has signed in; return whether there was one.

    Where it can, it puts the person back into the workspaces. Raises: TooLate.
    """
    with transaction.atomic():
        found = running_of(user_id)
        if found is None:
            return False
        erasure = locked(found.id, None)
        if not erasure.can_be_undone():
            raise TooLate
        for one in erasure.facts.get("left", []):
            _return(one, user_id)
        erasure.state, erasure.undone_at, erasure.facts = ErasureState.UNDONE, now(), {}
        erasure.save(update_fields=["state", "undone_at", "facts"])
        record("member.erasure_undone", by=Actor.person(user_id), target=("user", user_id))
        return True


def running_of(user_id: UUID) -> Erasure | None:
    """Return the erasure of an account that is going on. Outside of any scope."""
    return Erasure.objects.filter(
        workspace_id=None,
        subject_kind=SubjectKind.MEMBER,
        subject_id=user_id,
        state__in=[ErasureState.RESTRICTED, ErasureState.PURGING],
    ).first()


def sole_owner_of(user: User) -> list[Place]:
    """Return the workspaces in which nobody else is an owner and which are not being deleted."""
    return [place for place in places_of(user) if _needs(place)]


def _needs(place: Place) -> bool:
    with scope(place.workspace_id):
        members.lock_members()
        if Workspace.current().closing_at is not None:
            return False
        owners = Membership.objects.filter(role=Role.OWNER, removed_at=None).values_list("id", flat=True)
        return list(owners) == [place.membership_id]


def _leave(place: Place) -> dict[str, object]:
    """Take the person out of one workspace, and return what it takes to put them back."""
    with scope(place.workspace_id):
        member = Membership.objects.get(id=place.membership_id)
        teams = TeamMember.objects.filter(membership=member).values_list("team_id", flat=True)
        kept: dict[str, object] = {
            "workspace": str(place.workspace_id),
            "member": str(member.id),
            "teams": [str(id) for id in teams],
        }
        if Workspace.current().closing_at is None:
            members.leave(by=member)
        return kept


def _return(left: dict[str, object], user_id: UUID) -> None:
    workspace_id, membership_id = UUID(str(left["workspace"])), UUID(str(left["member"]))
    with scope(workspace_id):
        if Membership.objects.filter(user_id=user_id, removed_at=None).exists():
            return
        # Not where their traces were erased meanwhile: the place is nobody's then.
        theirs = Membership.objects.filter(id=membership_id, user_id=user_id)
        if not theirs.update(removed_at=None, removed_by=None):
            return
        named = left["teams"] if isinstance(left["teams"], list) else []
        for team in Team.objects.filter(id__in=[UUID(id) for id in named]):
            TeamMember.objects.get_or_create(team=team, membership_id=membership_id)
        announce(membership_changed, workspace_id=workspace_id, membership_id=membership_id)
