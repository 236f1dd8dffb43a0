"""Batches, repeats after a refusal, duplicates and disorder: what the courier does with changes."""

import json
from typing import Any

import pytest

from sandbox import inbound
from sandbox.courier import RETRY_PAUSES_S
from sandbox.ids import Mint
from sandbox.tests.conftest import Bench


def say(bench: Bench, count: int) -> None:
    person = bench.person()
    for turn in range(count):
        inbound.text(bench.world, bench.account, bench.number, person, str(turn))


def texts(bench: Bench) -> list[str]:
    return [message["text"]["body"] for message in bench.messages()]


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make every pause of the courier end at once, and remember it."""
    pauses: list[float] = []

    def later(_self: Any, delay: float, action: Any, *arguments: Any) -> Any:
        pauses.append(delay)
        return _self.call_soon(action, *arguments)

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.call_later", later)
    return pauses


async def test_what_is_due_together_goes_out_together(bench: Bench) -> None:
    say(bench, 5)
    await bench.settle()
    assert len(bench.posts) == 1
    assert texts(bench) == ["0", "1", "2", "3", "4"]
    assert bench.world.courier.underway == 0
    assert bench.world.courier.counts["delivered"] == 5


async def test_a_batch_has_a_limit(bench: Bench) -> None:
    bench.behave(batch_max=2)
    say(bench, 5)
    await bench.settle()
    sizes = [len(json.loads(body)["entry"][0]["changes"]) for _url, _headers, body in bench.posts]
    assert sizes == [2, 2, 1]


async def test_a_body_stays_below_three_megabytes(bench: Bench) -> None:
    person = bench.person()
    for _turn in range(900):
        inbound.text(bench.world, bench.account, bench.number, person, "\U0001f337" * 1000)
    await bench.settle()
    assert len(bench.posts) > 2
    assert max(len(body) for _url, _headers, body in bench.posts) <= 3 * 1024 * 1024
    assert len(bench.messages()) == 900


async def test_a_refused_body_is_repeated_byte_for_byte(bench: Bench, soon: list[float]) -> None:
    bench.answers = [503, 500, 200]
    say(bench, 2)
    await bench.settle()
    bodies = {body for _url, _headers, body in bench.posts}
    assert len(bench.posts) == 3
    assert len(bodies) == 1
    assert bench.world.courier.counts["refused"] == 2
    assert bench.world.courier.underway == 0


async def test_only_two_hundred_counts_as_taken(bench: Bench, soon: list[float]) -> None:
    bench.answers = [204, 200]
    say(bench, 1)
    await bench.settle()
    assert len(bench.posts) == 2


async def test_pauses_grow_and_it_ends_some_day(bench: Bench, soon: list[float]) -> None:
    bench.behave(retry_scale=1.0)
    bench.answers = [500] * 100
    say(bench, 1)
    await bench.settle()
    pauses = [pause for pause in soon if pause > 0]
    assert pauses == list(RETRY_PAUSES_S)
    assert sum(pauses) > 6 * 86400
    assert bench.world.courier.counts["dropped"] == 1
    assert bench.world.courier.underway == 0


async def test_duplicates_on_demand(bench: Bench) -> None:
    bench.behave(duplicate_rate=1.0)
    say(bench, 3)
    await bench.settle()
    assert sorted(texts(bench)) == ["0", "0", "1", "1", "2", "2"]


async def test_disorder_on_demand(bench: Bench) -> None:
    bench.behave(disorder_rate=1.0)
    say(bench, 6)
    await bench.settle()
    assert sorted(texts(bench)) == list("012345")
    assert texts(bench) != list("012345")


async def test_accounts_are_not_mixed(bench: Bench) -> None:
    say(bench, 1)
    inbound.text(bench.world, bench.other, bench.other.numbers[0], bench.person(), "other")
    await bench.settle()
    assert sorted(url for url, _headers, _body in bench.posts) == [
        "http://127.0.0.1:9/hooks/300",
        "http://127.0.0.1:9/hooks/310",
    ]


async def test_no_message_id_is_given_twice_not_even_after_a_restart() -> None:
    ids: list[str] = []
    for epoch in range(3):
        mint = Mint("seed", epoch=epoch)
        ids += [mint.message_id("447700900123") for _turn in range(500)]
    assert len(set(ids)) == 1500
