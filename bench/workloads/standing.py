"""W9: how soon the web part answers after its start. W10: what all processes hold in memory, idle and after work."""

import signal
import socket
import subprocess
import sys
import time

from bench import processes
from bench.calls import Caller, get
from bench.figures import Line, Measured, Workload, at_most, exactly
from bench.load import Orders
from bench.stage import ROOT, House, Load, Product, Stage, free_port, wait_until
from bench.workloads.ingest import CONNECTIONS, KNOWN, let_write, question
from config.supervise.tether import tied_to_parent

STARTS = 5
IDLE_AFTER_S = 8.0
LOAD_PER_S = 1_000
PAGES = 30
START_LINES = (
    Line("first_200_s", "web: from its start to the first 200", "s", at_most(2)),
    Line("port_s", "... to the port being open", "s"),
    Line("worker_s", "worker: from its start to a waiting webhook worked in", "s"),
)
MEMORY_LINES = (
    Line("idle_mb", "all processes but the database, idle", "MB", at_most(200)),
    Line("idle_supervisor_mb", "... supervisor", "MB"),
    Line("idle_web_mb", "... web", "MB"),
    Line("idle_worker_mb", "... worker", "MB"),
    Line("after_page_mb", "all, after pages were looked at", "MB", at_most(200)),
    Line("after_load_mb", f"all, after webhooks at {LOAD_PER_S:,}/s", "MB", at_most(256)),
    Line("after_load_peak_mb", "... the largest process at its peak, resident", "MB", at_most(256)),
    Line("database_mb", "for comparison: the database, proportional", "MB"),
    Line("lost", "webhooks of that load lost", "messages", exactly(0)),
)


def run_starts(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Start the web part a few times and take the middle one; files are in the system's cache after the first."""
    times: list[tuple[float, float]] = []
    with Product(stage, stage.fresh()) as product:
        house = product.house()
        for _ in range(2 if quick else STARTS):
            times.append(_start_web(product))
            product.stop("web")
        product.start_web()
        bank = house.bank()
        with Caller(product.port) as door:
            assert door.post(bank.request(bank.body(1), path=house.hook)) == 200
        began = time.monotonic()
        product.start_worker()
        wait_until(lambda: not product.waiting(), within_s=30, every_s=0.01, what="the worker")
        worker_s = time.monotonic() - began
    firsts = sorted(first for first, _ in times)
    ports = sorted(port for _, port in times)
    notes.append("starts, in order: " + ", ".join(f"{first:.2f} s" for first, _ in times))
    return {"first_200_s": firsts[len(firsts) // 2], "port_s": ports[len(ports) // 2], "worker_s": worker_s}


def run_memory(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Run the whole product as `bin/run` does in production, let it idle, look at pages, load it, and look each time."""
    product = Product(stage, stage.fresh())
    supervisor = subprocess.Popen(
        [sys.executable, "-P", "-m", "config.supervise.run"],
        env=product.environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=tied_to_parent(signal.SIGTERM),  # noqa: PLW1509 - it only makes system calls
    )
    try:
        product.wait_for_web()
        return _memory(product, supervisor.pid, quick=quick)
    finally:
        supervisor.terminate()
        supervisor.wait(30)


STARTING = Workload("W9", "from the start to the first answer", START_LINES, run_starts)
MEMORY = Workload("W10", "memory of the whole product", MEMORY_LINES, run_memory)


def _start_web(product: Product) -> tuple[float, float]:
    """Return seconds to the first 200 and to the open port."""
    product.port = free_port()
    product.environment["TROTH_PORT"] = str(product.port)
    product.environment["TROTH_BASE_URL"] = f"http://127.0.0.1:{product.port}"
    began = time.monotonic()
    product.start("web", ["config.serve"])
    wait_until(lambda: _is_open(product.port), within_s=30, every_s=0.005, what="the port")
    port_s = time.monotonic() - began
    wait_until(lambda: _is_well(product.port), within_s=30, every_s=0.005, what="the first 200")
    return time.monotonic() - began, port_s


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_well(port: int) -> bool:
    try:
        return get(port, "/account/login/")[0] == 200
    except OSError:
        return False


def _memory(product: Product, supervisor: int, *, quick: bool) -> Measured:
    house = product.house()
    time.sleep(2 if quick else IDLE_AFTER_S)
    idle = {name: sum(one.pss_mb for one in held) for name, held in _held(supervisor).items()}
    found: Measured = {f"idle_{name}_mb": held for name, held in idle.items()}
    found["idle_mb"] = sum(idle.values())
    let_write(product, house, people=KNOWN)
    for _ in range(PAGES):
        assert get(product.port, f"/w/{house.handle}/inbox/", {"Cookie": f"session={house.cookies[1]}"})[0] == 200
    found["after_page_mb"] = sum(one.pss_mb for held in _held(supervisor).values() for one in held)
    account = _load(product, house, seconds=4 if quick else 15)
    held = [one for some in _held(supervisor).values() for one in some]
    found["after_load_mb"] = sum(one.pss_mb for one in held)
    found["after_load_peak_mb"] = max(one.peak_rss_mb for one in held)
    found["database_mb"] = processes.memory(product.stage.database_pid()).pss_mb
    found["lost"] = account["lost"]
    return found


def _held(supervisor: int) -> dict[str, list[processes.Memory]]:
    """Return what each process under the supervisor, and itself, holds, by what it is."""
    found: dict[str, list[processes.Memory]] = {"supervisor": [], "web": [], "worker": []}
    for pid in processes.tree(supervisor):
        command = processes.command(pid)
        name = "web" if "config.serve" in command else "worker" if "worker" in command else "supervisor"
        found[name].append(processes.alone(pid))
    return found


def _load(product: Product, house: House, *, seconds: int) -> dict[str, int]:
    orders = Orders(
        bank=house.bank(run=1),
        port=product.port,
        path=house.hook,
        connections=CONNECTIONS,
        seconds=seconds,
        first=0,
        most=seconds * LOAD_PER_S,
        per_second=LOAD_PER_S,
        acknowledged=str(product.stage.scratch / "acknowledged-memory"),
    )
    load = Load(orders)
    load.go()
    load.result()
    wait_until(lambda: not product.waiting(), within_s=120, what="working in")
    account: dict[str, int] = product.ask("bench.account", question(house, orders))
    return account
