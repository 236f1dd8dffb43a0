"""A delivery that breaks what reads it costs no other anything, is tried again, and ends where people can see it."""

from collections.abc import Sequence
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import digest, store
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring
from troth.channels.contract import MessageReceived
from troth.inbox.models import Gap, Message, Tally
from troth.inbox.receive import Arrival, apply
from troth.ingest import reading
from troth.ingest.claims import RETRY_AFTER
from troth.ingest.models import Delivery
from troth.ingest.poison import TRIES_MAX, offer_again, parked
from troth.ingest.writer import BODY_HASH
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_700_000_000
POISON = "breaks whatever reads it"


class Broken(Exception):
    """Something that nobody thought of."""


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture(autouse=True)
def fragile(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message breaks whatever applies it, after the others of its batch were written."""

    def apply_fragile(arrivals: Sequence[Arrival]) -> None:
        apply(arrivals)
        for arrival in arrivals:
            if isinstance(arrival.event, MessageReceived) and arrival.event.content.text == POISON:
                raise Broken

    monkeypatch.setattr(reading, "apply", apply_fragile)


def said(house: House, *texts: str, at: int = NOON) -> bodies.Body:
    messages = [bodies.text(text, id=f"wamid.{text}", at=at + n) for n, text in enumerate(texts)]
    return bodies.envelope(bodies.value(house.number_id, messages=messages), account=house.account_id)


def texts(house: House) -> list[str]:
    with scope(house.id):
        return sorted(message.text() for message in Message.objects.all())


def rest() -> None:
    """Let the time pass after which a broken delivery is tried again."""
    earlier = now() - RETRY_AFTER - timedelta(seconds=1)
    Delivery.objects.filter(attempts__gt=0).update(tried_at=earlier)


def test_the_others_of_its_batch_are_applied(house: House) -> None:
    before, poison, after = store(house, said(house, "one"), said(house, POISON), said(house, "two"))
    digest()
    assert texts(house) == ["one", "two"]
    states = {d.id: (d.digested_at is not None, d.attempts) for d in Delivery.objects.all()}
    assert states == {before.id: (True, 0), poison.id: (False, 1), after.id: (True, 0)}


def test_it_is_not_tried_again_at_once_and_holds_nobody_up(house: House) -> None:
    store(house, said(house, POISON))
    digest()
    store(house, said(house, "later"))
    digest()
    assert texts(house) == ["later"]
    assert Delivery.objects.get(digested_at=None).attempts == 1


def test_it_is_tried_again_and_goes_through_once_the_fault_is_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (made,) = store(house, said(house, POISON))
    digest()
    monkeypatch.setattr(reading, "apply", apply)
    rest()
    digest()
    assert texts(house) == [POISON]
    again = Delivery.objects.get()
    assert again.digested_at is not None
    assert again.received_at == made.received_at
    with scope(house.id):
        assert not Gap.objects.exists()


def test_after_the_last_try_only_the_change_that_breaks_goes_to_the_gap_ledger(house: House) -> None:
    store(house, said(house, "one", POISON, "two"))
    for _ in range(TRIES_MAX):
        digest()
        rest()
    assert texts(house) == ["one", "two"]
    delivery = Delivery.objects.get()
    assert delivery.digested_at is not None
    assert delivery.body is None
    assert [(line["outcome"], line["rule"]) for line in delivery.outcome or []] == [
        ("applied", ""),
        ("gap", "could-not-be-applied"),
        ("applied", ""),
    ]
    with scope(house.id):
        gap = Gap.objects.get()
        assert gap.reason == "could-not-be-applied"
        assert gap.raw["text"]["body"] == POISON
        assert gap.channel_id == house.channel


def test_another_workspace_in_the_same_body_loses_nothing(house: House) -> None:
    other = rival()
    with connection.cursor() as cursor, scope(other.id):
        mark = ring(INSTALLATION).index(house.secret, place="channels_channel.app_secret_hash")
        cursor.execute("UPDATE channels_channel SET app_secret_hash = %s", [mark])
    body = said(house, POISON)
    body["entry"] += said(other, "theirs")["entry"]
    store(house, body)
    for _ in range(TRIES_MAX):
        digest()
        rest()
    assert texts(other) == ["theirs"]
    assert texts(house) == []
    with scope(other.id):
        assert not Gap.objects.exists()


def unreadable(house: House) -> Delivery:
    """Store a delivery whose body no key opens."""
    mark = ring(INSTALLATION).index(house.secret, place="channels_channel.app_secret_hash")
    made = Delivery.objects.create(
        channel_id=house.channel,
        secret_hash=mark,
        body=bodies.encode(said(house, "sealed")),
        body_hash=ring(INSTALLATION).index("x", place=BODY_HASH),
        received_at=now(),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery SET body = set_byte(body, 40, 255 - get_byte(body, 40)) WHERE id = %s", [made.id]
        )
    return made


def test_a_body_that_cannot_be_read_is_parked_counted_and_stands_in_the_gap_ledger(house: House) -> None:
    made = unreadable(house)
    store(house, said(house, "one"))
    for _ in range(TRIES_MAX + 1):
        digest()
        rest()
    assert texts(house) == ["one"]
    assert parked() == [made.id]
    told = StringIO()
    call_command("parked", stdout=told)
    assert told.getvalue() == f"{made.id}\n1 parked\n"
    with scope(house.id):
        gap = Gap.objects.get()
        assert (gap.reason, gap.channel_id, gap.raw) == (
            "delivery-parked",
            house.channel,
            {"delivery_id": str(made.id)},
        )


def test_a_parked_delivery_can_be_offered_again(house: House) -> None:
    made = unreadable(house)
    for _ in range(TRIES_MAX):
        digest()
        rest()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ingest_delivery SET body = set_byte(body, 40, 255 - get_byte(body, 40)) WHERE id = %s", [made.id]
        )
    assert offer_again(parked()) == 1
    digest()
    assert parked() == []
    assert texts(house) == ["sealed"]
    with scope(house.id):
        assert not Gap.objects.exists()
        counted = Tally.objects.exclude(count=0).values_list("outcome", "count")
        assert sorted(counted) == [("applied", 1), ("came", 1)]


def test_a_parked_delivery_of_a_number_that_is_gone_is_still_counted(house: House) -> None:
    made = unreadable(house)
    with scope(house.id), connection.cursor() as cursor:
        cursor.execute("UPDATE channels_channel SET removed_at = now()")
    for _ in range(TRIES_MAX):
        digest()
        rest()
    assert parked() == [made.id]
    with scope(house.id):
        assert not Gap.objects.exists()
