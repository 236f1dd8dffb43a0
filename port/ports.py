"""The ports of this gateway, each with its process. Nothing of what people say is known here."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from port import tickets, wire
from port.contract import End, State

IDLE_S = 30 * 60
LIFE_S = 14 * 24 * 60 * 60
KILL_AFTER_S = 8.0
ENDED_KEPT_MAX = 1_000  # ends that nobody has asked for yet


@dataclass
class Port:
    """A port with its process, and what that last reported."""

    id: str
    process: subprocess.Popen[bytes]
    end: socket.socket
    begun_at: float
    report: wire.Report = field(default_factory=lambda: wire.Report(state=State.STARTING))
    kill_at: float = 0.0


class Ports:
    """All ports."""

    def __init__(
        self, key: bytes, *, origins: list[str], sandbox: str, null: int, environment: Mapping[str, str]
    ) -> None:
        self._key, self._origins, self._sandbox, self._null = key, origins, sandbox, null
        self._environment = dict(environment)
        self.live: dict[str, Port] = {}
        self.ended: dict[str, tuple[wire.Report, float]] = {}
        self.watch: Callable[[Port], object] = lambda _port: None  # the front listens to a port's process
        self.unwatch: Callable[[Port], object] = lambda _port: None

    def begin(self, id: str, *, driver: str, idle_s: int = IDLE_S, life_s: int = LIFE_S) -> Port:
        """Start the process of a port, unless it runs."""
        if (running := self.live.get(id)) is not None:
            return running
        self.ended.pop(id, None)
        mine, theirs = wire.pair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "port.process", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=self._environment,
                stdin=self._null,
                stdout=self._null,
                stderr=None if self._environment.get("TROTH_ENV") == "test" else self._null,
            )
        mine.setblocking(False)
        wire.send(
            mine,
            wire.Begin(
                port=id,
                key=tickets.key_of(self._key, id),
                driver=driver,
                origins=self._origins,
                sandbox=self._sandbox,
                idle_s=idle_s,
                life_s=life_s,
            ),
        )
        port = self.live[id] = Port(id, process, mine, time.monotonic())
        self.watch(port)
        return port

    def hand_over(self, id: str, connection: socket.socket) -> bool:
        """Hand a browser's connection to the process of its port. False where there is none."""
        port = self.live.get(id)
        if port is None:
            return False
        try:
            wire.send(port.end, wire.Connection(), connection=connection)
        except OSError:
            return False
        return True

    def finish(self, id: str, why: End, *, unlink: bool) -> bool:
        """End a port's session; whoever does not go is killed. False where there is none."""
        port = self.live.get(id)
        if port is None:
            return False
        with contextlib.suppress(OSError):
            wire.send(port.end, wire.Finish(why=why, unlink=unlink))
        port.kill_at = port.kill_at or time.monotonic() + KILL_AFTER_S
        return True

    def expel(self, id: str, member: str) -> bool:
        """Let a member talk to a port no more."""
        port = self.live.get(id)
        if port is None:
            return False
        with contextlib.suppress(OSError):
            wire.send(port.end, wire.Expel(member=member))
        return True

    def heard(self, port: Port) -> None:
        """Take what a port's process reports, or its end."""
        try:
            report = wire.receive_report(port.end)
        except BlockingIOError:
            return
        except OSError:
            report = None
        if report is None:
            self._gone(port)
            return
        port.report = report
        if report.state == State.ENDED:
            port.kill_at = port.kill_at or time.monotonic() + KILL_AFTER_S

    def tick(self) -> None:
        """Kill what should have gone, and notice what went."""
        at = time.monotonic()
        for port in list(self.live.values()):
            if port.kill_at and at >= port.kill_at:
                port.process.kill()
            if port.process.poll() is not None:
                self._gone(port)

    def close(self) -> None:
        """End all of them now: their memory goes with them."""
        for port in list(self.live.values()):
            port.process.send_signal(signal.SIGKILL)
        for port in list(self.live.values()):
            port.process.wait()
            self._gone(port)

    def _gone(self, port: Port) -> None:
        if self.live.get(port.id) is not port:
            return
        del self.live[port.id]
        self.unwatch(port)
        port.end.close()
        if port.process.poll() is None:
            port.process.kill()
            port.process.wait()
        report = port.report
        if report.state != State.ENDED:
            report = wire.Report(state=State.ENDED, end=End.CRASHED, engine=report.engine, version=report.version)
        self.ended[port.id] = (report, time.time())
        while len(self.ended) > ENDED_KEPT_MAX:
            del self.ended[next(iter(self.ended))]


def environment_of_children() -> dict[str, str]:
    """Return what the process of a port is told: nothing that leads anywhere."""
    kept = ("PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "TROTH_ENV", "SSL_CERT_FILE", "SSL_CERT_DIR")
    told = {name: os.environ[name] for name in kept if name in os.environ}
    return told | {
        "PYTHONDONTWRITEBYTECODE": "1",
        "NEONIZE_BOT_TAG": "off",
        "GOGC": "25",
        "GOTRACEBACK": "none",
        "MALLOC_ARENA_MAX": "1",
    }
