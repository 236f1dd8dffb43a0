"""Whatever a delivery names, it never lands in a workspace that its signature does not speak for (X13)."""

import pytest
from django.db import connection

from tests import bodies
from tests.cast import House, connect, kopi, rival
from tests.deliver import digest, store
from tests.house.picture import differences, picture
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import INSTALLATION, forget_ring, ring
from troth.base.sealing import store as keys
from troth.channels.models import Channel
from troth.ingest.models import Delivery
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B3.2", "B3.3", "X13")]
NOON = 1_700_000_000


@pytest.fixture
def ours() -> House:
    return kopi()


@pytest.fixture
def theirs() -> House:
    return rival()


def said(number: str | None, account: str, text: str = "Hello") -> bodies.Body:
    message = bodies.text(text, id=f"wamid.{text}", at=NOON)
    value = bodies.value(number or "", messages=[message])
    if number is None:
        del value["metadata"]
    return bodies.envelope(value, account=account)


def told(by: House, body: bodies.Body | bytes, *, secret: str | None = None) -> list[tuple[str, str]]:
    """Deliver a body at a house's address, signed by its app, and return (outcome, rule) of each change."""
    (made,) = store(by, body, secret=secret)
    digest()
    return [(line["outcome"], line["rule"]) for line in Delivery.objects.get(id=made.id).outcome or []]


def texts(house: House) -> list[str]:
    with scope(house.id):
        return sorted(row[4] for row in picture()["messages"])


def is_untouched(house: House, before: object) -> bool:
    with scope(house.id):
        return differences(before, picture()) == []  # type: ignore[arg-type]


