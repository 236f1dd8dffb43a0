"""Throughput by the sliding second, one person at a time, the 24 hours, blocked people, and the figures of it all."""

from typing import Any

import pytest

from sandbox import inbound
from sandbox.meters import Meter
from sandbox.tests.conftest import CUSTOMER, Bench

TEXT: dict[str, Any] = {"type": "text", "text": {"body": "hello"}}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The monotonic clock of sends: one element, set by hand."""
    now = [1000.0]
    monkeypatch.setattr("sandbox.messages.time.monotonic", lambda: now[0])
    return now


async def test_more_than_eighty_in_a_second_are_too_many(bench: Bench, clock: list[float]) -> None:
    answers = [(await bench.send(TEXT)).status for _turn in range(100)]
    assert answers == [200] * 80 + [429] * 20
    clock[0] += 0.999
    assert (await bench.send(TEXT)).status == 429
    clock[0] += 0.002
    assert (await bench.send(TEXT)).status == 200


async def test_the_limit_can_be_a_thousand(bench: Bench, clock: list[float]) -> None:
    bench.behave(throughput_per_s=1000)
    answers = [(await bench.send(TEXT)).status for _turn in range(1001)]
    assert answers == [200] * 1000 + [429]


async def test_each_number_has_its_own(bench: Bench, clock: list[float]) -> None:
    for _turn in range(80):
        await bench.send(TEXT)
    assert (await bench.send(TEXT, number="401")).status == 200


async def test_without_enforcement_the_worst_second_is_still_told(bench: Bench, clock: list[float]) -> None:
    bench.behave(enforce_throughput=False)
    for _turn in range(95):
        await bench.send(TEXT)
    clock[0] += 5
    await bench.send(TEXT)
    figures = (await bench.control("GET", "/meters")).json["numbers"]["400"]
    assert (figures["accepted"], figures["worst_second_accepted"], figures["span_s"]) == (96, 95, 5.0)
    assert figures["mean_per_s"] == 19.0


def test_the_worst_second_slides() -> None:
    meter = Meter()
    for turn in range(30):
        meter.throttled(turn / 8, limit_per_s=100)
        meter.accept(turn / 8, callback_data=None)
    assert meter.passed.worst == 8
    meter.throttled(29 / 8, limit_per_s=100)
    assert (meter.offered.worst, meter.passed.worst) == (9, 8)


async def test_one_person_gets_forty_five_at_once_and_then_one_in_six_seconds(bench: Bench, clock: list[float]) -> None:
    bench.behave(pair_limit=True)
    answers: list[int | None] = []
    for _turn in range(46):
        answer = await bench.send(TEXT)
        answers.append(answer.code if answer.status != 200 else None)
    assert answers == [None] * 45 + [131056]
    assert (await bench.send({**TEXT, "to": "+447700900555"})).status == 200
    clock[0] += 6
    assert (await bench.send(TEXT)).status == 200
    assert (await bench.send(TEXT)).code == 131056


async def test_a_message_sent_twice_is_noticed(bench: Bench) -> None:
    for data in ("a", "b", "a"):
        await bench.send({**TEXT, "biz_opaque_callback_data": data})
    figures = (await bench.control("GET", "/meters")).json["numbers"]["400"]
    assert (figures["accepted"], figures["repeated"]) == (3, 1)
    await bench.control("DELETE", "/meters")
    assert (await bench.control("GET", "/meters")).json["numbers"]["400"]["accepted"] == 0


async def test_what_was_sent_can_be_read(bench: Bench) -> None:
    await bench.send(TEXT)
    await bench.send({**TEXT, "to": "nonsense"})
    [sent] = (await bench.control("GET", "/sent?number=400")).json["sent"]
    assert sent["body"]["text"] == {"body": "hello"}
    assert sent["phone_number_id"] == "400"


async def test_only_so_many_sends_are_kept(bench: Bench) -> None:
    bench.behave(keep_sent=10)
    for _turn in range(40):
        await bench.send(TEXT)
    assert len(bench.world.sent["400"]) <= 10
    assert bench.number.meter.accepted == 40


async def test_the_window_can_be_enforced(bench: Bench) -> None:
    bench.behave(enforce_window=True)
    assert (await bench.send(TEXT)).code == 131047
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "hi")
    assert (await bench.send(TEXT)).status == 200
    assert (await bench.send(TEXT, number="401")).code == 131047
    bench.time += 24 * 3600 + 1
    assert (await bench.send(TEXT)).code == 131047


async def test_blocking_is_for_those_who_wrote_lately(bench: Bench) -> None:
    path, other = "/v26.0/400/block_users", "447700900555"
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "hi")
    users = [{"user": f"+{CUSTOMER}"}, {"user": f"+{other}"}]
    answer = await bench.call("POST", path, {"messaging_product": "whatsapp", "block_users": users})
    assert (answer.status, answer.code) == (400, 139100)
    assert [user["wa_id"] for user in answer.json["block_users"]["added_users"]] == [CUSTOMER]
    assert [user["input"] for user in answer.json["block_users"]["failed_users"]] == [f"+{other}"]
    assert (await bench.send(TEXT)).code == 130403
    listed = (await bench.call("GET", path)).json["data"]
    assert listed == [{"messaging_product": "whatsapp", "wa_id": CUSTOMER}]
    body = {"messaging_product": "whatsapp", "block_users": users[:1]}
    assert (await bench.call("DELETE", path, body)).json["block_users"]["removed_users"][0]["wa_id"] == CUSTOMER
    assert (await bench.send(TEXT)).status == 200


async def test_reading_marks_everything_before_as_read_too(bench: Bench) -> None:
    person = bench.person()
    ids = [inbound.text(bench.world, bench.account, bench.number, person, str(turn)) for turn in range(3)]
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": ids[1]}
    answer = await bench.call("POST", "/v26.0/400/messages", {**body, "typing_indicator": {"type": "text"}})
    assert answer.json == {"success": True}
    thread = bench.world.threads.of("400", person.key)
    assert next(line.status for line in thread.lines) == "read"
    assert thread.typing_until > 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": "abc"},
        {"message_id": ""},
        {"status": "seen"},
        {"typing_indicator": {"type": "voice"}},
        {"to": "1"},
    ],
)
async def test_a_wrong_read_receipt_is_refused(bench: Bench, wrong: dict[str, Any]) -> None:
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": "wamid.A", **wrong}
    assert (await bench.call("POST", "/v26.0/400/messages", body)).status == 400
