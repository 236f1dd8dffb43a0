"""The workspaces that a person is in."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from troth.accounts.models import User
from troth.workspaces.models import Membership, Workspace
from troth.workspaces.scope import scope


@dataclass(frozen=True)
class Place:
    """A workspace that the person may enter."""

    workspace_id: UUID
    membership_id: UUID
    handle: str

    @property
    def url(self) -> str:
        """Where one enters."""
        return f"/w/{self.handle}/inbox/"


@dataclass(frozen=True)
class NamedPlace:
    """A workspace as it is listed."""

    place: Place
    name: str
    role_label: str
    current: bool

    @property
    def url(self) -> str:
        """Where one enters."""
        return self.place.url


def places_of(user: User) -> list[Place]:
    """Return the person's workspaces, the one joined first in front."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, membership_id, handle FROM workspaces_of(%s)", [user.pk])
        return [Place(*row) for row in cursor.fetchall()]


def named_places_of(user: User, *, current: str | None) -> list[NamedPlace]:
    """Return the person's workspaces with their names. Each name is read within its own workspace's walls."""
    return [_named(place, current=current) for place in places_of(user)]


def _named(place: Place, *, current: str | None) -> NamedPlace:
    with scope(place.workspace_id):
        member = Membership.objects.get(pk=place.membership_id)
        return NamedPlace(
            place=place,
            name=Workspace.current().name,
            role_label=member.role_label,
            current=place.handle == current,
        )
