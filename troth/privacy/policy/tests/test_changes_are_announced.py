"""A change that matters is told to every owner thirty days before it counts, whatever day it names."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from tests import cast
from troth.accounts.models import User
from troth.accounts.terms import current_version
from troth.audit.models import Entry
from troth.privacy.models import PolicyNotice
from troth.privacy.policy import force, notices
from troth.privacy.policy.acknowledgements import Unknown, acknowledge, unread_by
from troth.privacy.policy.looks import notices as look_at_notices
from troth.privacy.policy.tests.conftest import Policy
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B10.2")]
PUBLISHED, EFFECTIVE = date(2027, 3, 1), date(2027, 4, 15)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2027, 3, 1, 12, tzinfo=UTC), tick=False) as travelling:
        yield travelling


@pytest.fixture
def house(policy: Policy, clock: Any) -> cast.House:
    """Kopi and Rival, whose people agreed to the first version."""
    made = cast.kopi()
    cast.rival()
    User.objects.update(terms_version="2027-01-01")
    return made


def announce() -> None:
    """Let the job run, as its schedule would, and this process look again."""
    notices.announce(0)
    force.forget_notices()


def test_every_owner_and_nobody_else_gets_one_mail(policy: Policy, house: cast.House) -> None:
    version = policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    announce()
    announce()
    assert sorted(to for sent in mail.outbox for to in sent.to) == ["alice@example.test", "charlie@example.test"]
    assert all(f"/privacy/versions/{version.name}/" in sent.body for sent in mail.outbox)
    assert all("April 15, 2027" in sent.body for sent in mail.outbox)
    notice = PolicyNotice.objects.get()
    assert (notice.owners, notice.mails) == (2, 2)


def test_one_who_owns_two_workspaces_gets_one_mail_and_a_former_owner_none(policy: Policy, house: cast.House) -> None:
    cast.house("Third", people={}, number_id="100000000000003", account_id="200000000000003")
    with scope(house.id):
        Membership.objects.create(user=cast.user("Dora"), role=Role.OWNER, removed_at=datetime.now(UTC))
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    announce()
    assert len(mail.outbox) == 2


def test_the_old_version_holds_until_the_day_and_the_new_one_from_it_on(
    policy: Policy, house: cast.House, clock: Any
) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    announce()
    assert current_version() == "2027-01-01"
    clock.move_to(datetime(2027, 4, 14, 23, 59, 59, tzinfo=UTC))
    assert current_version() == "2027-01-01"
    clock.move_to(datetime(2027, 4, 15, tzinfo=UTC))
    assert current_version() == "2027-03-01"


def test_without_its_notice_a_version_never_counts(policy: Policy, house: cast.House, clock: Any) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    clock.move_to(datetime(2028, 1, 1, tzinfo=UTC))
    assert current_version() == "2027-01-01"


def test_a_late_notice_puts_the_day_off(policy: Policy, house: cast.House, clock: Any) -> None:
    """An installation that was updated ten days before the day gives its people thirty all the same."""
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    clock.move_to(datetime(2027, 4, 5, 9, tzinfo=UTC))
    announce()
    assert PolicyNotice.objects.get().effective_at == datetime(2027, 5, 5, 9, tzinfo=UTC)
    assert "May 5, 2027" in mail.outbox[0].body
    clock.move_to(datetime(2027, 5, 5, 8, 59, tzinfo=UTC))
    assert current_version() == "2027-01-01"
    clock.move_to(datetime(2027, 5, 5, 9, tzinfo=UTC))
    assert current_version() == "2027-03-01"


def test_a_later_version_that_does_not_matter_brings_nothing_in_early(
    policy: Policy, house: cast.House, clock: Any
) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    policy.publish(on=date(2027, 3, 3), effective=date(2027, 3, 3), significant=False)
    announce()
    clock.move_to(datetime(2027, 3, 10, tzinfo=UTC))
    assert current_version() == "2027-01-01"
    clock.move_to(datetime(2027, 4, 15, tzinfo=UTC))
    assert current_version() == "2027-03-03"


def test_nothing_is_announced_before_it_was_published(policy: Policy, house: cast.House, clock: Any) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    clock.move_to(datetime(2027, 2, 28, 23, tzinfo=UTC))
    announce()
    assert not PolicyNotice.objects.exists()


def test_where_nobody_agreed_to_an_earlier_one_there_is_nobody_to_tell(policy: Policy, clock: Any) -> None:
    policy.publish(on=date(2027, 1, 20), effective=date(2027, 2, 20))
    announce()
    assert current_version() == "2027-01-20"
    assert mail.outbox == []


def test_a_look_sees_a_notice_that_was_not_given_or_not_to_all(policy: Policy, house: cast.House, clock: Any) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    assert look_at_notices().ok
    clock.shift(timedelta(days=3))
    assert not look_at_notices().ok
    announce()
    assert look_at_notices().ok
    PolicyNotice.objects.update(mails=1)
    assert not look_at_notices().ok


def banner(who: str, house: cast.House) -> str:
    client = Client()
    client.force_login(house.users[who], backend="troth.accounts.backend.Backend")
    page = client.get("/account/profile/").content.decode()
    return page.partition('class="notice notice-info"')[2].partition("</section>")[0]


def test_a_banner_stands_until_one_says_that_one_has_read_it(policy: Policy, house: cast.House, clock: Any) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    assert banner("Bob", house) == ""
    announce()
    assert "changes on April 15, 2027" in banner("Bob", house)
    assert "/privacy/versions/2027-01-01/2027-03-01/" in banner("Bob", house)
    clock.move_to(datetime(2027, 4, 16, tzinfo=UTC))
    assert "changed on April 15, 2027" in banner("Bob", house)
    client = Client()
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    answer = client.post("/privacy/acknowledgement/", {"version": "2027-03-01", "back": "/account/profile/"})
    assert answer.headers["Location"] == "/account/profile/"
    house.users["Bob"].refresh_from_db()
    assert banner("Bob", house) == ""
    assert banner("Alice", house) != ""


def test_an_acknowledgement_is_an_entry_once_and_nothing_but_that(policy: Policy, house: cast.House) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    announce()
    bob = house.users["Bob"]
    acknowledge("2027-03-01", by=bob)
    acknowledge("2027-03-01", by=bob)
    acknowledge("2027-01-01", by=bob)
    bob.refresh_from_db()
    assert bob.terms_version == "2027-03-01"
    (entry,) = Entry.objects.filter(action="policy.acknowledged")
    assert (entry.target_kind, entry.target_id, entry.actor_id) == ("user", bob.id, bob.id)
    assert unread_by(bob) is None


@pytest.mark.parametrize("name", ["", "2027-03-01", "2031-01-01", "x' OR 1=1"])
def test_what_was_not_announced_cannot_be_confirmed(policy: Policy, house: cast.House, name: str) -> None:
    policy.publish(on=PUBLISHED, effective=EFFECTIVE)
    with pytest.raises(Unknown):
        acknowledge(name, by=house.users["Bob"])


def test_the_way_back_leads_nowhere_else(policy: Policy, house: cast.House) -> None:
    client = Client()
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    for back in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        answer = client.post("/privacy/acknowledgement/", {"version": "2027-01-01", "back": back})
        assert answer.headers["Location"] == "/privacy/"
