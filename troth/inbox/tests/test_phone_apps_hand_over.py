"""A number that lives in the phone app too: what the app hands over is silent, and its page says how far it is."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.bodies import encode
from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels import phone_sync, phone_told, registry
from troth.channels.models import Channel, PhoneSync, SyncKind, SyncState
from troth.channels.phone_wanted import begin_handing_over
from troth.channels.registry import Check
from troth.contacts.models import Contact, Identity, Source
from troth.inbox.models import Activity, Conversation, Direction, Message
from troth.inbox.tests.arriving import NOON, said, told, value
from troth.workspaces.scope import scope

PERSON, OTHER = "60123456789", "60129999999"


@pytest.fixture
def house(db: Any) -> House:
    made = kopi()
    with scope(made.id):
        channel = Channel.objects.get(pk=made.channel)
        channel.on_phone_app, channel.token, channel.connected_at = True, "EAA" + "x" * 30, now()
        channel.save()
        begin_handing_over(channel)
    return made


def row(house: House, kind: str = "history") -> PhoneSync:
    with scope(house.id):
        return PhoneSync.objects.get(kind=kind)


def old(id: str, *, at: int, ours: bool = False, who: str = PERSON) -> dict[str, Any]:
    ends = {"from": "15550001111", "to": who} if ours else {"from": who}
    message = {**ends, "id": id, "timestamp": str(at), "type": "text", "text": {"body": f"Old {id}"}}
    return {**message, "history_context": {"status": "READ"}}


def chunk(house: House, *messages: dict[str, Any], order: int, progress: int, phase: int = 0) -> dict[str, Any]:
    about = {"phase": phase, "chunk_order": order, "progress": progress}
    made = value(
        house, "history", history=[{"metadata": about, "threads": [{"id": PERSON, "messages": list(messages)}]}]
    )
    made["entry"][0]["changes"][0]["value"]["metadata"]["display_phone_number"] = "15550001111"
    return made


def answered(monkeypatch: pytest.MonkeyPatch, check: Check) -> list[str]:
    asked: list[str] = []

    def ask(_link: object, kind: str) -> Check:
        asked.append(kind)
        return check

    monkeypatch.setattr(registry, "ask_phone", ask)
    return asked


def test_both_kinds_are_asked_for_once_each(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answered(monkeypatch, Check(ok=True))
    for _time in range(2):
        phone_sync.ask(str(house.id), str(house.channel))
    assert sorted(asked) == ["contacts", "history"]
    assert {row(house, kind).state for kind in SyncKind.values} == {SyncState.ASKED}


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (Check(ok=False, code="asked_before"), SyncState.ASKED),
        (Check(ok=False, code="no_answer"), SyncState.ASKED),
        (Check(ok=False, code="too_late"), SyncState.LATE),
        (Check(ok=False, code="meta_down"), SyncState.WANTED),
        (Check(ok=False, code="graph_error", facts={"graph_code": 100}), SyncState.FAILED),
    ],
)
def test_what_meta_answers_is_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch, check: Check, state: SyncState
) -> None:
    answered(monkeypatch, check)
    phone_sync.ask(str(house.id), str(house.channel))
    assert row(house).state == state


def test_what_could_not_be_asked_within_a_day_is_too_late(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, Check(ok=False, code="unreachable"))
    with time_machine.travel(now() + timedelta(hours=25)):
        phone_sync.ask(str(house.id), str(house.channel))
    assert row(house).state == SyncState.LATE


def test_chunks_come_in_any_order_and_never_set_it_back(house: House) -> None:
    first = chunk(house, old("wamid.1", at=NOON - 900), old("wamid.2", at=NOON - 800, ours=True), order=1, progress=40)
    last = chunk(house, old("wamid.3", at=NOON - 80_000_000), order=2, progress=100, phase=2)
    told(house, last)
    assert (row(house).state, row(house).progress) == (SyncState.DONE, 100)
    told(house, first)
    told(house, {**first, "again": []})
    found = row(house)
    assert (found.state, found.progress, found.phase, found.count) == (SyncState.DONE, 100, 2, 3)


def test_a_history_is_silent(house: House) -> None:
    told(house, chunk(house, old("wamid.1", at=NOON), old("wamid.2", at=NOON + 1, ours=True), order=1, progress=50))
    with scope(house.id):
        thread = Conversation.objects.get()
        assert (thread.unread, thread.window_expires_at) == (0, None)
        assert set(Message.objects.values_list("direction", "history")) == {
            (Direction.IN, True),
            (Direction.ECHO, True),
        }


def test_a_refused_history_says_so_with_the_way_out(house: House) -> None:
    told(house, value(house, "history", history=[{"errors": [{"code": 2593109, "title": "declined"}]}]))
    found = row(house)
    assert (found.state, found.code) == (SyncState.DECLINED, 2593109)
    with scope(house.id):
        shown = phone_told.told(Channel.objects.get(pk=house.channel))
    assert shown is not None
    line = next(one for one in shown.lines if one.kind == "history")
    assert "chose in the app not to share" in line.says
    assert "disconnect this number" in line.advice
    assert not line.may_ask


def test_a_day_without_anything_is_too_late_on_the_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(monkeypatch, Check(ok=True))
    phone_sync.ask(str(house.id), str(house.channel))
    with time_machine.travel(now() + timedelta(hours=25)), scope(house.id):
        shown = phone_told.told(Channel.objects.get(pk=house.channel))
    assert shown is not None
    assert {line.state for line in shown.lines} == {"Too late"}


def entry(who: str, name: str, *, action: str = "add") -> dict[str, Any]:
    contact = {"full_name": name, "first_name": name.split()[0], "phone_number": who}
    return {"type": "contact", "contact": contact, "action": action, "metadata": {"timestamp": str(NOON)}}


def test_contacts_of_the_address_book_have_their_source_and_no_conversation(house: House) -> None:
    told(house, said(house, "Hello", id="wamid.A", name="Mei"))
    told(house, value(house, "smb_app_state_sync", state_sync=[entry(PERSON, "Mei Ling"), entry(OTHER, "Plumber")]))
    with scope(house.id):
        found = {one.profile_name: one.source for one in Contact.objects.all()}
        assert found["Plumber"] == Source.PHONE_APP
        assert Source.MESSAGE in found.values()
        assert Identity.objects.filter(source=Source.PHONE_APP).count() == 1
        assert Conversation.objects.count() == 1
    assert (row(house, "contacts").state, row(house, "contacts").count) == (SyncState.RUNNING, 2)


def test_who_was_forgotten_is_brought_back_by_no_address_book(house: House) -> None:
    from troth.base.ids import new_id  # noqa: PLC0415
    from troth.base.sealing import ring  # noqa: PLC0415
    from troth.contacts.models import IdentityKind, Suppression  # noqa: PLC0415
    from troth.contacts.recognise import identity_hash  # noqa: PLC0415

    with scope(house.id):
        mark = identity_hash(ring(), IdentityKind.PHONE, f"+{OTHER}")
        Suppression.objects.create(kind="phone", value_hash=mark, erased_at=now(), erasure_id=new_id())
    told(house, value(house, "smb_app_state_sync", state_sync=[entry(OTHER, "Plumber")]))
    with scope(house.id):
        assert not Contact.objects.exists()
    assert row(house, "contacts").count == 0


def test_what_is_said_in_the_phone_costs_nothing_here(house: House) -> None:
    echo = {"from": "15550001111", "to": PERSON, "id": "wamid.E", "timestamp": str(NOON), "type": "text"}
    told(house, value(house, "smb_message_echoes", message_echoes=[{**echo, "text": {"body": "On my way"}}]))
    priced = {"id": "wamid.E", "status": "delivered", "timestamp": str(NOON + 5), "recipient_id": PERSON}
    price = {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
    told(house, value(house, "messages", statuses=[{**priced, "pricing": price}]))
    with scope(house.id):
        message = Message.objects.get()
    assert (message.direction, message.pricing, message.priced_at) == (Direction.ECHO, None, None)


def standby(house: House, *, at: int, id: str) -> dict[str, Any]:
    message = {"from": PERSON, "id": id, "timestamp": str(at), "type": "text", "text": {"body": "To the other one"}}
    return value(house, "standby", messages=[message])


@pytest.mark.parametrize("order", [0, 1])
def test_whom_another_responder_answers_is_answered_by_nobody_here(house: House, order: int) -> None:
    at = int(now().timestamp())
    bodies = [said(house, "Hello", id="wamid.A", at=at - 60), standby(house, at=at - 30, id="wamid.B")]
    for body in bodies[::-1] if order else bodies:
        told(house, body)
    with scope(house.id):
        thread = Conversation.objects.get()
        assert thread.window_is_open(at=now())
        assert thread.is_of_another(at=now())
        assert not thread.is_of_another(at=now() + timedelta(hours=25))
    told(house, said(house, "And to you", id="wamid.C", at=at - 10))
    with scope(house.id):
        assert not Conversation.objects.get().is_of_another(at=now())


def test_a_handover_stands_in_the_thread_of_whom_it_concerns_once(house: House) -> None:
    told(house, said(house, "Hello", id="wamid.A"))
    turn = {"previous_owner_role": "marketing", "new_owner_role": "customer_service"}
    body = value(
        house, "messaging_handovers", type="control_passed", control_passed=turn, wa_id=PERSON, timestamp=str(NOON + 5)
    )
    for _time in range(2):
        told(house, body)
    with scope(house.id):
        assert list(Activity.objects.values_list("kind", flat=True)) == ["hands_customer_service"]


def test_a_chunk_of_thousands_comes_in_at_once(house: House) -> None:
    many = [old(f"wamid.{n}", at=NOON - n) for n in range(2_000)]
    body = chunk(house, *many, order=1, progress=100)
    assert len(encode(body)) < 3_000_000
    told(house, body)
    assert row(house).count == 2_000
    with scope(house.id):
        assert Conversation.objects.get().unread == 0
