"""Sent, delivered, read: in order, signed, with everything that Meta puts into them."""

from typing import Any

import pytest

from sandbox.tests.conftest import CUSTOMER, Bench

TEXT: dict[str, Any] = {"type": "text", "text": {"body": "hello"}}


async def test_they_come_in_order_with_our_own_data(bench: Bench) -> None:
    answer = await bench.send({**TEXT, "biz_opaque_callback_data": "our-id"})
    await bench.settle()
    statuses = bench.statuses()
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in statuses} == {answer.json["messages"][0]["id"]}
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"our-id"}
    assert {status["recipient_id"] for status in statuses} == {CUSTOMER}
    assert len({status["recipient_user_id"] for status in statuses}) == 1
    assert all(isinstance(status["timestamp"], str) for status in statuses)


async def test_the_price_stands_on_exactly_one_of_them(bench: Bench) -> None:
    for _turn in range(40):
        await bench.send(TEXT)
    await bench.settle()
    priced = [status for status in bench.statuses() if "pricing" in status]
    assert len(priced) == 40
    assert {status["status"] for status in priced} == {"sent", "delivered"}
    assert priced[0]["pricing"] == {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }


async def test_contacts_stand_beside_them_with_the_username_only_after_delivery(bench: Bench) -> None:
    bench.person(username="annie")
    await bench.send(TEXT)
    await bench.settle()
    profiles = [value["contacts"][0]["profile"] for value in bench.changes()]
    assert profiles == [{"name": "Ann"}, *[{"name": "Ann", "username": "annie"}] * 2]


async def test_without_our_data_none_is_made_up(bench: Bench) -> None:
    await bench.send(TEXT)
    await bench.settle()
    assert not any("biz_opaque_callback_data" in status for status in bench.statuses())


async def test_a_user_id_that_hides_its_number_gets_no_recipient_number(bench: Bench) -> None:
    person = bench.person(shows_phone=False)
    user_id = bench.world.people.user_id(person, bench.account.portfolio_id)
    await bench.send({**TEXT, "recipient": user_id})
    await bench.settle()
    assert len(bench.statuses()) == 3
    assert all("recipient_id" not in status for status in bench.statuses())
    assert {status["recipient_user_id"] for status in bench.statuses()} == {user_id}


async def test_one_addressed_by_number_is_told_by_number_even_when_hidden(bench: Bench) -> None:
    bench.person(shows_phone=False)
    await bench.send(TEXT)
    await bench.settle()
    assert bench.statuses()[0]["recipient_id"] == CUSTOMER


async def test_a_reaction_is_only_sent(bench: Bench) -> None:
    await bench.send({"type": "reaction", "reaction": {"message_id": "wamid.A", "emoji": "\U0001f44d"}})
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent"]


async def test_a_voice_note_is_played(bench: Bench) -> None:
    await bench.send({"type": "audio", "audio": {"link": "https://example.org/a.ogg", "voice": True}})
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent", "delivered", "read", "played"]


async def test_somebody_away_gets_it_on_coming_back(bench: Bench) -> None:
    person = bench.person(online=False)
    await bench.send(TEXT)
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent"]
    await bench.control("POST", "/presence", {"from": f"+{person.wa_id}", "online": True})
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent", "delivered", "read"]


async def test_somebody_who_does_not_read_by_himself_reads_when_told_to(bench: Bench) -> None:
    bench.person(reads=False)
    await bench.send(TEXT)
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent", "delivered"]
    await bench.control("POST", "/read", {"from": f"+{CUSTOMER}"})
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == ["sent", "delivered", "read"]


async def test_a_failed_one_has_errors_and_no_contacts(bench: Bench) -> None:
    await bench.send({**TEXT, "to": "+447700901026"})
    await bench.settle()
    [value] = bench.changes()
    [status] = value["statuses"]
    assert "contacts" not in value
    assert status["status"] == "failed"
    assert status["errors"][0]["code"] == 131026
    assert status["errors"][0]["error_data"]["details"]
    assert "recipient_user_id" not in status
    assert "pricing" not in status


@pytest.mark.parametrize(
    ("digits", "told"),
    [
        ("7001", ["sent"]),
        ("7002", ["sent", "delivered"]),
        ("7003", ["sent", "read"]),
        ("7005", ["sent", "sent", "delivered", "delivered", "read", "read"]),
        ("7006", ["read", "delivered", "sent"]),
        ("7007", ["sent", "warmed", "delivered"]),
    ],
)
async def test_the_last_digits_bend_the_order(bench: Bench, digits: str, told: list[str]) -> None:
    await bench.send({**TEXT, "to": f"+44770090{digits}"})
    await bench.settle()
    assert [status["status"] for status in bench.statuses()] == told


async def test_statuses_can_come_before_the_answer(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    async def wait(_seconds: float) -> None:
        await bench.settle()
        seen.append(len(bench.statuses()))

    monkeypatch.setattr("sandbox.messages.pause", wait)
    answer = await bench.send({**TEXT, "to": "+447700907004"})
    assert answer.status == 200
    assert seen == [3]


async def test_they_can_be_switched_off(bench: Bench) -> None:
    bench.behave(statuses=False)
    await bench.send(TEXT)
    await bench.settle()
    assert bench.posts == []
