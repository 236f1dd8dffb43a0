"""Break-glass, disclosures and breaches: two people, clocks, one way to write, and the workspace is told."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests import cast
from troth.accounts.models import User
from troth.audit.models import Entry
from troth.audit.record import open_detail
from troth.base.figures import figure
from troth.channels.models import Channel, ChannelKind
from troth.support import breaches, disclosures, gate, glass
from troth.support.jobs import keep_promises
from troth.support.models import BreakGlass, Exposed, Ground, Kind, StaffRole
from troth.support.models.sight import Look
from troth.support.tests.conftest import NAME, TEXT, Clock, behind_door, staff, talk_of
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def sekar(db: None) -> User:
    return staff("Sekar", StaffRole.SECURITY)


@pytest.fixture
def leila(db: None) -> User:
    return staff("Leila", StaffRole.LEGAL)


def actions(house: cast.House | None = None) -> list[str]:
    if house is None:
        return list(Entry.objects.order_by("number").values_list("action", flat=True))
    with scope(house.id):
        return list(Entry.objects.order_by("number").values_list("action", flat=True))


def wish(house: cast.House, by: User, **more: object) -> BreakGlass:
    facts = {"ground": Ground.SECURITY, "reason": "Token theft", "kind": Kind.SETTINGS, **more}
    return glass.ask(house.id, by=by.pk, **facts)  # type: ignore[arg-type]


# Break-glass


@pytest.mark.clause("A3.3", "A5.3d")
def test_the_glass_takes_two_people(kopi: cast.House, sekar: User, leila: User) -> None:
    asked = wish(kopi, sekar)
    client = behind_door(sekar)
    path = f"/staff/break-glass/{asked.pk}/settings/"
    assert client.get(path).status_code == 404
    assert client.post(f"/staff/break-glass/{asked.pk}/approval/").status_code == 404
    other = behind_door(leila)
    assert other.post(f"/staff/break-glass/{asked.pk}/approval/").status_code == 302
    assert client.get(path).status_code == 200
    assert other.get(path).status_code == 404
    assert client.get(f"/staff/break-glass/{asked.pk}/conversations/").status_code == 404


@pytest.mark.clause("A3.3", "A5.3d")
def test_the_database_keeps_no_glass_that_one_person_broke(kopi: cast.House, sekar: User) -> None:
    asked = wish(kopi, sekar)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE support_breakglass SET second_by = asked_by, approved_at = now(), expires_at = now() WHERE id = %s",
            [asked.pk],
        )


@pytest.mark.clause("A3.3", "A2.2b")
def test_it_lasts_an_hour_and_the_owners_are_told_why(kopi: cast.House, sekar: User, leila: User, clock: Clock) -> None:
    asked = wish(kopi, sekar)
    glass.approve(asked.pk, by=leila.pk)
    with gate.by_break_glass(asked.pk, Look.SETTINGS, by=sekar.pk):
        pass
    keep_promises()
    assert mail.outbox == []
    assert actions(kopi) == ["break_glass.used"]
    clock.passes(minutes=60)
    with pytest.raises(gate.NoWay), gate.by_break_glass(asked.pk, Look.SETTINGS, by=sekar.pk):
        pass
    keep_promises()
    keep_promises()
    assert [sent.to for sent in mail.outbox] == [[kopi.users["Alice"].email]]
    assert "Token theft" not in mail.outbox[0].body
    assert actions(kopi) == ["break_glass.used", "break_glass.over"]
    with scope(kopi.id):
        told = open_detail(Entry.objects.latest("number")) or {}
    assert (told["reason"], told["looks"]) == ("Token theft", 1)
    assert actions() == [
        "break_glass.asked",
        "break_glass.approved",
        "break_glass.used",
        "break_glass.told",
    ]


@pytest.mark.clause("A3.4", "A3.3")
def test_where_the_law_bars_it_the_owners_are_told_when_the_bar_ends(
    kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    bar = glass.Bar(clock.at + timedelta(days=30), "Order 7")
    with pytest.raises(glass.NotAllowed):
        wish(kopi, sekar, bar=bar)
    asked = wish(kopi, sekar, ground=Ground.LAW, bar=bar)
    glass.approve(asked.pk, by=leila.pk)
    with gate.by_break_glass(asked.pk, Look.SETTINGS, by=sekar.pk):
        pass
    clock.passes(days=29)
    keep_promises()
    assert (actions(kopi), mail.outbox) == ([], [])
    clock.passes(days=1)
    keep_promises()
    assert actions(kopi) == ["break_glass.over"]
    assert len(mail.outbox) == 1


@pytest.mark.clause("A5.3d")
def test_there_are_two_grounds_and_no_others(kopi: cast.House, sekar: User) -> None:
    assert set(Ground.values) == {"security", "law"}
    answer = behind_door(sekar).post(
        "/staff/break-glass/", {"ground": "curiosity", "reason": "x", "handle": kopi.handle, "kind": "settings"}
    )
    assert answer.status_code == 422
    assert not BreakGlass.objects.exists()


def test_what_was_asked_for_is_void_after_a_day(kopi: cast.House, sekar: User, leila: User, clock: Clock) -> None:
    asked = wish(kopi, sekar)
    clock.passes(hours=24, seconds=1)
    with pytest.raises(glass.NotAllowed):
        glass.approve(asked.pk, by=leila.pk)


# Disclosures


def demand(house: cast.House, **more: object) -> disclosures.Demand:
    facts: dict[str, object] = {
        "authority": "High Court",
        "reference": "22NCC-7",
        "basis": "Order of the day",
        "kind": Kind.CHOSEN,
    }
    facts |= {"workspace_id": house.id, "conversation_ids": (talk_of(house),), "names": True, "bodies": True, **more}
    return disclosures.Demand(**facts)  # type: ignore[arg-type]


@pytest.mark.clause("A3.4")
def test_nothing_is_given_before_two_people_decided(kopi: cast.House, sekar: User, leila: User) -> None:
    row = disclosures.enter(demand(kopi), by=leila.pk)
    with pytest.raises(disclosures.NotAllowed):
        disclosures.make(row.pk, by=leila.pk)
    with pytest.raises(disclosures.NotAllowed):
        disclosures.approve(row.pk, by=leila.pk)
    disclosures.approve(row.pk, by=sekar.pk)
    made = disclosures.make(row.pk, by=leila.pk)
    with pytest.raises(disclosures.NotAllowed):
        disclosures.make(row.pk, by=leila.pk)
    row.refresh_from_db()
    assert bytes(row.made_hash or b"") == hashlib.sha256(made).digest()
    assert actions() == ["disclosure.entered", "disclosure.approved", "disclosure.made"]
    assert actions(kopi) == ["disclosure.made"]


@pytest.mark.clause("A3.4")
@pytest.mark.parametrize("bodies", [True, False])
def test_what_is_given_holds_what_the_row_names_and_nothing_beyond(
    bodies: bool, kopi: cast.House, sekar: User, leila: User
) -> None:
    row = disclosures.enter(demand(kopi, names=False, bodies=bodies), by=leila.pk)
    disclosures.approve(row.pk, by=sekar.pk)
    made = disclosures.make(row.pk, by=leila.pk).decode()
    assert ((TEXT in made), (NAME in made), ("60123456789" in made)) == (bodies, False, False)
    assert set(json.loads(made)) == {"disclosure", "made_at", "scope", "names", "bodies", "content"}
    assert not any(word in made for word in ("Kopi", "Alice", cast.TOKEN, "Main number"))


@pytest.mark.clause("A3.4")
def test_of_a_chat_that_is_not_stored_there_is_nothing_to_give(kopi: cast.House, sekar: User, leila: User) -> None:
    row = disclosures.enter(demand(kopi), by=leila.pk)
    with scope(kopi.id):
        Channel.objects.update(kind=ChannelKind.WEB)
    disclosures.approve(row.pk, by=sekar.pk)
    made = json.loads(disclosures.make(row.pk, by=leila.pk))
    assert made["content"]["conversations"] == [{"id": str(talk_of(kopi)), "stored": False}]


@pytest.mark.clause("A3.4")
def test_the_workspace_is_told_at_once_or_when_the_gag_ends(
    kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    with pytest.raises(disclosures.NotAllowed):
        disclosures.enter(demand(kopi, gag=glass.Bar(clock.at, "Order")), by=leila.pk)
    gag = glass.Bar(clock.at + timedelta(days=90), "Order of silence")
    row = disclosures.enter(demand(kopi, gag=gag), by=leila.pk)
    disclosures.approve(row.pk, by=sekar.pk)
    disclosures.make(row.pk, by=leila.pk)
    clock.passes(days=89)
    keep_promises()
    assert (actions(kopi), mail.outbox) == ([], [])
    clock.passes(days=1)
    keep_promises()
    assert actions(kopi) == ["disclosure.notice"]
    assert [sent.to for sent in mail.outbox] == [[kopi.users["Alice"].email]]


@pytest.mark.clause("A3.4")
def test_everybody_may_know_how_many_there_were(kopi: cast.House, sekar: User, leila: User, clock: Clock) -> None:
    refused = disclosures.enter(demand(kopi), by=leila.pk)
    disclosures.refuse(refused.pk, reason="No court", by=sekar.pk)
    row = disclosures.enter(demand(kopi), by=leila.pk)
    disclosures.approve(row.pk, by=sekar.pk)
    assert dict(figure("disclosures")) == {}
    disclosures.make(row.pk, by=leila.pk)
    assert dict(figure("disclosures")) == {clock.at.year: 1}


# Breaches


def alarm(clock: Clock, *, drill: bool = False) -> breaches.Alarm:
    return breaches.Alarm(
        summary="A backup was copied",
        advice="Change your passwords",
        exposed=Exposed.MESSAGES,
        detected_at=clock.at,
        drill=drill,
    )


@pytest.mark.clause("L6")
def test_the_clocks_run_from_detection(sekar: User, clock: Clock) -> None:
    breach = breaches.open_breach(alarm(clock), by=sekar.pk)
    assert breach.authority_due_at - breach.detected_at == timedelta(hours=72)
    assert breach.people_due_at - breach.detected_at == timedelta(days=7)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE support_breach SET authority_due_at = authority_due_at + interval '1 day'")


@pytest.mark.clause("L6")
@pytest.mark.parametrize("drill", [False, True])
def test_who_is_affected_is_reckoned_and_told(drill: bool, kopi: cast.House, sekar: User, clock: Clock) -> None:
    cast.rival()
    client = behind_door(sekar, at=clock.at.timestamp())
    breach = breaches.open_breach(alarm(clock, drill=drill), by=sekar.pk)
    for step in ("people", "reckoning", "authority", "people"):
        status = client.post(f"/staff/breaches/{breach.pk}/{step}/").status_code
        assert status == (404 if step == "people" and breach.reckoned_at is None else 302), step
        breach.refresh_from_db()
    assert breach.affected == [{"workspace": str(kopi.id), "messages": 1, "contacts": 1}]
    page = client.get(f"/staff/breaches/{breach.pk}/").content.decode()
    assert "messages: 1" in page
    assert [sent.to for sent in mail.outbox] == ([] if drill else [[kopi.users["Alice"].email]])
    assert actions(kopi) == ([] if drill else ["breach.notice"])
    assert not any(word in page for word in (NAME, TEXT, "Kopi"))


# All of them


@pytest.mark.clause("L6", "A3.4", "A3.3")
@pytest.mark.parametrize("table", ["support_breakglass", "support_legaldisclosure", "support_breach"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET id = gen_random_uuid()"])
def test_a_row_of_a_register_stays(
    deed: str, table: str, kopi: cast.House, sekar: User, leila: User, clock: Clock
) -> None:
    wish(kopi, sekar)
    disclosures.enter(demand(kopi), by=leila.pk)
    breaches.open_breach(alarm(clock), by=sekar.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed.format(table))


def test_registers_are_sealed(kopi: cast.House, sekar: User, leila: User, clock: Clock) -> None:
    wish(kopi, sekar)
    disclosures.enter(demand(kopi), by=leila.pk)
    breaches.open_breach(alarm(clock), by=sekar.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(to_jsonb(t)::text, '') FROM support_breakglass t)"
            " || (SELECT string_agg(to_jsonb(t)::text, '') FROM support_legaldisclosure t)"
            " || (SELECT string_agg(to_jsonb(t)::text, '') FROM support_breach t)"
        )
        told = cursor.fetchone()[0]
    assert not any(word in told for word in ("Token theft", "High Court", "22NCC", "backup", "passwords"))


def test_nothing_of_the_registers_is_on_pages_of_support(sam: Client, kopi: cast.House, leila: User) -> None:
    row = disclosures.enter(demand(kopi), by=leila.pk)
    for path in (f"disclosures/{row.pk}/approval/", f"disclosures/{row.pk}/export.json"):
        assert sam.post(f"/staff/{path}").status_code == 404
