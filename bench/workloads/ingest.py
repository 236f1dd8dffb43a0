"""W1: how many signed webhooks a second are acknowledged, stored and worked into the inbox, and what others do.

Unique messages from 10,000 people, half of whom never wrote before, over 32 connections. The full work of a CRM stands
behind each: contact, conversation, message, unread count, poke.
"""

import array
import os
import time
from dataclasses import dataclass
from typing import Any

from bench import machine
from bench.bank import PEOPLE
from bench.figures import Line, Measured, Workload, at_least, at_most, exactly
from bench.calls import Caller, answers
from bench.load import Orders
from bench.stage import START_WITHIN_S, House, Load, Product, Stage, wait_until

CONNECTIONS = 32
KNOWN = PEOPLE // 2
AIM_PER_S = 1_500
MOST_PER_S = 10_000  # more than any of the systems takes on two cores: how much is prepared
DRAIN_WITHIN_S = 300.0
WARM_UP = 1_000_000_000  # numbers of messages that are not counted

LINES = (
    Line("full_per_s", "answered 200, all the machine can take, CRM work behind", "/s", at_least(AIM_PER_S)),
    Line("full_stored_per_s", "... messages in the inbox while that went on", "/s", at_least(AIM_PER_S)),
    Line("full_end_to_end_per_s", "... messages in the inbox by the time all was worked in", "/s", at_least(AIM_PER_S)),
    Line("full_waiting", "... still to be worked in when the load stopped", "messages"),
    Line("full_drain_s", "... for how long", "s"),
    Line("full_p50_ms", "... acknowledged within, half", "ms"),
    Line("full_p99_ms", "... acknowledged within, 99 of 100", "ms", at_most(100)),
    Line("full_stored", "... acknowledged and in the inbox", "messages"),
    Line("full_lost", "... acknowledged and lost", "messages", exactly(0)),
    Line("full_duplicated", "... there twice", "messages", exactly(0)),
    Line("paced_per_s", f"answered 200, {AIM_PER_S:,}/s asked", "/s", at_least(0.99 * AIM_PER_S)),
    Line("paced_stored_per_s", "... messages in the inbox while that went on", "/s", at_least(0.97 * AIM_PER_S)),
    Line("paced_waiting", "... still to be worked in when the load stopped", "messages", at_most(AIM_PER_S)),
    Line("paced_drain_s", "... for how long", "s", at_most(1)),
    Line("paced_p50_ms", "... acknowledged within, half", "ms"),
    Line("paced_p99_ms", "... acknowledged within, 99 of 100", "ms", at_most(100)),
    Line("paced_lost", "... acknowledged and lost", "messages", exactly(0)),
    Line("paced_duplicated", "... there twice", "messages", exactly(0)),
    Line("web_pss_mb", "web: largest process, proportional memory", "MB", at_most(256)),
    Line("web_peak_mb", "web: largest process, peak resident", "MB", at_most(256)),
    Line("worker_pss_mb", "worker: proportional memory", "MB", at_most(256)),
    Line("worker_peak_mb", "worker: peak resident", "MB", at_most(256)),
    Line("door_per_s", "the door alone (no worker)", "/s"),
    Line("door_per_cpu_s", "... per processor second of web", "/s"),
    Line("door_p99_ms", "... acknowledged within, 99 of 100", "ms"),
    Line("no_store_per_s", "the same door, storing nothing", "/s"),
    Line("no_store_per_cpu_s", "... per processor second", "/s"),
    Line("view_per_s", "plain Django view, a commit each", "/s"),
    Line("view_per_cpu_s", "... per processor second", "/s"),
    Line("view_p99_ms", "... acknowledged within, 99 of 100", "ms"),
    Line("pywa_per_s", "pywa on FastAPI, answered 200, one table, no CRM work", "/s"),
    Line("pywa_stored_per_s", "... rows in its table while that went on", "/s"),
    Line("pywa_per_cpu_s", "... answered per processor second", "/s"),
    Line("pywa_lost", "... answered and not in its table 10 s later", "messages"),
    Line("pywa_p99_ms", "... answered within, 99 of 100", "ms"),
    Line("ratio_no_store", "door / the same storing nothing, per processor second", "x", at_least(0.75)),
    Line("ratio_view", "door / plain Django view, requests a second", "x", at_least(5)),
    Line("ratio_view_cpu", "door / plain Django view, per processor second", "x"),
    Line("ratio_pywa", "the whole product / pywa with one table, in the inbox or table, a second", "x"),
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long each part takes."""

    load_s: float
    against_s: float


def length(*, quick: bool) -> Length:
    return Length(4, 3) if quick else Length(15, 8)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure everything once."""
    spent = length(quick=quick)
    found = _product(stage, spent, number, notes)
    found |= _door_alone(stage, spent)
    found |= _other(stage, spent, "no_store", "bench.against.no_store")
    found |= _other(stage, spent, "view", "bench.against.plain_view")
    found |= _other(stage, spent, "pywa", "bench.against.pywa_app", table="pywa_message")
    found["ratio_no_store"] = found["door_per_cpu_s"] / found["no_store_per_cpu_s"]
    found["ratio_view"] = found["door_per_s"] / found["view_per_s"]
    found["ratio_view_cpu"] = found["door_per_cpu_s"] / found["view_per_cpu_s"]
    found["ratio_pywa"] = found["full_end_to_end_per_s"] / found["pywa_stored_per_s"]
    return found


WORKLOAD = Workload("W1", "webhooks in: answered, stored, lost, duplicated", LINES, run)


def _product(stage: Stage, spent: Length, number: int, notes: list[str]) -> Measured:
    with Product(stage, stage.fresh()) as product:
        house = prepare(product)
        orders = _orders(product, house, seconds=spent.load_s)
        full = loaded(product, house, orders, notes=notes, name="as much as it takes")
        paced_orders = _orders(product, house, seconds=spent.load_s, per_second=AIM_PER_S, first=orders.most)
        paced = loaded(product, house, paced_orders, notes=notes, name=f"{AIM_PER_S}/s")
        memory = product.memory()
    found = {f"full_{key}": value for key, value in full.items()}
    found |= {f"paced_{key}": value for key, value in paced.items()}
    for part in ("web", "worker"):
        found[f"{part}_pss_mb"] = memory[part].largest_pss_mb
        found[f"{part}_peak_mb"] = memory[part].peak_rss_mb
    return found


def prepare(product: Product, **wishes: Any) -> House:
    """Start web and worker, make a workspace, and let half of all people write once."""
    house = product.house(**wishes)
    product.start_web()
    product.start_worker()
    let_write(product, house, people=KNOWN)
    return house


def let_write(product: Product, house: House, *, people: int) -> None:
    """Let so many people write once, a hundred to a webhook, and wait until all is worked in."""
    bank = house.bank()
    with Caller(product.port) as door:
        for first in range(0, people, 100):
            body = bank.first_words(range(first, min(people, first + 100)), first_index=WARM_UP + first)
            status = door.post(bank.request(body, path=house.hook))
            assert status == 200, status
    wait_until(lambda: not product.waiting(), within_s=120, what="people writing")
    product.analyze()


def loaded(product: Product, house: House, orders: Orders, *, notes: list[str], name: str) -> Measured:
    """Put the product under this load and return what came of it, after everything was worked in."""
    count = f"SELECT count(*) FROM inbox_message WHERE workspace_id = '{house.id}'"
    load = Load(orders)
    rows_before = product.count(count)
    used_before, machine_before = product.cpu_s(), machine.processor_s()
    began = time.monotonic()
    load.go()
    result = load.result()
    took_s = time.monotonic() - began
    used_after, machine_after = product.cpu_s(), machine.processor_s()
    rows_at_stop, waiting = product.count(count), product.waiting()
    drain_s = wait_until(lambda: not product.waiting(), within_s=DRAIN_WITHIN_S, every_s=0.05, what="working in")
    used = {part: used_after[part] - used_before[part] for part in used_after} | {"generator": result["cpu_s"]}
    notes.append(_shares(name, used, machine_after - machine_before, took_s))
    account = product.ask("bench.account", question(house, orders))
    return {
        "per_s": result["ok"] / result["seconds"],
        "stored_per_s": (rows_at_stop - rows_before) / took_s,
        "end_to_end_per_s": account["stored"] / (took_s + drain_s),
        "waiting": waiting,
        "drain_s": drain_s,
        "p50_ms": result["p50_ms"],
        "p99_ms": result["p99_ms"],
        "acknowledged": account["acknowledged"],
        "stored": account["stored"],
        "lost": account["lost"],
        "duplicated": account["duplicated"],
        "refused": result["answered"] - result["ok"],
        "unanswered": result["unanswered"] + result["broken"],
        "web_ms": 1000 * used["web"] / max(1, result["ok"]),
        "worker_ms": 1000 * used.get("worker", 0.0) / max(1, rows_at_stop - rows_before),
        "database_ms": 1000 * used["database"] / max(1, result["ok"]),
    }


def _door_alone(stage: Stage, spent: Length) -> Measured:
    with Product(stage, stage.fresh()) as product:
        house = product.house()
        product.start_web()
        return _answered("door", product, _orders(product, house, seconds=spent.against_s), part="web")


def _other(stage: Stage, spent: Length, name: str, module: str, *, table: str = "") -> Measured:
    with Product(stage, stage.fresh()) as product:
        house = product.house()
        variables = {"BENCH_SECRET": house.secret, "BENCH_NUMBER_ID": house.number_id, "BENCH_PATH": house.hook}
        product.start(name, [module], environment=variables)
        wait_until(lambda: answers(product.port, "/nothing"), within_s=START_WITHIN_S, what=name)
        orders = _orders(product, house, seconds=spent.against_s)
        if not table:
            return _answered(name, product, orders, part=name)
        began = time.monotonic()
        found = _answered(name, product, orders, part=name)
        stored = product.count(f"SELECT count(*) FROM {table}")
        found[f"{name}_stored_per_s"] = stored / (time.monotonic() - began - found["preparing_s"])
        time.sleep(10)
        found[f"{name}_lost"] = max(0, _acknowledged(orders) - product.count(f"SELECT count(*) FROM {table}"))
        return found


def _answered(name: str, product: Product, orders: Orders, *, part: str) -> Measured:
    """Load a process and return answers a second, also for each processor second that it used."""
    preparing = time.monotonic()
    warm = Orders(**{**_plain(orders), "first": WARM_UP, "most": 2000, "seconds": 2.0, "acknowledged": None})
    warming, load = Load(warm), Load(orders)
    warming.go()
    warming.result()
    preparing_s = time.monotonic() - preparing
    before = product.cpu_s()[part]
    load.go()
    result = load.result()
    used = product.cpu_s()[part] - before
    return {
        "preparing_s": preparing_s,
        f"{name}_per_s": result["ok"] / result["seconds"],
        f"{name}_per_cpu_s": result["ok"] / used,
        f"{name}_p50_ms": result["p50_ms"],
        f"{name}_p99_ms": result["p99_ms"],
        f"{name}_refused": result["sent"] - result["ok"],
    }


def _orders(
    product: Product, house: House, *, seconds: float, per_second: float | None = None, first: int = 0
) -> Orders:
    return Orders(
        bank=house.bank(run=1),
        port=product.port,
        path=house.hook,
        connections=CONNECTIONS,
        seconds=seconds,
        first=first,
        most=int(seconds * (per_second or MOST_PER_S)),
        per_second=per_second,
        acknowledged=str(product.stage.scratch / f"acknowledged-{product.port}-{first}"),
    )


def _plain(orders: Orders) -> dict[str, Any]:
    return {name: getattr(orders, name) for name in Orders.__dataclass_fields__}


def _acknowledged(orders: Orders) -> int:
    assert orders.acknowledged
    return os.path.getsize(orders.acknowledged) // array.array("I").itemsize


def question(house: House, orders: Orders) -> dict[str, Any]:
    """Return what `bench.account` has to know."""
    bank = {name: getattr(orders.bank, name) for name in type(orders.bank).__dataclass_fields__}
    return {"bank": bank, "acknowledged": orders.acknowledged, "workspace": house.id}


def _shares(name: str, used: dict[str, float], machine_s: float, seconds: float) -> str:
    """Say who used how many processors."""
    cores = os.cpu_count() or 1
    others = max(0.0, machine_s - sum(used.values()))
    parts = [f"{part} {spent / seconds:.2f}" for part, spent in used.items()]
    return f"{name}: processors used, of {cores}: {', '.join(parts)}, others {others / seconds:.2f}"
