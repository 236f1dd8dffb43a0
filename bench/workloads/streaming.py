"""W8: many agents with an open event stream: how late a poke comes, whether one is missed, what a stream costs.

Pokes leave the database as the product's do. The clock of sender and receivers is one: the machine's.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any
from uuid import UUID

from bench.figures import Line, Measured, Workload, at_most, exactly
from bench.stage import ROOT, Failed, House, Product, Stage

COUNTS = (100, 1_000)
POKES_PER_S = 10.0
AGENTS = 20
CUT_SHARE = 0.2
SETTLE_S = 2.0


def _lines() -> tuple[Line, ...]:
    found: list[Line] = []
    for count in COUNTS:
        found += [
            Line(f"s{count}_p50_ms", f"{count:,} streams, {POKES_PER_S:.0f} pokes/s: half within", "ms"),
            Line(f"s{count}_p99_ms", "... 99 of 100 within", "ms", at_most(150)),
            Line(f"s{count}_worst_ms", "... the latest", "ms"),
            Line(
                f"s{count}_missed", f"... missed, {CUT_SHARE:.0%} of them cut off and back in between", "", exactly(0)
            ),
            Line(f"s{count}_twice", "... heard twice", "", exactly(0)),
            Line(f"s{count}_kb", "... memory a stream", "kB", at_most(30)),
            Line(f"s{count}_open_s", "... to open all", "s"),
            Line(f"s{count}_cores", "... processors that web used", ""),
        ]
    return tuple(found)


def run(stage: Stage, *, number: int, quick: bool, notes: list[str]) -> Measured:
    """Measure each number of streams once."""
    found: Measured = {}
    for count in COUNTS:
        with Product(stage, stage.fresh()) as product:
            found |= _streams(product, count, seconds=4 if quick else 20)
    return found


WORKLOAD = Workload("W8", "many open event streams", _lines(), run)


def _streams(product: Product, count: int, *, seconds: float) -> Measured:
    house = product.house(agents=AGENTS)
    product.start_web()
    small = product.memory()["web"].largest_pss_mb
    began = time.monotonic()
    listeners = _Listeners(product, house, count)
    open_s = time.monotonic() - began
    time.sleep(SETTLE_S)
    large = product.memory()["web"].largest_pss_mb
    used, began = product.cpu_s()["web"], time.monotonic()
    pokes = _poke_on(product, house, listeners, count, seconds)
    cores = (product.cpu_s()["web"] - used) / (time.monotonic() - began)
    time.sleep(SETTLE_S)
    heard = listeners.stop(pokes)
    key = f"s{count}"
    return {
        f"{key}_p50_ms": heard["p50_ms"],
        f"{key}_p99_ms": heard["p99_ms"],
        f"{key}_worst_ms": heard["worst_ms"],
        f"{key}_missed": heard["missed"],
        f"{key}_twice": heard["twice"],
        f"{key}_delivered": heard["delivered"],
        f"{key}_kb": (large - small) * 1000 / count,
        f"{key}_open_s": open_s,
        f"{key}_cores": cores,
    }


def _poke_on(product: Product, house: House, listeners: "_Listeners", count: int, seconds: float) -> int:
    """Poke evenly; half way through, a share of the streams is cut off for a second. Return how many pokes there were.

    Those that were cut off are not asked how late they heard, only whether they heard everything.
    """
    pokes = int(seconds * POKES_PER_S)
    cut_at, mend_at = pokes // 2, pokes // 2 + int(POKES_PER_S)
    began = time.monotonic()
    with product.stage.looking(product.environment) as connection:
        for number in range(pokes):
            time.sleep(max(0.0, began + number / POKES_PER_S - time.monotonic()))
            if number == cut_at:
                listeners.tell(f"cut {int(count * CUT_SHARE)}")
            if number == mend_at:
                listeners.tell("mend")
            line = f"{house.id} conversation {UUID(int=number)} {house.channel}"
            listeners.tell(f"sent {number} {time.monotonic()}")
            connection.execute("SELECT pg_notify('pokes', %s)", [line])
    return pokes


class _Listeners:
    """The process that holds the streams."""

    def __init__(self, product: Product, house: House, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.streams"],
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        orders = {"port": product.port, "path": f"/events?w={house.handle}", "cookies": house.cookies, "count": count}
        self.tell(json.dumps(orders))
        self._hear()

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def stop(self, pokes: int) -> dict[str, Any]:
        """End all streams and return what was noted."""
        self.tell(f"stop {pokes}")
        heard: dict[str, Any] = json.loads(self._hear())
        self._process.wait(10)
        return heard

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Failed("the listeners ended early")
        return line
