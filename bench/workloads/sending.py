"""W2: a campaign through the outbox, at the pace of a number: how close to its limit, never above, nobody twice.

The stand-in for Meta answers after 250 ms and meters what it is asked: the fullest sliding second, what came twice, who
was written to too often. Statuses come back through the door and are worked in meanwhile.
"""

import time
from dataclasses import dataclass
from typing import Any

from bench import machine, processes
from bench.figures import Line, Measured, Workload, at_least, at_most, exactly
from bench.meta import connected_house, product_with_meta
from bench.stage import House, Product, Stage, wait_until
from bench.workloads.ingest import let_write
from sandbox.testing import RunningSandbox

LATENCY_MS = 250
FAULTS = {"130429": 0.02, "131016": 0.005, "page": 0.005}
UNCERTAIN, SENT, FAILED = 30, 40, 50  # of the product's statuses
BURST = 43  # to one person; Meta takes 45 at once
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Part:
    """One campaign. `key` begins its figures' names."""

    key: str
    per_second: int
    count: int
    faults: bool = False
    burst: int = 0
    killed: bool = False  # kill -9 of the worker half way through


PARTS = (
    Part("slow", 80, 2_400, burst=BURST),
    Part("slow_troubled", 80, 2_400, faults=True),
    Part("slow_killed", 80, 1_200, killed=True),
    Part("fast", 1_000, 20_000),
    Part("fast_troubled", 1_000, 20_000, faults=True),
)
QUICK = (
    Part("slow", 80, 800, burst=BURST),
    Part("slow_troubled", 80, 800, faults=True),
    Part("slow_killed", 80, 600, killed=True),
    Part("fast", 1_000, 5_000),
    Part("fast_troubled", 1_000, 5_000, faults=True),
)


def _lines() -> tuple[Line, ...]:
    return tuple(line for part in PARTS for line in _lines_of(part))


