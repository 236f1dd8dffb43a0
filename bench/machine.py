"""The machine that a figure was measured on, and how quiet it was."""

import os
import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

QUIET_SHARE = 0.10  # of the machine's processor time that others may use before a run is flagged
LOAD_MAX = 0.5
PROBE_S = 0.4
QUIET_FOR_S = 2.0
PROBE_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Quiet:
    """What else went on just before a run. `busy` is a share of all processors, `load` the one-minute average."""

    load: float
    busy: float
    fsyncs_per_s: float
    fsync_ms: float

    @property
    def flags(self) -> list[str]:
        """Say what makes figures of this moment doubtful; nothing on a quiet machine."""
        found = []
        if self.load > LOAD_MAX:
            found.append(f"load average {self.load:.2f} before the run")
        if self.busy > QUIET_SHARE:
            found.append(f"{self.busy:.0%} of the processors busy before the run")
        return found

    def report(self) -> dict[str, Any]:
        return {**asdict(self), "flags": self.flags}


def describe() -> dict[str, Any]:
    """Return processor, memory, system and versions, for the head of a report."""
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "processor": models[0].partition(":")[2].strip() if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(int(memory.split()[1]) / 1024 / 1024, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def quiet(folder: Path) -> Quiet:
    """Look for a moment how busy the machine is and how fast its disk makes writes safe in this folder."""
    load = os.getloadavg()[0]
    busy = share_busy(over_s=1.0)
    per_s, median_ms = _probe_fsync(folder)
    return Quiet(round(load, 2), round(busy, 3), round(per_s), round(median_ms, 3))


def wait_for_quiet(*, within_s: float) -> None:
    """Return when others leave the processors alone for a moment, or when that took too long."""
    until = time.monotonic() + within_s
    while time.monotonic() < until and share_busy(over_s=QUIET_FOR_S) > QUIET_SHARE:
        pass


def share_busy(*, over_s: float) -> float:
    """Return the share of all processor time that was used in the next moment."""
    before = processor_s()
    time.sleep(over_s)
    return (processor_s() - before) / over_s / (os.cpu_count() or 1)


def processor_s() -> float:
    """Return the processor seconds used on this machine since it started, by everybody, stolen time included."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _waiting, irq, softirq, steal = fields
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def shares(name: str, used_s: dict[str, float], machine_s: float, seconds: float) -> str:
    """Say how many processors each part used for so long, and what others took of the machine meanwhile."""
    others = max(0.0, machine_s - sum(used_s.values()))
    parts = [f"{part} {spent / seconds:.2f}" for part, spent in used_s.items()]
    return f"{name}: processors used, of {os.cpu_count()}: {', '.join(parts)}, others {others / seconds:.2f}"


def _probe_fsync(folder: Path) -> tuple[float, float]:
    path = folder / "fsync-probe"
    times = []
    with open(path, "wb", buffering=0) as file:
        block = os.urandom(PROBE_BYTES)
        until = time.perf_counter() + PROBE_S
        while time.perf_counter() < until:
            began = time.perf_counter()
            file.write(block)
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - began)
    path.unlink()
    times.sort()
    return len(times) / sum(times), times[len(times) // 2] * 1000
