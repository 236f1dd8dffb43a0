"""A permission to look ends at once when whoever gave it goes or may less, and after a restore every one is over."""

import pytest
from django.db import transaction
from django.test import Client

from tests import cast
from troth.audit.models import Entry
from troth.base import restoring
from troth.base.sealing import forget_ring, store
from troth.support import glass, grants, requests, restored
from troth.support.grants import Wish
from troth.support.models import BreakGlass, Ending, Grant, Ground, HelpMessage, HelpRequest, Kind, StaffRole
from troth.support.tests.conftest import asked, member, staff
from troth.workspaces.members import change_role, leave, remove
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
SETTINGS = Wish(Kind.SETTINGS)


def endings(house: cast.House) -> list[str | None]:
    with scope(house.id):
        return list(Grant.objects.order_by("id").values_list("ending", flat=True))


def entries(house: cast.House, action: str) -> int:
    with scope(house.id):
        return Entry.objects.filter(action=action).count()


def settled(what: str) -> int:
    """Let the one settler run that is registered under these words."""
    return restoring._settlers[what]()


# Whoever gave it


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("how", ["removed", "left", "demoted"])
def test_a_grant_ends_with_the_standing_of_whoever_gave_it(how: str, kopi: cast.House, sam: Client) -> None:
    path = f"/staff/requests/{asked(kopi, SETTINGS, by='Amira').pk}/settings/"
    assert sam.get(path).status_code == 200
    with scope(kopi.id):
        amira, alice = member(kopi, "Amira"), member(kopi, "Alice")
        if how == "removed":
            remove(amira.pk, by=alice)
        elif how == "left":
            leave(by=amira)
        else:
            change_role(amira.pk, to=Role.AGENT, by=alice)
    assert sam.get(path).status_code == 404
    assert (endings(kopi), entries(kopi, "grant.lapsed")) == ([Ending.LAPSED], 1)


@pytest.mark.clause("A2.2c")
def test_a_grant_ends_with_whoever_said_yes_to_it_and_with_whoever_wished_for_it(kopi: cast.House) -> None:
    with scope(kopi.id):
        grants.choose_ask_first(True, by=member(kopi, "Alice"))
        change_role(kopi.members["Amira"], to=Role.OWNER, by=member(kopi, "Alice"))
    asked(kopi, SETTINGS, by="Bob")
    asked(kopi, SETTINGS, by="Vera")
    with scope(kopi.id):
        first = Grant.objects.order_by("id")[0]
        grants.approve(first.pk, by=member(kopi, "Amira"))
        # An owner's yes is not an admin's: the workspace wants an owner's.
        change_role(kopi.members["Amira"], to=Role.ADMIN, by=member(kopi, "Alice"))
        assert endings(kopi) == [Ending.LAPSED, None]
        remove(kopi.members["Vera"], by=member(kopi, "Alice"))
    assert endings(kopi) == [Ending.LAPSED, Ending.LAPSED]


@pytest.mark.clause("A2.2c")
def test_a_grant_stays_where_whoever_gave_it_still_may(kopi: cast.House, sam: Client) -> None:
    path = f"/staff/requests/{asked(kopi, SETTINGS, by='Amira').pk}/settings/"
    with scope(kopi.id):
        change_role(kopi.members["Amira"], to=Role.OWNER, by=member(kopi, "Alice"))
        remove(kopi.members["Bob"], by=member(kopi, "Alice"))
    assert sam.get(path).status_code == 200
    assert endings(kopi) == [None]


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("change", [{"role": Role.VIEWER}, {"removed_at": "2026-01-01T00:00Z"}])
def test_the_gate_itself_asks_who_gave_it(change: dict[str, str], kopi: cast.House, sam: Client) -> None:
    path = f"/staff/requests/{asked(kopi, SETTINGS, by='Amira').pk}/settings/"
    with scope(kopi.id):
        Membership.objects.filter(pk=kopi.members["Amira"]).update(**change)
    assert endings(kopi) == [None]
    assert sam.get(path).status_code == 404


@pytest.mark.clause("A2.2c")
def test_where_the_change_is_taken_back_the_grant_lives_on(kopi: cast.House, sam: Client) -> None:
    path = f"/staff/requests/{asked(kopi, SETTINGS, by='Amira').pk}/settings/"
    with scope(kopi.id), transaction.atomic():
        remove(kopi.members["Amira"], by=member(kopi, "Alice"))
        transaction.set_rollback(True)
    assert sam.get(path).status_code == 200


# After a restore


@pytest.mark.clause("A2.2c")
def test_after_a_restore_no_grant_is_alive_and_every_thread_is_there(kopi: cast.House, sam: Client) -> None:
    help, waits = asked(kopi, SETTINGS), asked(kopi, SETTINGS, by="Bob")
    over = asked(kopi, SETTINGS)
    with scope(kopi.id):
        requests.close(over.pk, by=member(kopi, "Alice"))
    path = f"/staff/requests/{help.pk}/settings/"
    assert sam.get(path).status_code == 200
    assert settled("grants ended") == 2
    assert sam.get(path).status_code == 404
    assert sam.get(f"/staff/requests/{help.pk}/").status_code == 200
    assert endings(kopi) == [Ending.RESTORED, Ending.RESTORED, Ending.CLOSED]
    assert entries(kopi, "grant.restored") == 2
    with scope(kopi.id):
        assert HelpRequest.objects.filter(pk__in=[help.pk, waits.pk], closed_at=None).count() == 2
        assert HelpMessage.objects.count() == 3
    assert restored.end_all_grants() == 0


@pytest.mark.clause("A2.2c")
def test_the_grants_of_a_workspace_that_has_lost_its_keys_end_too(kopi: cast.House) -> None:
    asked(kopi, SETTINGS)
    store().destroy(str(kopi.id))
    forget_ring(str(kopi.id))
    assert restored.end_all_grants() == 1
    assert endings(kopi) == [Ending.RESTORED]


@pytest.mark.clause("A3.3")
def test_after_a_restore_no_glass_is_open_and_none_waits(kopi: cast.House) -> None:
    sekar, leila = staff("Sekar", StaffRole.SECURITY), staff("Leila", StaffRole.LEGAL)
    facts = {"ground": Ground.SECURITY, "reason": "Token theft", "kind": Kind.SETTINGS, "by": sekar.pk}
    broken, waits = glass.ask(kopi.id, **facts), glass.ask(kopi.id, **facts)
    assert glass.approve(broken.pk, by=leila.pk).alive
    assert settled("break-glass sessions ended") == 2
    broken.refresh_from_db()
    assert (broken.alive, broken.ended_by) == (False, None)
    with pytest.raises(glass.NotAllowed):
        glass.approve(waits.pk, by=leila.pk)
    assert not BreakGlass.objects.filter(ended_at=None).exists()
    assert glass.end_all() == 0