FOREIGN = {
    "a message": lambda house: said(house.number_id, house.account_id),
    "a message in our account's name": lambda house: said(house.number_id, "200000000000001"),
    "a message in an account's name": lambda house: said(None, house.account_id),
    "a status": lambda house: bodies.envelope(
        bodies.value(house.number_id, statuses=[bodies.status("read", id="wamid.X", at=NOON)]), account=house.account_id
    ),
    "news of an account": lambda house: bodies.envelope(
        {"event": "ACCOUNT_DELETED"}, account=house.account_id, field="account_update"
    ),
    "news of a template": lambda house: bodies.envelope(
        {"event": "PAUSED", "message_template_id": 1, "message_template_name": "x", "message_template_language": "en"},
        account=house.account_id,
        field="message_template_status_update",
    ),
    "what nobody can read": lambda house: bodies.envelope({"x": 1}, account=house.account_id, field="of_the_future"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_our_signature_does_not_speak_for_another_workspace(ours: House, theirs: House, what: str) -> None:
    with scope(theirs.id):
        before = picture()
    assert told(ours, FOREIGN[what](theirs)) == [("ignored", "signed-by-another-app")]
    assert is_untouched(theirs, before)


@pytest.mark.parametrize("what", FOREIGN)
def test_nor_does_it_at_the_other_workspaces_address(ours: House, theirs: House, what: str) -> None:
    with scope(theirs.id):
        before = picture()
    assert told(theirs, FOREIGN[what](theirs), secret=ours.secret) == [("ignored", "signed-by-another-app")]
    assert is_untouched(theirs, before)


def test_of_a_body_for_both_each_gets_what_the_signature_speaks_for(ours: House, theirs: House) -> None:
    body = said(ours.number_id, ours.account_id, "ours")
    body["entry"] += said(theirs.number_id, theirs.account_id, "theirs")["entry"]
    assert told(ours, body) == [("applied", ""), ("ignored", "signed-by-another-app")]
    assert len(texts(ours)) == 1
    assert texts(theirs) == []


def test_a_number_that_nobody_connected_is_counted_and_goes_nowhere(ours: House, theirs: House) -> None:
    assert told(ours, said("999999999999999", "888888888888888")) == [("ignored", "unknown-number")]
    assert texts(ours) == texts(theirs) == []


def move_number(ours: House, theirs: House) -> None:
    """Take our number away and connect it in the other workspace, under its own app."""
    with scope(ours.id):
        Channel.objects.update(removed_at=now())
    with scope(theirs.id):
        connect(number_id=ours.number_id, account_id=ours.account_id, secret=theirs.secret)


def test_what_came_before_a_number_moved_does_not_follow_it(ours: House, theirs: House) -> None:
    (waiting,) = store(ours, said(ours.number_id, ours.account_id, "for ours"))
    move_number(ours, theirs)
    digest()
    assert [line["rule"] for line in Delivery.objects.get(id=waiting.id).outcome or []] == ["signed-by-another-app"]
    assert texts(ours) == texts(theirs) == []
    assert told(theirs, said(ours.number_id, ours.account_id, "for theirs")) == [("applied", "")]
    assert len(texts(theirs)) == 1
    assert texts(ours) == []


def test_what_is_still_signed_by_the_old_app_does_not_follow_either(ours: House, theirs: House) -> None:
    told(ours, said(ours.number_id, ours.account_id, "before"))
    move_number(ours, theirs)
    assert told(ours, said(ours.number_id, ours.account_id, "after")) == [("ignored", "signed-by-another-app")]
    assert len(texts(ours)) == 1
    assert texts(theirs) == []


def neighbour(ours: House) -> House:
    """Make a workspace whose number is of the same account and app as ours, as an agency's customers have them."""
    id = new_id()
    keys().create(str(id))
    with scope(id):
        Workspace.objects.create(id=id, name="Neighbour")
        channel = connect(number_id="100000000000009", account_id=ours.account_id, secret=ours.secret)
    return House(id, "", channel.id, "100000000000009", ours.account_id, ours.secret, {}, {})


def test_what_people_say_goes_to_one_number_also_where_only_the_account_is_named(ours: House) -> None:
    other = neighbour(ours)
    assert told(ours, said(None, ours.account_id)) == [("applied", "")]
    assert len(texts(ours)) == 1
    assert texts(other) == []


def test_news_of_an_account_go_to_all_of_its_numbers_and_news_of_a_number_to_it_alone(ours: House) -> None:
    other = neighbour(ours)
    with scope(other.id):
        Channel.objects.update(display_number=None)
        channel = Channel.objects.get()
        channel.display_number = "+1 555 000 0000"
        channel.save()
    account = bodies.envelope({"event": "VERIFIED_ACCOUNT"}, account=ours.account_id, field="account_update")
    assert told(ours, account) == [("applied", ""), ("applied", "")]
    quality = {"event": "FLAGGED", "display_phone_number": "60312345678"}
    number = bodies.envelope(quality, account=ours.account_id, field="phone_number_quality_update")
    assert sorted(told(ours, number)) == [("applied", ""), ("ignored", "another-number")]
    with scope(ours.id):
        assert Channel.objects.get().quality == "RED"
    with scope(other.id):
        assert Channel.objects.get().quality == ""


@pytest.mark.parametrize("body", [b"not JSON at all", b"[]", b"{}", b'{"entry": 5}', b"\xff\xfe", b""])
def test_what_names_nobody_stands_in_the_gap_ledger_of_the_address(ours: House, theirs: House, body: bytes) -> None:
    assert [outcome for outcome, _ in told(ours, body)] == ["gap"]
    with scope(ours.id):
        assert len(picture()["gaps"]) == 1
    with scope(theirs.id):
        assert picture()["gaps"] == []


def test_what_names_nobody_and_was_signed_by_another_stands_nowhere(ours: House, theirs: House) -> None:
    assert told(theirs, b"not JSON", secret=ours.secret) == [("ignored", "signed-by-another-app")]
    with scope(theirs.id):
        assert picture()["gaps"] == []


def test_a_workspace_without_keys_takes_nothing_and_stops_nobody(ours: House, theirs: House) -> None:
    with connection.cursor() as cursor, scope(theirs.id):
        mark = ring(INSTALLATION).index(ours.secret, place="channels_channel.app_secret_hash")
        cursor.execute("UPDATE channels_channel SET app_secret_hash = %s", [mark])
    keys().destroy(str(theirs.id))
    forget_ring(str(theirs.id))
    body = said(theirs.number_id, theirs.account_id, "theirs")
    body["entry"] += said(ours.number_id, ours.account_id, "ours")["entry"]
    assert sorted(told(ours, body)) == [("applied", ""), ("ignored", "workspace-is-gone")]
    assert len(texts(ours)) == 1
