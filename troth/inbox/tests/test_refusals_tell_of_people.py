"""What WhatsApp refuses tells of the person: wants no marketing, is blocked, has another security code."""

import time
from datetime import timedelta
from typing import Any

import pytest

from tests import bodies
from tests.cast import House, kopi
from troth.audit.models import Entry
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.models import Channel
from troth.channels.registry import BlockList
from troth.contacts import security_codes
from troth.contacts.consents import MARKETING, latest
from troth.contacts.models import Consent, Contact
from troth.inbox import blocking
from troth.inbox.models import Block, Conversation, Message, MessageStatus
from troth.inbox.outbox import CannotSend, say
from troth.inbox.send import ledger
from troth.inbox.send.offer import Result
from troth.inbox.tests.arriving import said, told, value
from troth.inbox.tests.sending import keep_connection
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]
PHONE = "60123456789"


@pytest.fixture(autouse=True)
def _connection(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_connection(monkeypatch)


@pytest.fixture
def at() -> int:
    return int(time.time()) - 600


@pytest.fixture
def house(at: int) -> House:
    made = kopi()
    told(made, coded(made, "h1", id="wamid.1", at=at))
    return made


def coded(house: House, code: str | None, *, id: str, at: int) -> bodies.Body:
    """A message whose sender WhatsApp names with the hash of their security code."""
    person: dict[str, Any] = bodies.contact(name="Mei", phone=PHONE)
    if code:
        person["identity_key_hash"] = code
    return value(house, contacts=[person], messages=[bodies.text("Hello", id=id, at=at, phone=PHONE)])


def talk(house: House) -> Conversation:
    return Conversation.objects.select_related("contact", "channel").get()


def write(house: House, text: str = "Hi") -> Message:
    bob = Membership.objects.select_related("user").get(id=house.members["Bob"])
    return say(talk(house), text, by=bob, client_id=new_id())


def refuse(house: House, code: int) -> None:
    [claimed] = ledger.claim(house.id, house.channel, lane=1, most=5)
    ledger.record(house.id, house.channel, [Result(claimed, MessageStatus.FAILED, code=code)], lane=1)


def test_no_more_marketing_is_a_fact_about_consent(house: House, at: int) -> None:
    with scope(house.id):
        write(house)
    refuse(house, 131050)
    with scope(house.id):
        assert latest(talk(house).contact_id, MARKETING) == "stop"
        ours = Message.objects.get(direction="out")
    errors = [{"code": 131050, "title": "x"}]
    for _ in range(2):
        status = bodies.status(
            "failed", id="wamid.out", at=at + 60, errors=errors, biz_opaque_callback_data=str(ours.id)
        )
        told(house, value(house, statuses=[status]))
    with scope(house.id):
        assert Consent.objects.count() == 1


def test_who_is_blocked_there_is_blocked_here(house: House) -> None:
    with scope(house.id):
        write(house)
    refuse(house, 130403)
    with scope(house.id):
        assert Block.objects.count() == 1
        with pytest.raises(CannotSend) as no:
            write(house)
        assert "blocked" in no.value.user_text


def test_the_block_list_becomes_what_whatsapp_says(house: House, at: int) -> None:
    told(house, said(house, "x", id="wamid.5", at=at, phone=None, bsuid="MY.9"))
    with scope(house.id):
        channel = Channel.objects.get()
        assert blocking.take_over(channel, BlockList(phones=(PHONE, "60199999999"), ids=("MY.9",))) == 1
        assert Block.objects.count() == 2
        assert blocking.take_over(channel, BlockList(ids=("MY.9",))) == 0
        assert [one.contact.identities.get().value for one in blocking.blocked_of(channel)] == ["MY.9"]


def test_a_changed_code_stops_writing_until_somebody_made_sure(house: House, at: int) -> None:
    with scope(house.id):
        write(house, "before")
        Channel.objects.update(confirms_identity=True)
        write(house, "while it is the same")
    told(house, coded(house, "h2", id="wamid.2", at=at + 60))
    with scope(house.id):
        with pytest.raises(CannotSend) as no:
            write(house)
        assert "security code" in no.value.user_text
        alice = Membership.objects.select_related("user").get(id=house.members["Alice"])
        assert security_codes.confirm(talk(house).contact_id, by=alice)
        assert not security_codes.confirm(talk(house).contact_id, by=alice)
        assert Entry.objects.filter(action="contact.identity_confirmed").count() == 1
        write(house, "after")
    told(house, coded(house, "h2", id="wamid.3", at=at + 90), coded(house, "h1", id="wamid.4", at=at + 30))
    with scope(house.id):
        write(house, "nothing new")


def test_the_code_travels_along_where_the_number_asks_for_it(house: House) -> None:
    with scope(house.id):
        write(house)
    [claimed] = ledger.claim(house.id, house.channel, lane=1, most=5)
    assert claimed.outbound is not None
    assert claimed.outbound.identity_hash is None
    ledger.record(house.id, house.channel, [Result(claimed, MessageStatus.SENT, external_id="wamid.o")], lane=1)
    with scope(house.id):
        Channel.objects.update(confirms_identity=True)
        write(house)
    [claimed] = ledger.claim(house.id, house.channel, lane=1, most=5)
    assert claimed.outbound is not None
    assert claimed.outbound.identity_hash == "h1"


def test_a_mismatch_leads_back_to_the_confirmation(house: House) -> None:
    with scope(house.id):
        Channel.objects.update(confirms_identity=True)
        write(house)
    refuse(house, 137000)
    with scope(house.id):
        assert Contact.objects.get().security_hash is None
        with pytest.raises(CannotSend) as no:
            write(house)
        assert "security code" in no.value.user_text


def test_news_of_a_change_are_told_once_whatever_the_order(house: House, at: int) -> None:
    system = {"type": "customer_identity_changed", "body": "x", "identity": "h2"}
    changed = {"from": PHONE, "id": "wamid.9", "timestamp": str(at + 60), "type": "system", "system": system}
    told(house, value(house, messages=[changed]), coded(house, "h1", id="wamid.3", at=at + 30))
    with scope(house.id):
        contact = Contact.objects.get()
        assert contact.is_unconfirmed
        assert contact.security_changed_at is not None
        assert contact.security_changed_at.timestamp() == at + 60
        Contact.objects.update(security_confirmed_at=now() + timedelta(seconds=1))
    told(house, value(house, messages=[changed | {"id": "wamid.9"}]))
    with scope(house.id):
        assert not Contact.objects.get().is_unconfirmed
