"""W1: how many signed webhooks a second are acknowledged, stored and worked into the inbox, and what others do.

Unique messages from 10,000 people, half of whom never wrote before, over 32 connections. The full work of a CRM stands
behind each: contact, conversation, message, unread count, poke.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from bench import machine
from bench.bank import PEOPLE
from bench.calls import Caller, answers
from bench.figures import Line, Measured, Workload, at_least, at_most, exactly
from bench.load import Orders
from bench.stage import START_WITHIN_S, House, Load, Product, Stage, wait_until

CONNECTIONS = 32
KNOWN = PEOPLE // 2
AIM_PER_S = 1_500
MOST_PER_S = 12_000  # more than is taken on two cores: how much is prepared
DOOR_MOST_PER_S = 30_000  # the same where nothing but the door works
STILL_S = 3.0
ROUNDS = 4
RIVALS = {"door": "config.serve", "no_store": "bench.against.no_store", "view": "bench.against.plain_view"}
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
    Line("full_refused", "... refused (503: more than may wait)", "messages"),
    Line("full_stored", "... acknowledged and in the inbox", "messages"),
    Line("full_lost", "... acknowledged and lost", "messages", exactly(0)),
    Line("full_duplicated", "... there twice", "messages", exactly(0)),
    Line("paced_per_s", f"answered 200, {AIM_PER_S:,}/s asked", "/s", at_least(0.99 * AIM_PER_S)),
    Line("paced_stored_per_s", "... messages in the inbox while that went on", "/s", at_least(0.97 * AIM_PER_S)),
    Line("paced_waiting", "... still to be worked in when the load stopped", "messages", at_most(AIM_PER_S)),
    Line("paced_drain_s", "... for how long", "s", at_most(1)),
    Line("paced_p50_ms", "... acknowledged within, half", "ms"),
    Line("paced_p99_ms", "... acknowledged within, 99 of 100", "ms", at_most(100)),
    Line("paced_web_ms", "... processor time of web, a message", "ms"),
    Line("paced_worker_ms", "... of the worker", "ms"),
    Line("paced_database_ms", "... of PostgreSQL", "ms"),
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
    Line("pywa_stored_per_s", "... rows in its table by the time all were there", "/s"),
    Line("pywa_drain_s", "... still storing after the load stopped, for", "s"),
    Line("pywa_peak_mb", "... peak resident memory", "MB"),
    Line("pywa_per_cpu_s", "... answered per processor second, the storing after it included", "/s"),
    Line("pywa_lost", "... answered and never in its table", "messages"),
    Line("pywa_p99_ms", "... answered within, 99 of 100", "ms"),
    Line("ratio_no_store", "door / the same storing nothing, per processor second", "x", at_least(0.75)),
    Line("ratio_view", "door / plain Django view, requests a second", "x", at_least(5)),
    Line("ratio_view_cpu", "door / plain Django view, per processor second", "x"),
    Line("ratio_pywa", "the whole product / pywa with one table: in the end stored a second", "x"),
)


@dataclass(frozen=True, slots=True)
class Length:
    """How long each part takes."""

    load_s: float
    against_s: float


def length(*, quick: bool) -> Length:
    return Length(4, 4) if quick else Length(15, 12)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure everything once."""
    spent = length(quick=quick)
    found = _product(stage, spent, number, notes)
    found |= _side_by_side(stage, spent)
    found |= _pywa(stage, spent)
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
    notes.append(machine.shares(name, used, machine_after - machine_before, took_s))
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


def _side_by_side(stage: Stage, spent: Length) -> Measured:
    """Load the door and what it is compared with in turns, each alone, so that a busy moment touches all of them."""
    with ExitStack() as running:
        systems = {name: _Rival(stage, name, module, running) for name, module in RIVALS.items()}
        for number in range(ROUNDS):
            for rival in systems.values():
                rival.load(number, seconds=spent.against_s / ROUNDS)
        return {key: value for rival in systems.values() for key, value in rival.figures().items()}