def _lines_of(part: Part) -> list[Line]:
    what = f"{part.count:,} messages at {part.per_second:,}/s"
    trouble = (
        ", 2 % 130429 and 1 % 5xx" if part.faults else ", the worker killed with -9 half way" if part.killed else ""
    )
    aim = None if part.killed else at_least(0.97 * part.per_second)
    return [
        Line(f"{part.key}_per_s", f"{what}{trouble}: mean offered", "/s", aim),
        Line(f"{part.key}_worst", "... fullest sliding second, as Meta counts", "messages", at_most(part.per_second)),
        Line(f"{part.key}_all_s", "... until each was sent or given up", "s"),
        Line(f"{part.key}_twice", "... sent twice", "messages", exactly(0)),
        Line(f"{part.key}_over", "... refused, the number or a person being over its limit", "messages", exactly(0)),
        Line(f"{part.key}_sent", "... sent", "messages"),
        Line(f"{part.key}_uncertain", "... uncertain: nobody knows whether it left", "messages"),
        Line(f"{part.key}_failed", "... failed", "messages", exactly(0)),
        Line(f"{part.key}_nowhere", "... none of these", "messages", exactly(0)),
        Line(f"{part.key}_lag_s", "... statuses worked in after the last", "s"),
    ]


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure all campaigns once, each with a number of its own."""
    found: Measured = {}
    for part in QUICK if quick else PARTS:
        with product_with_meta(stage) as (product, sandbox):
            found |= _campaign(product, sandbox, part, notes)
    return found


WORKLOAD = Workload("W2", "messages out: pace, limits, nobody twice", _lines(), run)


def _campaign(product: Product, sandbox: RunningSandbox, part: Part, notes: list[str]) -> Measured:
    house = connected_house(
        product, sandbox, per_second=part.per_second, pair_limit=True, keep_sent=10, batch_wait_ms=50,
        sent_ms=(100, 300), delivered_ms=(300, 900), read_ms=(900, 4000),
    )  # fmt: skip
    product.start_worker()
    let_write(product, house, people=part.count + 1)
    faults: dict[str, Any] = {"latency_ms": (LATENCY_MS, LATENCY_MS), "by_recipient": False}
    sandbox.set_faults(**faults, rates=FAULTS if part.faults else {})
    sandbox.reset_meters()
    used, machine_before, began = _cpu(product, sandbox), machine.processor_s(), time.monotonic()
    product.ask(
        "bench.outgoing",
        {"workspace": house.id, "channel": house.channel, "count": part.count, "burst": part.burst},
    )
    per_s, all_s = _watch(product, sandbox, house, part)
    took_s = time.monotonic() - began
    spent = {name: after - used[name] for name, after in _cpu(product, sandbox).items()}
    notes.append(machine.shares(part.key, spent, machine.processor_s() - machine_before, took_s))
    sandbox.set_faults()
    lag_s = wait_until(lambda: _settled(product, sandbox), within_s=120, every_s=0.1, what="statuses")
    meter = sandbox.meters()["numbers"][house.number_id]
    statuses = _statuses(product, house)
    sent = sum(count for status, count in statuses.items() if status >= SENT and status != FAILED)
    refused = sum(count for code, count in meter["refused"].items() if code != "0")
    injected = sum(meter["refused"].get(code, 0) for code in FAULTS) if part.faults else 0
    return {
        f"{part.key}_per_s": per_s,
        f"{part.key}_worst": meter["worst_second_offered"],
        f"{part.key}_all_s": all_s,
        f"{part.key}_twice": meter["repeated"],
        f"{part.key}_over": refused - injected + _over(meter, part),
        f"{part.key}_sent": sent,
        f"{part.key}_uncertain": statuses.get(UNCERTAIN, 0),
        f"{part.key}_failed": statuses.get(FAILED, 0),
        f"{part.key}_nowhere": part.count - sent - statuses.get(UNCERTAIN, 0) - statuses.get(FAILED, 0),
        f"{part.key}_lag_s": lag_s,
        f"{part.key}_asked": meter["asked"],
        f"{part.key}_refused": refused,
        f"{part.key}_worst_accepted": meter["worst_second_accepted"],
    }


def _over(meter: dict[str, Any], part: Part) -> int:
    """With injected 130429 the real ones cannot be told apart, except that a full second shows."""
    above: int = meter["worst_second_accepted"] - part.per_second
    return max(0, above)


def _watch(product: Product, sandbox: RunningSandbox, house: House, part: Part) -> tuple[float, float]:
    """Wait for the end; return the mean of offers a second until there were as many as messages, and the whole time."""
    began = reached = None
    killed = False
    wanted = part.count - part.burst  # one person may have to wait longer than all others take
    waiting = (
        "SELECT count(*) FROM (SELECT 1 FROM inbox_message WHERE status IN (10, 20)"
        f" AND channel_id = '{house.channel}' LIMIT 1) AS first"
    )
    give_up_at = time.monotonic() + 10 * part.count / part.per_second + 60
    before = (time.monotonic(), 0)
    while time.monotonic() < give_up_at:
        asked = sandbox.meters()["numbers"][house.number_id]["asked"]
        moment = time.monotonic()
        if asked and began is None:
            began = moment - asked / part.per_second
        if reached is None and asked >= wanted:
            share = (wanted - before[1]) / max(1, asked - before[1])
            reached = before[0] + (moment - before[0]) * share
        if part.killed and not killed and asked >= part.count / 2:
            product.kill("worker")
            product.start_worker()
            killed = True
        if (reached is not None or killed) and not product.count(waiting):
            break
        before = (moment, asked)
        time.sleep(LOOK_EVERY_S)
    ended = time.monotonic()
    began = began or ended
    return wanted / ((reached or ended) - began) if (reached or ended) > began else 0.0, ended - began


def _settled(product: Product, sandbox: RunningSandbox) -> bool:
    return not sandbox.meters()["webhooks"]["underway"] and not product.waiting()


def _statuses(product: Product, house: House) -> dict[int, int]:
    with product.stage.looking(product.environment) as connection:
        query = "SELECT status, count(*) FROM inbox_message WHERE channel_id = %s AND direction = 'out' GROUP BY status"
        return dict(connection.execute(query, [house.channel]).fetchall())


def _cpu(product: Product, sandbox: RunningSandbox) -> dict[str, float]:
    assert sandbox._process is not None
    return {**product.cpu_s(), "sandbox": processes.cpu_s(sandbox._process.pid)}
