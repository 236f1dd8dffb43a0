"""What an earlier server that was killed may have left behind: its processes and its lock files."""

import signal
import subprocess
import time
from pathlib import Path

from config.supervise.tether import send
from config.trouble import Trouble

LEAVES_WITHIN_S = 30
_PROC = Path("/proc")


def end_previous_server(data: Path, *, socket_folder: Path) -> None:
    """Wait for, or end, a server that still runs on these data; remove the lock files of one that does not.

    To be called by the holder of the lock only: then whatever still runs has lost its supervisor.
    Raises: Trouble, when it does not end.
    """
    pid = _written_pid(data / "postmaster.pid")
    if pid is not None and _serves(pid, data):
        _end(pid, data)
    for stale in (data / "postmaster.pid", socket_folder / ".s.PGSQL.5432.lock", socket_folder / ".s.PGSQL.5432"):
        stale.unlink(missing_ok=True)


def _end(pid: int, data: Path) -> None:
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        send(pid, number)
        deadline = time.monotonic() + LEAVES_WITHIN_S
        while time.monotonic() < deadline:
            if not _serves(pid, data):
                return
            time.sleep(0.05)
    raise Trouble(f"An earlier database server (process {pid}) does not end: restart the machine.")


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process."""
    if _PROC.joinpath("self/stat").exists():
        return [child for child, fields in _all_processes() if int(fields[1]) == pid]
    listed = subprocess.run(["/bin/ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _all_processes() -> list[tuple[int, list[str]]]:
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            fields = _stat_fields(int(entry.name))
            if fields:
                found.append((int(entry.name), fields))
    return found


def _stat_fields(pid: int) -> list[str]:
    """Return a process's state, its parent and so on; nothing if it has gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _written_pid(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Tell whether this process is a live server of these data, and not a stranger who was given its number."""
    if not _PROC.joinpath("self/stat").exists():
        command = ["/bin/ps", "-o", "command=", "-p", str(pid)]
        listed = subprocess.run(command, check=False, capture_output=True, text=True)
        return str(data) in listed.stdout
    fields = _stat_fields(pid)
    if not fields or fields[0] == "Z":
        return False
    try:
        return (_PROC / str(pid) / "cwd").resolve() == data.resolve()
    except OSError:
        return False
