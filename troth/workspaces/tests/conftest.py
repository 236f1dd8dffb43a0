"""The fixed cast: Alice owns the workspace, Bob is on the team, Charlie is the stranger from another workspace."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from troth.accounts.models import QueuedMail, User
from troth.accounts.tests.conftest import light_hashes, our_mail, plain_static_files
from troth.workspaces.founding import found_workspace
from troth.workspaces.invitations import Closed
from troth.workspaces.members import NotAllowed
from troth.workspaces.models import Invitation, Membership, Role, Workspace
from troth.workspaces.scope import scope

__all__ = ["light_hashes", "our_mail", "plain_static_files"]


@dataclass
class Cast:
    """Who is there, and where."""

    alice: User
    bob: User
    charlie: User
    here: Workspace
    elsewhere: Workspace

    def member(self, user: User) -> Membership:
        """Return somebody's membership in the workspace."""
        with scope(self.here.pk):
            found = Membership.objects.select_related("user").filter(user=user).order_by("-id").first()
            assert found is not None
            return found

    def joins(self, user: User, role: Role) -> Membership:
        """Make somebody a member of the workspace."""
        with scope(self.here.pk):
            return Membership.objects.create(user=user, role=role)


def person(name: str, *, email: str = "") -> User:
    """Make somebody with a proven address."""
    address = email or f"{name.lower()}@people.example"
    user = User.objects.create_user(address, None, name=name)
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    return user


def gather() -> Cast:
    """Make the cast."""
    alice, bob, charlie = person("Alice"), person("Bob"), person("Charlie")
    cast = Cast(
        alice=alice,
        bob=bob,
        charlie=charlie,
        here=found_workspace("Kopi", by=alice),
        elsewhere=found_workspace("Teh", by=charlie),
    )
    cast.joins(bob, Role.AGENT)
    return cast


@pytest.fixture
def cast(db: Any) -> Cast:
    """Return the cast, made afresh."""
    return gather()


@pytest.fixture
def committed_cast(django_db_blocker: Any) -> Iterator[Cast]:
    """Return the cast in the database itself, seen by every connection; it is taken out again afterwards."""
    with django_db_blocker.unblock():
        cast = gather()
        try:
            yield cast
        finally:
            for workspace in (cast.here, cast.elsewhere):
                _take_out(workspace)
            people = [cast.alice.pk, cast.bob.pk, cast.charlie.pk]
            EmailAddress.objects.filter(user_id__in=people).delete()
            User.objects.filter(pk__in=people)._raw_delete("default")
            QueuedMail.objects.all().delete()
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'mail.deliver'")
            connection.close()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same moment, each with a connection of its own; return what each gave or was refused with."""
    start = Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            start.wait()
            return act()
        except (NotAllowed, Closed) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def _take_out(workspace: Workspace) -> None:
    with scope(workspace.pk):
        Invitation.objects.all().delete()
        Membership.objects.all().delete()
        Workspace.objects.all().delete()
