"""A hold of the operator: two of staff, it stops deletion and nothing else, it ends, and the owners are told of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests import cast
from troth.accounts.models import User
from troth.audit.models import Entry
from troth.audit.record import open_detail
from troth.base.clock import now
from troth.base.holding import held_in
from troth.contacts.models import Contact
from troth.support import glass, holds
from troth.support.jobs import keep_promises
from troth.support.models import HeldKind, OperatorHold, StaffRole
from troth.support.tests.conftest import NAME, TEXT, Clock, behind_door, signed_in, staff, talk_of
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B4.3"), pytest.mark.usefixtures("clock")]


KOPIS_NOT = UUID(int=7)


@pytest.fixture
def sekar(db: None) -> User:
    return staff("Sekar", StaffRole.SECURITY)


@pytest.fixture
def leila(db: None) -> User:
    return staff("Leila", StaffRole.LEGAL)


def asked(house: cast.House, by: User, *, days: int = 90, **more: object) -> OperatorHold:
    facts: dict[str, object] = {"kind": HeldKind.CONVERSATION, "target_ids": (talk_of(house),), **more}
    until = now().date() + timedelta(days=days)
    return holds.ask(
        holds.Wanted(house.id, reference="22NCC-7", basis="Order of the day", review_on=until, **facts),  # type: ignore[arg-type]
        by=by.pk,
    )


def kept(house: cast.House) -> list[tuple[str, object, bool]]:
    return [(one.kind, one.target_id, one.secret) for one in held_in(house.id)]


def told(house: cast.House) -> list[str]:
    with scope(house.id):
        return list(Entry.objects.order_by("number").values_list("action", flat=True))


def test_one_person_holds_nothing_and_two_do(kopi: cast.House, sekar: User, leila: User) -> None:
    hold = asked(kopi, leila)
    with pytest.raises(holds.NotAllowed):
        holds.approve(hold.pk, by=leila.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        OperatorHold.objects.filter(pk=hold.pk).update(second_by=leila.pk, approved_at=now())
    assert kept(kopi) == []
    holds.approve(hold.pk, by=sekar.pk)
    assert kept(kopi) == [("conversation", talk_of(kopi), False)]
    assert kept(cast.rival()) == []
    with pytest.raises(holds.NotAllowed):
        holds.approve(hold.pk, by=sekar.pk)


def test_it_is_over_when_it_is_ended_or_its_review_day_is_past(
    kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    first, second = asked(kopi, leila, days=10), asked(kopi, leila, days=20)
    for hold in (first, second):
        holds.approve(hold.pk, by=sekar.pk)
    holds.end(second.pk, by=leila.pk)
    with pytest.raises(holds.NotAllowed):
        holds.approve(second.pk, by=sekar.pk)
    clock.passes(days=10)
    assert len(kept(kopi)) == 1
    clock.passes(days=1)
    assert kept(kopi) == []


@pytest.mark.parametrize(
    "wrong",
    [{"days": 181}, {"days": -1}, {"target_ids": ()}, {"target_ids": (KOPIS_NOT,)}, {"kind": HeldKind.CONTACT}],
    ids=["too long", "over", "of nothing", "of nothing here", "of another kind"],
)
def test_what_may_not_be_asked_for(wrong: dict[str, Any], kopi: cast.House, leila: User) -> None:
    with pytest.raises(holds.NotAllowed):
        asked(kopi, leila, **wrong)
    assert not OperatorHold.objects.exists()


@pytest.mark.parametrize("days", [-1, 366])
def test_a_gag_has_an_end_within_a_year(days: int, kopi: cast.House, leila: User, clock: Clock) -> None:
    with pytest.raises(holds.NotAllowed):
        asked(kopi, leila, gag=glass.Bar(clock.at + timedelta(days=days), "Order"))


def test_the_owners_are_told_what_and_why_in_the_log_and_that_it_is_by_mail(
    kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    hold = asked(kopi, leila)
    keep_promises()
    assert (told(kopi), mail.outbox) == ([], [])
    holds.approve(hold.pk, by=sekar.pk)
    keep_promises()
    keep_promises()
    assert told(kopi) == ["operator_hold.notice"]
    assert [sent.to for sent in mail.outbox] == [[kopi.users["Alice"].email]]
    assert "22NCC" not in mail.outbox[0].body
    assert "Order of the day" not in mail.outbox[0].body
    with scope(kopi.id):
        assert (open_detail(Entry.objects.get()) or {})["basis"] == "Order of the day"
    assert "Order of the day" in signed_in(kopi, "Alice").get(f"/w/{kopi.handle}/access-log/").content.decode()


def test_where_a_gag_forbids_it_they_are_told_when_it_ends(
    kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    hold = asked(kopi, leila, gag=glass.Bar(clock.at + timedelta(days=30), "Order of silence"))
    holds.approve(hold.pk, by=sekar.pk)
    clock.passes(days=29)
    keep_promises()
    assert (told(kopi), mail.outbox) == ([], [])
    assert kept(kopi) == [("conversation", talk_of(kopi), True)]
    clock.passes(days=1)
    keep_promises()
    assert told(kopi) == ["operator_hold.notice"]
    assert kept(kopi) == [("conversation", talk_of(kopi), False)]


def test_behind_the_door_one_asks_and_another_approves_and_neither_reads(
    kopi: cast.House, sekar: User, leila: User
) -> None:
    with scope(kopi.id):
        person = Contact.objects.get().pk
    given = {
        "handle": kopi.handle,
        "kind": "contact",
        "target_ids": str(person),
        "reference": "22NCC-7",
        "basis": "Order of the day",
        "review_on": (now().date() + timedelta(days=30)).isoformat(),
    }
    one, other = behind_door(leila), behind_door(sekar)
    assert one.post("/staff/holds/", {**given, "handle": "nowhere"}).status_code == 422
    assert one.post("/staff/holds/", given).status_code == 302
    hold = OperatorHold.objects.get()
    assert "Approve" not in one.get("/staff/holds/").content.decode()
    assert one.post(f"/staff/holds/{hold.pk}/approval/").status_code == 404
    assert other.post(f"/staff/holds/{hold.pk}/approval/").status_code == 302
    page = other.get("/staff/holds/").content.decode()
    assert "holds until" in page
    assert not any(word in page for word in (NAME, "60123456789", TEXT, "Kopi"))
    assert kept(kopi) == [("contact", person, False)]
    for path in ("settings/", "conversations/", f"conversations/{talk_of(kopi)}/"):
        assert other.get(f"/staff/break-glass/{hold.pk}/{path}").status_code == 404
    assert other.post(f"/staff/holds/{hold.pk}/end/").status_code == 302
    assert kept(kopi) == []


def test_people_of_support_find_no_holds(sam: Client, kopi: cast.House, leila: User) -> None:
    hold = asked(kopi, leila)
    assert sam.get("/staff/holds/").status_code == 404
    assert sam.post(f"/staff/holds/{hold.pk}/approval/").status_code == 404


@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET review_on = review_on + 1"])
def test_a_row_of_the_register_stays_as_it_is(deed: str, kopi: cast.House, leila: User) -> None:
    asked(kopi, leila)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format("support_operatorhold"))
