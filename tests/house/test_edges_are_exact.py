"""What ends ends to the second, in UTC: whatever zone people live in, whatever their clocks did that night."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.audit.record import Actor
from troth.base.ids import new_id
from troth.inbox.models import Conversation
from troth.inbox.outbox import CannotSend, say
from troth.privacy.models import Case
from troth.privacy.rights.cases import open_case
from troth.support import gate, requests
from troth.support.grants import Wish
from troth.support.models import Kind, Problem
from troth.support.models.sight import Look
from troth.workspaces import invitations
from troth.workspaces.models import Invitation, Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X38")]

SECOND = timedelta(seconds=1)
# Clocks went forward, went back, a day that is not in every year, a year's end, and the last second of 32 bits.
INSTANTS = {
    "spring forward": datetime(2026, 3, 28, 12, 30, tzinfo=UTC),
    "autumn back": datetime(2026, 10, 24, 23, 30, tzinfo=UTC),
    "leap day": datetime(2028, 2, 28, 18, 0, tzinfo=UTC),
    "year's end": datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
    "32 bits": datetime(2038, 1, 18, 12, 0, tzinfo=UTC),
}
ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu"]


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest) -> Any:
    """Let the reader live in this zone."""
    with timezone.override(request.param):
        yield request.param


@pytest.fixture(params=INSTANTS)
def begin(request: pytest.FixtureRequest) -> datetime:
    return INSTANTS[request.param]


def at(instant: datetime) -> Any:
    return time_machine.travel(instant, tick=False)


def thread_of(house: House, *, written: datetime) -> UUID:
    said = bodies.text("Hello", id="wamid.1", at=int(written.timestamp()))
    deliver(house, bodies.envelope(bodies.value(house.number_id, messages=[said]), account=house.account_id))
    with scope(house.id):
        found: UUID = Conversation.objects.get().id
        return found


def answers(house: House, thread: UUID) -> bool:
    with scope(house.id):
        found = Conversation.objects.select_related("contact", "channel").get(id=thread)
        try:
            say(found, "Yes", by=Membership.objects.get(id=house.members["Bob"]), client_id=new_id())
        except CannotSend:
            return False
        return True


def test_the_window_of_twenty_four_hours(begin: datetime, zone: str) -> None:
    with at(begin):
        house = kopi()
        thread = thread_of(house, written=begin)
    with at(begin + timedelta(hours=24) - SECOND):
        assert answers(house, thread)
    for later in (timedelta(hours=24), timedelta(hours=24) + SECOND, timedelta(days=366)):
        with at(begin + later):
            assert not answers(house, thread)


def test_an_invitation_of_seven_days(begin: datetime, zone: str) -> None:
    with at(begin):
        house = kopi()
        with scope(house.id):
            made = invitations.invite(
                "new@example.test", role=Role.AGENT, by=Membership.objects.get(id=house.members["Alice"])
            )
    for passed, stands in ((timedelta(days=7) - SECOND, True), (timedelta(days=7), False)):
        with at(begin + passed), scope(house.id):
            assert invitations.pending().filter(pk=made.pk).exists() is stands
            assert Invitation.objects.filter(pk=made.pk).exists()


def test_a_permission_to_look_of_seventy_two_hours(begin: datetime, zone: str) -> None:
    with at(begin):
        house = kopi()
        with scope(house.id):
            by = Membership.objects.select_related("user").get(id=house.members["Alice"])
            wish = Wish(Kind.SETTINGS, lasts=timedelta(hours=72))
            help = requests.ask(Problem.NUMBER, "Please look", by=by, wish=wish)
    with at(begin + timedelta(hours=72) - SECOND), gate.by_grant(help.pk, Look.SETTINGS, by=new_id()):
        pass
    with at(begin + timedelta(hours=72)), pytest.raises(gate.NoWay), gate.by_grant(help.pk, Look.SETTINGS, by=new_id()):
        pass


def test_a_case_is_due_after_whole_days_of_utc(begin: datetime, zone: str) -> None:
    with at(begin):
        house = kopi()
        with scope(house.id):
            made = open_case("access", "contact", None, "app", by=Actor.member(house.members["Alice"]), words="Please")
            case = Case.objects.get(pk=made.case.pk)
    assert case.opened_at == begin
    assert (case.due_at - case.opened_at) == timedelta(days=30)
