"""Staff are told by mail before a clock runs out and when it has: each once, the most urgent first, and no content."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings

from tests import cast
from troth.accounts.models import User
from troth.audit.models import Entry
from troth.support import breaches, clocks, desk, disclosures, requests
from troth.support.models import Breach, Exposed, Kind, LegalDisclosure, StaffRole
from troth.support.tests.conftest import Clock, asked, behind_door, member, staff
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def sekar(db: None) -> User:
    return staff("Sekar", StaffRole.SECURITY)


@pytest.fixture
def sofia(db: None) -> User:
    return staff("Sofia")


def told() -> list[tuple[str, str]]:
    """Return to whom which mails went since the last time, after the clocks were wound twice."""
    clocks.wind()
    clocks.wind()
    found = [(sent.to[0].partition("@")[0], str(sent.subject)) for sent in mail.outbox]
    mail.outbox.clear()
    return found


def breach_of(clock: Clock, by: User, *, drill: bool = False) -> Breach:
    alarm = breaches.Alarm("A disk was lost", "Change secrets", Exposed.ALL, detected_at=clock.at, drill=drill)
    return breaches.open_breach(alarm, by=by.pk)


def demand_of(house: cast.House, by: User) -> LegalDisclosure:
    return disclosures.enter(disclosures.Demand(house.id, "High Court", "22NCC-7", "Order", kind=Kind.LIST), by=by.pk)


@pytest.mark.clause("B2.3")
def test_a_request_for_help_is_told_of_four_hours_before_and_when_it_is_late(
    kopi: cast.House, sofia: User, sekar: User, clock: Clock
) -> None:
    asked(kopi)
    mail.outbox.clear()
    seen = []
    for hours in (19.9, 0.2, 3.8, 0.2, 50):
        clock.passes(hours=hours)
        seen += [(who, subject.rpartition(" ")[2]) for who, subject in told()]
    assert seen == [("sofia", "hours"), ("sofia", "late")]
    with scope(kopi.id):
        assert Entry.objects.filter(action="help.alarm").count() == 2


@pytest.mark.clause("B2.3")
def test_a_worker_that_was_away_tells_the_most_urgent_only(kopi: cast.House, sofia: User, clock: Clock) -> None:
    asked(kopi)
    mail.outbox.clear()
    clock.passes(hours=30)
    assert told() == [("sofia", "A request for help is late")]


@pytest.mark.clause("B2.3")
def test_what_was_answered_is_not_told_of_and_a_new_question_has_a_new_clock(
    kopi: cast.House, sofia: User, clock: Clock
) -> None:
    help = asked(kopi)
    clock.passes(hours=30)
    clocks.wind()
    desk.answer(help.pk, "Look here", by=sofia.pk)
    mail.outbox.clear()
    clock.passes(hours=30)
    assert told() == []
    with scope(kopi.id):
        requests.write(help.pk, "Still not", by=member(kopi, "Alice"))
    mail.outbox.clear()
    clock.passes(hours=30)
    assert told() == [("sofia", "A request for help is late")]


@pytest.mark.clause("L6")
@pytest.mark.parametrize("drill", [True, False])
def test_the_clocks_of_a_breach_are_told_of_before_and_after(
    drill: bool, sofia: User, sekar: User, clock: Clock
) -> None:
    breach_of(clock, sekar, drill=drill)
    seen = []
    for hours in (47, 2, 24, 46, 2, 46, 3, 100):
        clock.passes(hours=hours)
        seen += told()
    assert {who for who, _ in seen} == {"sekar"}
    assert [subject for _, subject in seen] == [
        str(words) for words in (clocks.AUTHORITY.soon[1], clocks.AUTHORITY.late[1])
    ] + [str(words) for words in (clocks.PEOPLE.soon[1], clocks.PEOPLE.late[1])]
    assert Entry.objects.filter(action="breach.alarm").count() == 4


@pytest.mark.clause("L6")
def test_what_was_told_or_closed_is_not_reminded_of(sekar: User, clock: Clock) -> None:
    first, second = breach_of(clock, sekar), breach_of(clock, sekar)
    breaches.reckon(first.pk, by=sekar.pk)
    breaches.tell_authority(first.pk, by=sekar.pk)
    breaches.tell_people(first.pk, by=sekar.pk)
    breaches.close(second.pk, lessons="No breach", by=sekar.pk)
    clock.passes(days=30)
    assert told() == []


@pytest.mark.clause("A3.4")
def test_a_demand_is_told_of_three_days_before_its_day_and_when_it_is_late(
    kopi: cast.House, sofia: User, sekar: User, clock: Clock
) -> None:
    demand_of(kopi, sekar)
    seen = []
    for days in (10.9, 0.2, 2.9, 0.2, 30):
        clock.passes(days=days)
        seen += told()
    assert seen == [("sekar", str(clocks.DEMAND.soon[1])), ("sekar", str(clocks.DEMAND.late[1]))]


@pytest.mark.clause("A3.4")
@pytest.mark.parametrize("end", ["refused", "given"])
def test_a_demand_that_was_answered_is_not_told_of(end: str, kopi: cast.House, sekar: User, clock: Clock) -> None:
    row, leila = demand_of(kopi, sekar), staff("Leila", StaffRole.LEGAL)
    acts: dict[str, Callable[[], object]] = {
        "refused": lambda: disclosures.refuse(row.pk, reason="No court", by=leila.pk),
        "given": lambda: (disclosures.approve(row.pk, by=leila.pk), disclosures.make(row.pk, by=leila.pk)),
    }
    acts[end]()
    clock.passes(days=30)
    assert told() == []


@pytest.mark.clause("A3.4")
def test_the_day_that_an_authority_names_counts_and_is_shown(kopi: cast.House, sekar: User, clock: Clock) -> None:
    client = behind_door(sekar, at=clock.at.timestamp())
    given = {"authority": "High Court", "reference": "7", "basis": "Order", "handle": kopi.handle, "kind": "list"}
    day = clock.at + timedelta(days=30)
    assert client.post("/staff/disclosures/", {**given, "answer_by": f"{day:%Y-%m-%dT%H:%M}"}).status_code == 302
    clock.passes(days=26)
    assert told() == []
    clock.passes(days=2)
    assert told() == [("sekar", str(clocks.DEMAND.soon[1]))]
    clock.passes(days=3)
    again = behind_door(sekar, at=clock.at.timestamp())
    assert "late by" in again.get("/staff/disclosures/").content.decode()


@pytest.mark.clause("L6")
def test_where_nobody_is_of_the_staff_the_operator_is_told(kopi: cast.House, sekar: User, clock: Clock) -> None:
    asked(kopi)
    mail.outbox.clear()
    clock.passes(hours=30)
    with override_settings(PRIVACY_MAIL="privacy@example.test"):
        assert told() == [("privacy", "A request for help is late")]
