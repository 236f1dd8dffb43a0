"""What Meta says of a message's price is kept, in any order; its bubble says what it cost, as an estimate."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.sealing import ring
from troth.channels.models import BusinessAccount, Channel, ChannelNotice, Rate
from troth.channels.trouble import RESTRICTED, held_of
from troth.inbox.index import external_hash
from troth.inbox.models import Conversation, Direction, Message, MessageStatus
from troth.inbox.send import connected, ledger
from troth.inbox.tests.sending import keep_connection, meet, write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_790_000_000
CHARGED = {"type": "regular", "category": "utility", "pricing_model": "PMP", "billable": True}
FREE = {"type": "free_customer_service", "category": "service", "pricing_model": "PMP", "billable": False}


@pytest.fixture
def house() -> House:
    return kopi()


def ours(house: House, *, id: str = "wamid.OURS") -> UUID:
    """Make a message that Meta has taken."""
    (conversation,) = meet(house, 1)
    with scope(house.id):
        made = Message.objects.create(
            conversation_id=conversation,
            channel_id=house.channel,
            direction=Direction.OUT,
            kind="text",
            content={"kind": "text", "text": "Hi"},
            status=MessageStatus.SENT,
            at=datetime.fromtimestamp(NOON, UTC),
            external_id=id,
            external_hash=external_hash(ring(), id),
        )
        found: UUID = made.id
        return found


def status(word: str, at: int, **more: Any) -> bodies.Body:
    return bodies.status(word, id="wamid.OURS", at=NOON + at, phone="60123000001", **more)


def tell(house: House, *statuses: bodies.Body) -> None:
    for one in statuses:
        deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[one]), account=house.account_id))


def price_tag(house: House, client: Client) -> str:
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    with scope(house.id):
        conversation = Conversation.objects.get()
    page = client.get(f"/w/{house.handle}/inbox/{conversation.id}/").content.decode()
    return page.partition('class="tick tick-')[2].partition('title="')[2].partition('"')[0]


def rate(
    house: House, amount: str, *, market: str = "MY", category: str = "utility", since: str = "2026-01-01"
) -> None:
    with scope(house.id):
        BusinessAccount.objects.get_or_create(account_id=house.account_id, currency="USD")
        facts = {"currency": "USD", "market": market, "category": category, "valid_from": date.fromisoformat(since)}
        Rate.objects.create(**facts, amount=Decimal(amount))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_price_is_kept_whatever_comes_first_and_never_whether_it_is_billable(
    house: House, order: tuple[int, ...]
) -> None:
    id = ours(house)
    facts = [status("sent", 1, pricing=CHARGED), status("delivered", 2, pricing=CHARGED), status("read", 3)]
    tell(house, *[facts[which] for which in order])
    with scope(house.id):
        message = Message.objects.get(id=id)
        assert message.pricing == {"type": "regular", "category": "utility", "pricing_model": "PMP"}
        assert (message.country, message.priced_at) == ("MY", datetime.fromtimestamp(NOON + 1, UTC))


def test_the_country_of_somebody_without_a_number_is_that_of_their_id(house: House) -> None:
    id = ours(house)
    told = status("delivered", 1, pricing=CHARGED, recipient_user_id="BR.8811223344")
    del told["recipient_id"]
    tell(house, told)
    with scope(house.id):
        assert Message.objects.get(id=id).country == "BR"


def test_what_a_message_cost_stands_at_its_tick(house: House, client: Client) -> None:
    ours(house)
    tell(house, status("sent", 1, pricing=CHARGED))
    assert "Utility, charged by Meta; the price is not known" in price_tag(house, client)
    rate(house, "0.0140")
    assert "Utility, about USD 0.014 once delivered, billed by Meta" in price_tag(house, client)
    tell(house, status("delivered", 2))
    assert "Utility, about USD 0.014, billed by Meta" in price_tag(house, client)


def test_free_is_metas_word_and_what_failed_costs_nothing(house: House, client: Client) -> None:
    ours(house)
    rate(house, "0.0140")
    tell(house, status("sent", 1, pricing=FREE))
    assert "monthly free answers" in price_tag(house, client)
    tell(house, status("failed", 2, errors=[{"code": 131026, "title": "x"}]))
    assert "Not charged: it was not delivered" in price_tag(house, client)


def restricted(house: House, *words: str, until: int | None, number: int = 1) -> None:
    info = [{"restriction_type": word, **({"expiration": until} if until else {})} for word in words]
    with scope(house.id):
        Channel.objects.update(status=RESTRICTED)
        ChannelNotice.objects.create(
            channel_id=house.channel,
            aspect="account",
            value=RESTRICTED,
            detail={"restriction_info": info},
            at=datetime.now(UTC),
            once_hash=bytes([number]) * 16,
        )


FIRST, ANSWERS = "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"


@pytest.mark.parametrize(
    ("words", "kinds"), [((FIRST,), ["text"]), ((ANSWERS,), ["template"]), ((), ["template", "text"])]
)
def test_a_restriction_holds_back_what_it_is_about_until_it_ends(
    house: House, words: tuple[str, ...], kinds: list[str], monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    keep_connection(monkeypatch)
    mei, omar = meet(house, 1, 2)
    template = write(house, mei, "Offer")[0]
    write(house, omar, "Answer")
    with scope(house.id):
        Message.objects.filter(id=template).update(kind="template")
    restricted(house, *words, until=int(datetime.now(UTC).timestamp()) + 600)
    number = connected.number(house.id, house.channel)
    assert number is not None
    claimed = ledger.claim(house.id, house.channel, lane=1, most=9, held=number.held)
    with scope(house.id):
        assert sorted(Message.objects.get(id=one.id).kind for one in claimed) == kinds
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    page = client.get(f"/w/{house.handle}/inbox/{mei}/").content.decode()
    assert ("and then it leaves by itself." in page) == (words == (FIRST,))
    restricted_until_past = int(datetime.now(UTC).timestamp()) - 1
    with scope(house.id):
        ChannelNotice.objects.all().delete()
    restricted(house, FIRST, ANSWERS, until=restricted_until_past)
    again = connected.number(house.id, house.channel)
    assert again is not None
    assert again.held == frozenset()


UTILITY = "RESTRICTED_UTILITY_TEMPLATES"


def test_a_restriction_of_utility_templates_holds_those_and_nothing_else(
    house: House, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    keep_connection(monkeypatch)
    people = meet(house, 1, 2, 3)
    bought, offer, answer = (write(house, one, "Hello")[0] for one in people)
    after = write(house, people[0], "After it")[0]
    with scope(house.id):
        Message.objects.filter(id=bought).update(kind="template", category="UTILITY")
        Message.objects.filter(id=offer).update(kind="template", category="MARKETING")
    restricted(house, UTILITY, until=int(datetime.now(UTC).timestamp()) + 600)
    number = connected.number(house.id, house.channel)
    assert number is not None
    claimed = {one.id for one in ledger.claim(house.id, house.channel, lane=1, most=9, held=number.held)}
    assert claimed == {offer, answer}
    assert after not in claimed
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    page = client.get(f"/w/{house.handle}/inbox/{people[0]}/").content.decode()
    assert page.count("and then it leaves by itself.") == 1
    with scope(house.id):
        ChannelNotice.objects.all().delete()
    restricted(house, UTILITY, until=int(datetime.now(UTC).timestamp()) - 1)
    again = connected.number(house.id, house.channel)
    assert again is not None
    assert [one.id for one in ledger.claim(house.id, house.channel, lane=1, most=9, held=again.held)] == [bought]


def test_what_is_held_by_one_of_several_restrictions_says_its_own_end(
    house: House, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    keep_connection(monkeypatch)
    [mei] = meet(house, 1)
    write(house, mei, "Answer")
    soon, late = int(datetime.now(UTC).timestamp()) + 3600, int(datetime.now(UTC).timestamp()) + 90 * 86_400
    restricted(house, ANSWERS, until=soon)
    restricted(house, UTILITY, until=late, number=2)
    with scope(house.id):
        held = held_of(Channel.objects.get(id=house.channel))
    assert held.kinds == {"answers", "utility"}
    assert held.until("text") == datetime.fromtimestamp(soon, UTC)
    assert held.until("template", "UTILITY") == datetime.fromtimestamp(late, UTC)
    assert held.until("template", "MARKETING") is None


def test_a_number_that_may_send_nothing_is_left_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_connection(monkeypatch)
    restricted(house, FIRST, ANSWERS, until=int(datetime.now(UTC).timestamp()) + 600)
    assert connected.number(house.id, house.channel) is None


def test_a_restriction_without_an_end_says_so_and_is_tried_now_and_then(
    house: House, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    keep_connection(monkeypatch)
    [mei] = meet(house, 1)
    [answer] = write(house, mei, "Answer")
    restricted(house, ANSWERS, until=None)
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    page = client.get(f"/w/{house.handle}/inbox/{mei}/").content.decode()
    assert "has not said until when" in page
    number = connected.number(house.id, house.channel)
    assert number is not None
    assert [one.id for one in ledger.claim(house.id, house.channel, lane=1, most=9, held=number.held)] == [answer]
