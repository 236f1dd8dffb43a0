"""One round: a new house, a storm over it, misfortunes, and at the end the accounts."""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.crash.checks import Totals, all_is_well, drained
from tests.crash.houses import fast_house
from tests.crash.load import Storm
from tests.crash.mortal import Mortal
from tests.crash.outgoing import meter
from tests.crash.pen import Desk
from tests.soak.misfortune import HANGS_MS, TROUBLE, Misfortunes

DRAINED_WITHIN_S = 90.0
TELL_EVERY_S = 30.0
PER_SECOND = 80


@dataclass(frozen=True, slots=True)
class Scene:
    """What all rounds have in common. `folder` is for scratch."""

    live: Mortal
    desk: Desk
    misfortunes: Misfortunes
    folder: Path


def a_round(scene: Scene, *, number: int, lasts_s: float) -> tuple[Totals, Storm]:
    """Return what came in and went out. Raises: AssertionError, where anything was lost, doubled or not told."""
    live, misfortunes = scene.live, scene.misfortunes
    house = fast_house(live, f"s{number}", per_second=PER_SECOND, latency_ms=(20, 400))
    live.sandbox.set_faults(rates=TROUBLE, hang_ms=HANGS_MS)
    with Storm(house, scene.desk.pen(house), name=f"s{number}", crowd=2, pause_s=0.01) as storm:
        ends_at, told_at = time.monotonic() + lasts_s, time.monotonic()
        while (left_s := ends_at - time.monotonic()) > 0:
            time.sleep(min(misfortunes.pause_s(), left_s))
            misfortunes.strike()
            if time.monotonic() > told_at + TELL_EVERY_S:
                told_at = time.monotonic()
                say(
                    f"  {len(storm.acknowledged())} acknowledged, {meter(house)['accepted']} sent; {misfortunes.told()}"
                )
        storm.rage(deliveries=10, messages=10, within_s=120)
    live.sandbox.set_faults(rates={})
    drained(house, within_s=DRAINED_WITHIN_S, while_it_moves=True)
    return all_is_well(storm, file=scene.folder / "ids"), storm


def memory_mb(live: Mortal) -> str:
    """Return the resident memory of web and worker, in megabytes."""
    used = {name: sum(map(_resident_mb, _family(process.pid))) for name, process in live.processes.items()}
    return ", ".join(f"{name} {mb:.0f} MB" for name, mb in sorted(used.items()))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    return [pid, *map(int, children.read_text().split())] if children.exists() else [pid]


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


def say(line: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')} {line}\n")
    sys.stdout.flush()
