"""One `bin/run` a home: who comes second is told where the first one is."""

import fcntl
import io
import json
import os
import time
from pathlib import Path

from config.home import private_folder
from config.trouble import Trouble

LEAVES_WITHIN_S = 30


class Claim:
    """A lock on the home that says who holds it. The kernel lets go of it when all holders died, however that was.

    The holders are `bin/run` and the sentinel that ends what a killed `bin/run` leaves behind.
    """

    def __init__(self, home: Path) -> None:
        self._path = private_folder(home) / "run.lock"
        self._file: io.TextIOWrapper | None = None

    def take(self, *, doing: str = "") -> None:
        """Claim the home for this process, once all that an earlier, killed one left behind has gone.

        `doing` tells whoever comes second what goes on, where it is not the product that runs.
        Raises: Trouble, when another one has it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "r+", encoding="utf-8")  # open for as long as the claim holds
        deadline = time.monotonic() + LEAVES_WITHIN_S
        while not _locked(file):
            holder = _holder(file)
            if _is_alive(holder.get("process")) or time.monotonic() > deadline:
                file.close()
                raise Trouble(_told(holder))
            time.sleep(0.1)
        self._file = file
        self._write({"process": os.getpid(), **({"doing": doing} if doing else {})})

    def announce(self, url: str) -> None:
        """Write down where the product is."""
        self._write({"process": os.getpid(), "url": url})

    def fileno(self) -> int:
        """Return the descriptor that holds the lock, for whoever shall hold it too."""
        assert self._file is not None
        return self._file.fileno()

    def release(self) -> None:
        """Let go."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, holder: dict[str, object]) -> None:
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        json.dump(holder, self._file)
        self._file.flush()


def _locked(file: io.TextIOWrapper) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: io.TextIOWrapper) -> dict[str, object]:
    file.seek(0)
    try:
        found = json.loads(file.read())
    except ValueError:  # it is just being written
        return {"process": os.getpid()}
    return found if isinstance(found, dict) else {}


def _is_alive(pid: object) -> bool:
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _told(holder: dict[str, object]) -> str:
    if "doing" in holder:
        return (
            f"{holder['doing']} is at work here (process {holder['process']}): wait until it is done, then try again."
        )
    if "url" in holder:
        return f"Troth is already running at {holder['url']} (process {holder['process']}); stop it there with Ctrl-C."
    return "Troth is already starting from another terminal: wait for it, or stop it there with Ctrl-C."