class _Rival:
    """One system on a database of its own, loaded a few times for a short while."""

    def __init__(self, stage: Stage, name: str, module: str, running: ExitStack) -> None:
        self.name = name
        self.product = running.enter_context(Product(stage, stage.fresh()))
        self.house = self.product.house()
        self.product.start(name, [module], environment=_variables(self.house))
        wait_until(lambda: answers(self.product.port, "/nothing"), within_s=START_WITHIN_S, what=name)
        self._rounds: list[Measured] = []
        self._answered(WARM_UP, seconds=1.0)

    def load(self, number: int, *, seconds: float) -> None:
        """Load it and keep what came of it."""
        self._rounds.append(self._answered(number * DOOR_MOST_PER_S * 100, seconds=seconds))

    def figures(self) -> Measured:
        """Return answers a second, also for each processor second that it used, over all rounds."""
        whole = {key: sum(one[key] for one in self._rounds) for key in self._rounds[0]}
        return {
            f"{self.name}_per_s": whole["ok"] / whole["seconds"],
            f"{self.name}_per_cpu_s": whole["ok"] / whole["cpu_s"],
            f"{self.name}_p99_ms": sorted(one["p99_ms"] for one in self._rounds)[ROUNDS // 2],
            f"{self.name}_refused": whole["refused"],
        }

    def _answered(self, first: int, *, seconds: float) -> Measured:
        most = MOST_PER_S if self.name == "view" else DOOR_MOST_PER_S
        load = Load(_orders(self.product, self.house, seconds=seconds, most_per_s=most, first=first))
        used = self.product.cpu_s()[self.name]
        load.go()
        result = load.result()
        return {
            "ok": result["ok"],
            "seconds": result["seconds"],
            "cpu_s": self.product.cpu_s()[self.name] - used,
            "p99_ms": result["p99_ms"],
            "refused": result["sent"] - result["ok"],
        }


def _pywa(stage: Stage, spent: Length) -> Measured:
    """Load pywa, which acknowledges before it has stored, and wait until its table stands still."""
    rows = "SELECT count(*) FROM pywa_message"
    with Product(stage, stage.fresh()) as product:
        house = product.house()
        product.start("pywa", ["bench.against.pywa_app"], environment=_variables(house))
        wait_until(lambda: answers(product.port, "/nothing"), within_s=START_WITHIN_S, what="pywa")
        Load(_orders(product, house, seconds=1, first=WARM_UP)).run()
        _until_still(product, rows)
        rows_before, used, began = product.count(rows), product.cpu_s()["pywa"], time.monotonic()
        orders = _orders(product, house, seconds=spent.against_s)
        load = Load(orders)
        began = time.monotonic()
        result = load.run()
        took_s = time.monotonic() - began
        drain_s = _until_still(product, rows)
        stored = product.count(rows) - rows_before
        return {
            "pywa_per_s": result["ok"] / result["seconds"],
            "pywa_stored_per_s": stored / (took_s + drain_s),
            "pywa_drain_s": drain_s,
            "pywa_per_cpu_s": result["ok"] / (product.cpu_s()["pywa"] - used),
            "pywa_lost": max(0, result["ok"] - stored),
            "pywa_p99_ms": result["p99_ms"],
            "pywa_peak_mb": product.memory()["pywa"].peak_rss_mb,
        }


def _variables(house: House) -> dict[str, str]:
    return {"BENCH_SECRET": house.secret, "BENCH_NUMBER_ID": house.number_id, "BENCH_PATH": house.hook}


def _until_still(product: Product, rows: str) -> float:
    """Wait until a count has not changed for three seconds and return when it last did, in seconds from now."""
    began = changed = time.monotonic()
    last = -1
    while time.monotonic() - changed < STILL_S and time.monotonic() - began < DRAIN_WITHIN_S:
        count = product.count(rows)
        if count != last:
            last, changed = count, time.monotonic()
        time.sleep(0.1)
    return changed - began


def _orders(
    product: Product,
    house: House,
    *,
    seconds: float,
    per_second: float | None = None,
    first: int = 0,
    most_per_s: int = MOST_PER_S,
) -> Orders:
    return Orders(
        bank=house.bank(run=1),
        port=product.port,
        path=house.hook,
        connections=CONNECTIONS,
        seconds=seconds,
        first=first,
        most=int(seconds * (per_second or most_per_s)),
        per_second=per_second,
        acknowledged=str(product.stage.scratch / f"acknowledged-{product.port}-{first}"),
    )


def question(house: House, orders: Orders) -> dict[str, Any]:
    """Return what `bench.account` has to know."""
    bank = {name: getattr(orders.bank, name) for name in type(orders.bank).__dataclass_fields__}
    return {"bank": bank, "acknowledged": orders.acknowledged, "workspace": house.id}
