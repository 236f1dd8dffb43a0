"""The long-running processes of the product: started, listened to, started again when they fall, stopped."""

import os
import selectors
import signal
import subprocess
import time
from pathlib import Path
from typing import IO, cast

from config.supervise.logs import RotatedLog
from config.supervise.tether import Sentinel, send, tied_to_parent

STOP_WITHIN_S = 8
_STEADY_AFTER_S = 60
_BACK_OFF_S = (0.5, 1, 2, 5, 10, 30)


class Child:
    """One program with its log. Its process leads a session of its own, so that Ctrl-C reaches only us."""

    def __init__(self, name: str, command: list[str], *, environment: dict[str, str], folder: Path, logs: Path) -> None:
        self.name = name
        self.log = RotatedLog(logs, name)
        self.process: subprocess.Popen[bytes] | None = None
        self.falls = 0
        self.again_at = 0.0
        self._command = command
        self._environment = environment
        self._folder = folder
        self._began = 0.0

    def start(self) -> None:
        """Start the program. From the main thread only (see `tether`)."""
        self._began = time.monotonic()
        self.process = subprocess.Popen(
            self._command,
            env=self._environment,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=tied_to_parent(signal.SIGTERM),  # noqa: PLW1509 - it only makes system calls
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)

    def is_alive(self) -> bool:
        """Tell whether the program runs."""
        return self.process is not None and self.process.poll() is None

    def plan_restart(self) -> float:
        """Decide when to start it again, later after every fall. Returns the seconds until then."""
        if time.monotonic() - self._began > _STEADY_AFTER_S:
            self.falls = 0
        wait_s = _BACK_OFF_S[min(self.falls, len(_BACK_OFF_S) - 1)]
        self.falls += 1
        self.again_at = time.monotonic() + wait_s
        return wait_s


class Children:
    """All of them, in the order in which they are stopped."""

    def __init__(self, *, verbose: bool, keeping: tuple[int, ...] = ()) -> None:
        self._all: list[Child] = []
        self._verbose = verbose
        self._selector = selectors.DefaultSelector()
        self._sentinel = Sentinel(grace_s=STOP_WITHIN_S, keeping=keeping)

    def start(self, child: Child) -> None:
        """Start a child and listen to it from now on."""
        if child not in self._all:
            self._all.append(child)
        child.again_at = 0.0
        child.start()
        assert child.process is not None
        assert child.process.stdout is not None
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        self._tell_sentinel()

    def listen(self, *, for_s: float) -> None:
        """Pass on what the children say, for about so long."""
        if not self._selector.get_map():
            time.sleep(for_s)
            return
        for key, _ in self._selector.select(for_s):
            self._pass_on(cast(IO[bytes], key.fileobj), key.data)

    def fallen(self) -> list[Child]:
        """Return the children that have ended and are not yet waiting for their restart."""
        return [child for child in self._all if child.process is not None and child.process.poll() is not None]

    def due(self) -> list[Child]:
        """Return the children whose time to be started again has come."""
        now = time.monotonic()
        return [child for child in self._all if child.process is None and 0 < child.again_at <= now]

    def bury(self, child: Child) -> int:
        """Take leave of a child that ended: read its last words, end its own children, return its code."""
        assert child.process is not None
        pipe = child.process.stdout
        assert pipe is not None
        if pipe in self._selector.get_map():
            self._pass_on(pipe, child)
        if pipe in self._selector.get_map():  # a child of its own still holds the other end
            self._selector.unregister(pipe)
        pipe.close()
        send(child.process.pid, signal.SIGKILL, group=True)
        code = child.process.wait()
        child.process = None
        self._tell_sentinel()
        return code

    def stop(self, *children: Child) -> None:
        """Stop these, or all, one after the other: asked first, killed when they do not end in time."""
        for child in children or tuple(self._all):
            child.again_at = 0.0
            if child.process is None:
                continue
            send(child.process.pid, signal.SIGTERM)
            deadline = time.monotonic() + STOP_WITHIN_S
            while child.is_alive() and time.monotonic() < deadline:
                self.listen(for_s=0.05)
            if child.is_alive():
                send(child.process.pid, signal.SIGKILL, group=True)
                child.process.wait()
            self.bury(child)

    def restart(self) -> None:
        """Stop all and start them again."""
        for child in self._all:
            self.stop(child)
        for child in self._all:
            self.start(child)

    def close(self) -> None:
        """Kill what is left, and let go of everything."""
        for child in self._all:
            if child.process is not None:
                send(child.process.pid, signal.SIGKILL, group=True)
                self.bury(child)
            child.log.close()
        self._sentinel.dismiss()
        self._selector.close()

    def _pass_on(self, pipe: IO[bytes], child: Child) -> None:
        while data := _read(pipe.fileno()):
            child.log.write(data)
            if self._verbose:
                for line in data.decode(errors="replace").splitlines():
                    print(f"{child.name:>8} | {line}", flush=True)
        if data == b"":
            self._selector.unregister(pipe)

    def _tell_sentinel(self) -> None:
        alive = [child.process.pid for child in self._all if child.process is not None]
        self._sentinel.guard(alive, signal_name="TERM")


def _read(descriptor: int) -> bytes | None:
    """Return what is there now, nothing at the end, None if there is nothing yet."""
    try:
        return os.read(descriptor, 65_536)
    except BlockingIOError:
        return None
