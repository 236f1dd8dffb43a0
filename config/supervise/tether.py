"""Ties child processes to this one, so that even `kill -9` of it leaves nobody behind."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # Source: prctl(2)
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
KERNEL_TELLS = _libc is not None

# Keeps the last line it was told ("TERM 12 13"), and acts on it when the teller is gone.
_SENTINEL = """
alive() { for pid in "$@"; do kill -0 "$pid" 2>/dev/null && return 0; done; return 1; }
told=
while read -r line; do told=$line; done
set -- $told
[ $# -gt 1 ] || exit 0
signal=$1; shift
kill -"$signal" "$@" 2>/dev/null
tries=$GRACE_TENTHS
while [ "$tries" -gt 0 ] && alive "$@"; do sleep 0.1; tries=$((tries - 1)); done
for pid in "$@"; do kill -KILL -"$pid" 2>/dev/null; done
"""


def tied_to_parent(signal_number: int) -> Callable[[], None]:
    """Return a `preexec_fn` that makes the kernel send the child this signal when its parent dies.

    To be used from the main thread: the kernel means the *thread* that started the child. Runs after the change of
    user, which would undo it. Does nothing on systems other than Linux; see `Sentinel`.
    """
    parent = os.getpid()

    def tie() -> None:
        if _libc is None:
            return
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:  # it died before we were tied
            os._exit(1)

    return tie


def tie_myself(signal_number: int, *, parent: int | None = None) -> None:
    """Have this very process sent the signal when its parent dies: for a child that its parent does not tie.

    Where the parent's id is known, a child that lost it before it was tied ends at once.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os._exit(1)


class Sentinel:
    """A small process that ends others once this one is gone, and kills those that do not end in time.

    What it guards must lead a process group of its own. It outlives us by the grace at most, and keeps the files
    that it is given open until then: a lock among them is held until the last of the others has gone.
    """

    def __init__(self, *, grace_s: int, keeping: tuple[int, ...] = ()) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", _SENTINEL],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "GRACE_TENTHS": str(grace_s * 10)},
            pass_fds=keeping,
            start_new_session=True,
            cwd="/",
        )

    def guard(self, pids: list[int], *, signal_name: str) -> None:
        """Replace what it was told before."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{signal_name} {' '.join(map(str, pids))}\n".encode())
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # somebody killed it: the kernel's tie remains

    def dismiss(self) -> None:
        """Let it go without harm to anybody."""
        self._process.kill()
        self._process.communicate()


def send(pid: int, number: int, *, group: bool = False) -> None:
    """Send a signal to a process, or to the group that it leads, which may have gone already."""
    try:
        (os.killpg if group else os.kill)(pid, signal.Signals(number))
    except (ProcessLookupError, PermissionError):
        return
