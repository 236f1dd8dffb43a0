"""The people of the demo workspace, so that a newcomer's first minute needs no sign-up. Development only."""

from dataclasses import dataclass
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from troth.accounts.models import User
from troth.accounts.terms import current_version
from troth.base.clock import now
from troth.workspaces.founding import found_workspace
from troth.workspaces.listing import places_of
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

WORKSPACE = "Kopi & Co"
OWNER = ("Ana", "ana@kopi.example")
COLLEAGUES = {("Bo", "bo@kopi.example"): Role.AGENT, ("Cai", "cai@kopi.example"): Role.VIEWER}
PASSWORD = "kopi-and-company"  # noqa: S105  # printed by bin/run; exists in development only


class NotInProduction(Exception):
    """A demo with a known password has no place where real people work."""


@dataclass(frozen=True)
class Demo:
    """Where the demo stands and how to enter it."""

    workspace_id: UUID
    handle: str
    email: str
    password: str
    members: dict[str, UUID]


def ensure_demo_people(*, password: str = PASSWORD) -> Demo:
    """Make the demo workspace with its owner, agent and viewer, or find it. Safe to repeat. Raises: NotInProduction."""
    if not settings.DEVELOPMENT:
        raise NotInProduction
    owner = _person(*OWNER, password=password)
    place = next(iter(places_of(owner)), None)
    if place is None:
        found_workspace(WORKSPACE, by=owner)
        place = places_of(owner)[0]
    members = {owner.name: place.membership_id}
    for (name, email), role in COLLEAGUES.items():
        colleague = _person(name, email, password=password)
        with scope(place.workspace_id):
            member = Membership.objects.filter(user=colleague, removed_at=None).first()
            member = member or Membership.objects.create(user=colleague, role=role)
            members[name] = member.pk
    return Demo(
        workspace_id=place.workspace_id, handle=place.handle, email=owner.email, password=password, members=members
    )


@transaction.atomic
def _person(name: str, email: str, *, password: str) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(
            email, password, name=name, terms_version=current_version(), terms_accepted_at=now()
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    elif not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
