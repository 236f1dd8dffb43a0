"""The page about spending adds up what Meta said and what was imported, and says what it does not know."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import House, kopi, rival
from troth.channels.models import BusinessAccount, Channel, Rate
from troth.inbox.models import Conversation, Direction, Message, MessageStatus, PastSpending
from troth.inbox.spent import keep_spending
from troth.inbox.tests.sending import meet
from troth.reports.plot import HEIGHT, plot
from troth.workspaces.models import Team, TeamMember
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
SPAN = {"from": "2026-10-01", "to": "2026-10-31"}
Send = Callable[..., None]


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def alice(house: House) -> Client:
    client = Client()
    client.force_login(house.users["Alice"])
    return client


@pytest.fixture
def send(house: House) -> Send:
    (conversation,) = meet(house, 1)

    def one(kind: str, category: str, *, count: int = 1, **facts: Any) -> None:
        usual = {
            "country": "MY",
            "priced_at": NOON,
            "status": MessageStatus.DELIVERED,
            "author_id": house.members["Bob"],
        }
        with scope(house.id):
            for _ in range(count):
                Message.objects.create(
                    conversation_id=conversation,
                    channel_id=house.channel,
                    direction=Direction.OUT,
                    kind="text",
                    at=NOON,
                    client_id=uuid4(),
                    pricing={"type": kind, "category": category},
                    **{**usual, **facts},
                )

    return one


def rate(house: House, market: str, category: str, amount: str) -> None:
    with scope(house.id):
        BusinessAccount.objects.get_or_create(account_id=house.account_id, currency="USD")
        Rate.objects.create(
            currency="USD", market=market, category=category, valid_from=date(2026, 9, 1), amount=Decimal(amount)
        )


def page(client: Client, house: House, **more: str) -> str:
    answer = client.get(f"/w/{house.handle}/spending/", {**SPAN, **more})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def file(client: Client, house: House) -> list[dict[str, str]]:
    answer = client.get(f"/w/{house.handle}/spending/file/", SPAN)
    return list(csv.DictReader(StringIO(answer.content.decode().removeprefix("\ufeff"))))


def test_it_adds_up_what_was_charged_and_leaves_out_what_failed_or_was_free(
    house: House, alice: Client, send: Send
) -> None:
    rate(house, "MY", "marketing", "0.10")
    rate(house, "MY", "utility", "0.02")
    send("regular", "marketing", count=3)
    send("regular", "utility", status=MessageStatus.SENT)
    send("free_customer_service", "service", count=5)
    send("regular", "marketing", status=MessageStatus.FAILED)
    send("regular", "authentication", country="BR")
    shown = page(alice, house)
    assert '<bdi dir="ltr" class="nums">USD 0.3200</bdi>' in shown
    assert "1 message was sent and not delivered yet" in shown
    assert "Brazil, Authentication" in shown
    by_state = {row["state"]: (row["messages"], row["estimate"]) for row in file(alice, house)}
    assert by_state["free"] == ("5", "0")
    assert by_state["failed"] == ("1", "0")
    assert by_state["unknown"] == ("1", "")
    assert by_state["provisional"][0] == "1"


def test_without_rates_messages_are_counted_and_rates_are_asked_for(house: House, alice: Client, send: Send) -> None:
    assert "Nothing sent in these days" in page(alice, house)
    send("regular", "marketing")
    shown = page(alice, house)
    assert "No rates have been imported" in shown
    assert "Messages by day" in shown
    assert "Meta bills your business itself" in shown


def test_days_are_those_of_the_span(house: House, alice: Client, send: Send) -> None:
    rate(house, "MY", "marketing", "1")
    send("regular", "marketing", priced_at=datetime(2026, 9, 30, 23, 59, tzinfo=UTC))
    send("regular", "marketing", priced_at=datetime(2026, 11, 1, tzinfo=UTC))
    assert "Nothing sent in these days" in page(alice, house)
    assert "USD 1.00" in page(alice, house, **{"from": "2026-09-30"})
    for odd in ("nonsense", "0001-01-01", "9999-12-31"):
        assert page(alice, house, **{"from": odd, "to": odd})


def test_teams_are_those_of_whoever_wrote(house: House, alice: Client, send: Send) -> None:
    with scope(house.id):
        team = Team.objects.create(name="=Night shift")
        TeamMember.objects.create(team=team, membership_id=house.members["Bob"])
    send("regular", "marketing")
    send("regular", "marketing", author_id=None)
    shown = page(alice, house)
    assert "=Night shift" in shown
    assert "Sent by Troth itself" in shown
    assert "'=Night shift" in {row["team"] for row in file(alice, house)}


def test_only_admins_of_the_workspace_see_it(house: House) -> None:
    stranger = rival()
    for users, who, status in ((house.users, "Bob", 403), (stranger.users, "Charlie", 404)):
        client = Client()
        client.force_login(users[who])
        for path in ("spending/", "spending/file/"):
            assert client.get(f"/w/{house.handle}/{path}").status_code == status


def test_the_plot_fits_its_frame() -> None:
    drawn = plot([(Decimal("0.003"), "a"), (Decimal(0), "b"), (Decimal("17.2"), "c")])
    assert [value for _y, value in drawn.lines] == [Decimal(10), Decimal(20)]
    assert all(0 <= Decimal(bar.height) <= HEIGHT for bar in drawn.bars)
    assert Decimal(drawn.bars[0].height) == 2
    assert plot([]).bars == []
    assert [f"{value}" for _y, value in plot([(Decimal(2), "a")]).lines] == ["1", "2"]
    assert [f"{value}" for _y, value in plot([(Decimal("0.4"), "a")]).lines] == ["0.25", "0.5"]
    assert [f"{value:f}" for _y, value in plot([(Decimal(900), "a")]).lines] == ["500", "1000"]


def test_the_currency_of_the_rates_stands_in_where_meta_has_not_said(house: House, alice: Client, send: Send) -> None:
    rate(house, "MY", "marketing", "2")
    with scope(house.id):
        BusinessAccount.objects.all().delete()
        assert Channel.objects.exists()
        assert Conversation.objects.exists()
    send("regular", "marketing")
    assert "USD 2.00" in page(alice, house)


def test_what_deleted_messages_cost_stays_in_the_figures(house: House, alice: Client, send: Send) -> None:
    send("regular", "marketing", count=3)
    send("regular", "service", count=2, author_id=None, status=MessageStatus.FAILED)
    before = alice.get(f"/w/{house.handle}/spending/file/", SPAN).content
    with scope(house.id):
        ids = list(Message.objects.order_by("id").values_list("id", flat=True))
    for some in (ids[:2], ids[2:]):
        with scope(house.id):
            keep_spending(some)
            Message.objects.filter(id__in=some)._raw_delete("default")
    with scope(house.id):
        assert not Message.objects.exists()
        assert PastSpending.objects.count() == 2  # of one price, however often something was deleted
    assert alice.get(f"/w/{house.handle}/spending/file/", SPAN).content == before
