"""What processes used: processor seconds and memory, read from /proc for a process with all its children."""

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process tree. `pss_mb` shares out what is shared, `peak_rss_mb` is the largest single process ever."""

    pss_mb: float
    rss_mb: float
    peak_rss_mb: float
    largest_pss_mb: float


def tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _stat(int(entry.name))
            if fields:
                children[int(fields[1])].append(int(entry.name))
    found, ahead = [], [pid]
    while ahead:
        one = ahead.pop()
        found.append(one)
        ahead += children[one]
    return found


def cpu_s(pid: int) -> float:
    """Return the processor seconds that a process tree has used, those of its ended children included."""
    total = 0
    for one in tree(pid):
        fields = _stat(one)
        if fields:
            total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def memory(pid: int) -> Memory:
    """Return what a process tree holds now, and the most that one of its processes ever held."""
    all_of_it = [alone(one) for one in tree(pid)]
    return Memory(
        round(sum(one.pss_mb for one in all_of_it), 1),
        round(sum(one.rss_mb for one in all_of_it), 1),
        max((one.peak_rss_mb for one in all_of_it), default=0.0),
        max((one.pss_mb for one in all_of_it), default=0.0),
    )


def alone(pid: int) -> Memory:
    """Return what one process holds; nothing when it is gone."""
    try:
        pss = _fields(Path(f"/proc/{pid}/smaps_rollup")).get("Pss", 0) / 1024
        status = _fields(Path(f"/proc/{pid}/status"))
    except OSError:
        return Memory(0.0, 0.0, 0.0, 0.0)
    rss, peak = status.get("VmRSS", 0) / 1024, status.get("VmHWM", 0) / 1024
    return Memory(round(pss, 1), round(rss, 1), round(peak, 1), round(pss, 1))


def command(pid: int) -> str:
    """Return the command line of a process, words parted by spaces; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/<pid>/stat after the name: state, parent, ..., none when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _fields(path: Path) -> dict[str, int]:
    """Return the lines of the form `Name:  123 kB`."""
    found = {}
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        number = value.split()[0] if value.split() else ""
        if number.isdigit():
            found[name] = int(number)
    return found
