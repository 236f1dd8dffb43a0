"""Errors by recipient, by rate, by outage: each looks as it does at Meta, and tells the truth about what was sent."""

from typing import Any

import pytest

from sandbox.faults import RECIPIENTS, Fault, Kind
from sandbox.tests.conftest import Answer, Bench

TEXT: dict[str, Any] = {"type": "text", "text": {"body": "hello"}}
REFUSED = {digits: fault for digits, fault in RECIPIENTS.items() if fault.kind is Kind.REFUSED and not fault.times}
PASSING = {digits: fault for digits, fault in RECIPIENTS.items() if fault.times}
FAILED = {digits: fault for digits, fault in RECIPIENTS.items() if fault.kind is Kind.FAILED}


async def send_to(bench: Bench, digits: str) -> Answer:
    return await bench.send({**TEXT, "to": f"+44770090{digits}"})


@pytest.fixture
def hangs(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that a caller would have had to sit through."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("sandbox.messages.pause", pause)
    monkeypatch.setattr("sandbox.app.pause", pause)
    return waited


@pytest.mark.parametrize("digits", REFUSED)
async def test_a_refused_send_is_not_sent(bench: Bench, digits: str) -> None:
    for _turn in range(3):
        answer = await send_to(bench, digits)
        assert answer.code == REFUSED[digits].code
    await bench.settle()
    assert bench.posts == []
    assert bench.number.meter.refused[REFUSED[digits].code] == 3


@pytest.mark.parametrize("digits", PASSING)
async def test_a_passing_trouble_ends(bench: Bench, digits: str) -> None:
    answers = [await send_to(bench, digits) for _turn in range(4)]
    assert [answer.status >= 400 for answer in answers] == [True, True, False, False]
    other = await bench.send({**TEXT, "to": f"+44770091{digits}"})
    assert other.status >= 400


@pytest.mark.parametrize("digits", FAILED)
async def test_one_that_fails_later_is_accepted_first(bench: Bench, digits: str) -> None:
    assert (await send_to(bench, digits)).status == 200
    await bench.settle()
    assert [status["errors"][0]["code"] for status in bench.statuses()] == [FAILED[digits].code]


async def test_a_full_number_says_when_to_come_back(bench: Bench) -> None:
    answer = await send_to(bench, "0429")
    assert answer.status == 429
    assert answer.headers["retry-after"] == "1"


async def test_an_expired_token_has_its_subcode(bench: Bench) -> None:
    answer = await send_to(bench, "0190")
    assert (answer.status, answer.code, answer.json["error"]["error_subcode"]) == (401, 190, 463)


async def test_a_proxy_page_is_no_json(bench: Bench) -> None:
    answer = await send_to(bench, "5000")
    assert answer.status == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert b"{" not in answer.body


async def test_a_page_may_hide_that_the_message_went_out(bench: Bench) -> None:
    answer = await bench.send({**TEXT, "to": "+447700905002", "biz_opaque_callback_data": "ours"})
    await bench.settle()
    assert answer.status == 500
    assert [status["biz_opaque_callback_data"] for status in bench.statuses()] == ["ours"] * 3


async def test_a_hanging_send_may_have_gone_out(bench: Bench, hangs: list[float]) -> None:
    await bench.send({**TEXT, "to": "+447700900408", "biz_opaque_callback_data": "ours"})
    await bench.settle()
    assert hangs == [60.0]
    assert [status["biz_opaque_callback_data"] for status in bench.statuses()] == ["ours"] * 3


async def test_a_hanging_send_may_be_lost(bench: Bench, hangs: list[float]) -> None:
    await send_to(bench, "0409")
    await bench.settle()
    assert hangs == [60.0]
    assert bench.statuses() == []
    assert bench.world.sent == {}


async def test_the_table_can_be_taken_away(bench: Bench) -> None:
    await bench.control("POST", "/faults", {"by_recipient": False})
    assert (await send_to(bench, "0429")).status == 200


async def test_rates_strike_about_as_often_as_asked(bench: Bench) -> None:
    bench.behave(throughput_per_s=10_000)
    await bench.control("POST", "/faults", {"rates": {"130429": 0.1, "page": 0.05}, "failed_rates": {"131026": 0.1}})
    answers = [await bench.send(TEXT) for _turn in range(1000)]
    await bench.settle()
    limited = sum(answer.status == 429 for answer in answers)
    pages = sum(answer.status == 500 for answer in answers)
    failed = sum(status["status"] == "failed" for status in bench.statuses())
    assert 70 < limited < 130
    assert 30 < pages < 75
    assert 55 < failed < 125
    await bench.control("DELETE", "/faults")
    assert {(await bench.send(TEXT)).status for _turn in range(50)} == {200}


async def test_the_same_seed_brings_the_same_trouble() -> None:
    outcomes = []
    for _world in range(2):
        bench = Bench()
        await bench.control("POST", "/faults", {"rates": {"130429": 0.3}})
        outcomes.append([(await bench.send(TEXT)).status for _turn in range(40)])
        bench.world.close()
    assert outcomes[0] == outcomes[1]
    assert set(outcomes[0]) == {200, 429}


async def test_an_outage_takes_everything_of_meta_but_not_our_own_addresses(bench: Bench) -> None:
    await bench.control("POST", "/faults", {"outage": True})
    assert (await bench.send(TEXT)).status == 503
    assert (await bench.call("GET", "/v26.0/300/phone_numbers")).status == 503
    assert (await bench.control("GET", "/state")).status == 200


async def test_latency_keeps_callers_waiting(bench: Bench, hangs: list[float]) -> None:
    await bench.control("POST", "/faults", {"latency_ms": [20, 80]})
    for _turn in range(20):
        await bench.send(TEXT)
    assert len(hangs) == 20
    assert all(0.02 <= seconds <= 0.08 for seconds in hangs)


@pytest.mark.parametrize(
    "nonsense",
    [{"rates": {"sometimes": 0.1}}, {"rates": {"130429": 2}}, {"latency_ms": [80, 20]}, {"speed": 1}, {"outage": "x"}],
)
async def test_nonsense_is_refused(bench: Bench, nonsense: dict[str, Any]) -> None:
    assert (await bench.control("POST", "/faults", nonsense)).status == 400
    assert (await bench.send(TEXT)).status == 200


def test_all_kinds_of_trouble_can_be_had() -> None:
    assert {fault.kind for fault in RECIPIENTS.values()} == set(Kind)
    assert RECIPIENTS["0429"] == Fault(Kind.REFUSED, 130429)
