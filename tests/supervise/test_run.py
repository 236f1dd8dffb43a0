"""`bin/run` itself, as a person meets it: one home through a life of starts, falls and stops."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.home import CHECKOUT
from config.supervise.leftovers import _stat_fields, children_of
from config.supervise.throwaway import Cluster

pytestmark = pytest.mark.slow

LIMIT_S = 120  # ends a test that fails; no test waits so long otherwise


class Run:
    """One `bin/run` and what it says."""

    def __init__(self, home: Path, **told: str) -> None:
        self.output = home / "output"
        kept = {name: value for name, value in os.environ.items() if not re.search("TROTH_|DATABASE_URL|GRAPH_", name)}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [CHECKOUT / "bin" / "run"],
                env={**kept, "TROTH_HOME": str(home / "var"), **told},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.said() or self.process.poll() is not None)
        assert words in self.said(), self.said()

    def everybody(self) -> list[int]:
        """Return the process and all that came from it."""
        found = [self.process.pid]
        for pid in found:
            found += children_of(pid)
        return found

    def named(self, words: str) -> list[int]:
        return [pid for pid in self.everybody() if words in command_of(pid)]


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def is_gone(pid: int) -> bool:
    fields = _stat_fields(pid)
    return not fields or fields[0] == "Z"


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.25)  # to look at all processes costs more than it does to wait


def answer(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code
    except OSError:
        return 0


def free_ports() -> dict[str, str]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return {"TROTH_PORT": str(one.getsockname()[1]), "TROTH_SANDBOX_PORT": str(two.getsockname()[1])}


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="troth-") as folder:
        yield Path(folder)


@pytest.fixture
def start(place: Path) -> Iterator[Callable[..., Run]]:
    started: list[Run] = []

    def begin(**told: str) -> Run:
        run = Run(place, **told)
        started.append(run)
        return run

    yield begin
    for run in started:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
            run.process.wait(LIMIT_S)


def test_it_starts_mends_itself_and_leaves_nobody_behind_however_it_ends(
    place: Path, start: Callable[..., Run]
) -> None:
    ports = free_ports()
    first = start(**ports)
    first.wait_for("Ctrl-C stops everything.")
    assert "Database: made and started" in first.said()
    assert "Tables: brought up to date" in first.said()
    assert 200 <= answer(int(ports["TROTH_PORT"])) < 400

    second = Run(place / "var", TROTH_HOME=str(place / "var"))
    assert second.process.wait(LIMIT_S) == 1
    assert f"already running at http://127.0.0.1:{ports['TROTH_PORT']}" in second.said()

    for pid in first.named("config.serve"):
        os.kill(pid, signal.SIGKILL)
    first.wait_for("The web process stopped")
    wait_until(lambda: 200 <= answer(int(ports["TROTH_PORT"])) < 400)

    os.kill(first.named("bin/postgres -D")[0], signal.SIGKILL)
    first.wait_for("The database stopped; starting it again")
    wait_until(lambda: 200 <= answer(int(ports["TROTH_PORT"])) < 400)

    # Whoever fell with the database comes back after its own wait; only then is "everybody" worth asking for.
    wait_until(
        lambda: all(first.named(part) for part in ("config.serve", "django worker", "sandbox serve", "postgres"))
    )
    everybody = first.everybody()
    first.process.kill()
    first.process.wait()
    wait_until(lambda: all(is_gone(pid) for pid in everybody))

    third = start(**ports)
    third.wait_for("Ctrl-C stops everything.")
    assert "Database: started" in third.said()
    assert "Tables: up to date" in third.said()
    everybody = third.everybody()
    third.process.send_signal(signal.SIGINT)
    assert third.process.wait(LIMIT_S) == 0
    assert all(is_gone(pid) for pid in everybody)


def test_a_busy_port_stops_it_with_one_sentence(start: Callable[..., Run]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = str(busy.getsockname()[1])
        run = start(TROTH_PORT=port)
        assert run.process.wait(LIMIT_S) == 1
    assert run.said().splitlines()[-1] == (
        f"Port {port} is in use by another program: stop it, or set TROTH_PORT to a free port."
    )


def test_a_database_of_the_operators_is_used_instead_of_ours(place: Path, start: Callable[..., Run]) -> None:
    ports = free_ports()
    with Cluster() as outside:
        run = start(DATABASE_URL=outside.server.superuser_address(), **ports)
        run.wait_for("Ctrl-C stops everything.")
        assert "Database: the one in DATABASE_URL" in run.said()
        assert run.named("bin/postgres -D") == []
        assert not (place / "var" / "postgresql").exists()
        assert 200 <= answer(int(ports["TROTH_PORT"])) < 400
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(LIMIT_S) == 0
