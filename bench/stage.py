"""The stage of a benchmark: a durable throwaway PostgreSQL, and on it the product's own processes, on loopback."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from bench import processes
from bench.bank import Bank
from bench.calls import answers
from bench.load import Orders
from config.supervise.prepare import collect_static, migrate
from config.supervise.tether import tied_to_parent
from config.supervise.throwaway import Cluster

ROOT = Path(__file__).resolve().parent.parent
FIRST_PORT = 8200
LAST_PORT = 8249
START_WITHIN_S = 20.0
TEMPLATE = "bench_template"
APP_SECRET = "a secret of the benchmark's app"
# In production the product asks who runs it.
OPERATOR = {
    "TROTH_OPERATOR_NAME": "The benchmark",
    "TROTH_OPERATOR_ADDRESS": "On this machine",
    "TROTH_CONTACT_EMAIL": "nobody@bench.internal",
    "TROTH_PRIVACY_EMAIL": "nobody@bench.internal",
    "TROTH_SECURITY_EMAIL": "nobody@bench.internal",
    "TROTH_CONTACT_PHONE": "+49 30 1234567",
}


class Failed(Exception):
    """A part of the benchmark did not do what it was started for."""


class Stage:
    """One database server with the product's settings, fsync on; a fresh database for each system that is measured."""

    def __init__(self, *, settings: dict[str, str] | None = None) -> None:
        self.cluster = Cluster(durable=True, settings=settings)
        self.scratch = Path(tempfile.mkdtemp(prefix="troth-bench-"))
        self.kept: dict[str, Any] = {}
        self._databases = 0

    def __enter__(self) -> Self:
        self.cluster.__enter__()
        try:
            told = self.told(self.cluster.environment(TEMPLATE))
            migrate(told["DATABASE_URL"], told)
            collect_static(self.cluster.home, told)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cluster.remove()
        if isinstance(error, Failed):
            print(f"The logs are in {self.scratch}", file=sys.stderr)
        else:
            shutil.rmtree(self.scratch, ignore_errors=True)

    @property
    def home(self) -> Path:
        """The folder with the database's files, on the disk that is measured."""
        return self.cluster.home

    def database_pid(self) -> int:
        """Return the process whose children are all of PostgreSQL."""
        assert self.cluster.server.process is not None
        return self.cluster.server.process.pid

    def fresh(self) -> dict[str, str]:
        """Make an empty, migrated database and return the environment that leads to it."""
        self._databases += 1
        return self.told(self.cluster.environment(f"bench_{self._databases}", template=TEMPLATE))

    def told(self, database: dict[str, str]) -> dict[str, str]:
        """Return the environment of a product on this database, as it is in production."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("TROTH_")},
            **database,
            "TROTH_ENV": "production",
            **OPERATOR,
            "GRAPH_BASE_URL": "http://127.0.0.1:9",  # nobody: a benchmark calls no other machine
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    @contextmanager
    def looking(self, environment: dict[str, str]) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Look into a database past all walls, as its superuser."""
        name = environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.cluster.server.superuser_address(name), autocommit=True) as connection:
            yield connection


@dataclass(frozen=True, slots=True)
class House:
    """A workspace with one connected number. `cookies` are its members' sessions, the owner's first."""

    id: str
    handle: str
    channel: str
    number_id: str
    account_id: str
    secret: str
    members: dict[str, str]
    cookies: list[str]

    @property
    def hook(self) -> str:
        """The path at which the number's webhooks arrive."""
        return f"/hooks/cloud/{self.channel}"

    def bank(self, *, run: int = 0) -> Bank:
        """Return the payloads of this number."""
        return Bank(self.account_id, self.number_id, self.secret, run=run, base_s=int(time.time()) - 120)


@dataclass
class Product:
    """Web and worker (and whatever else is started by name) on one database. Use as a context."""

    stage: Stage
    environment: dict[str, str]
    port: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        self.environment["TROTH_PORT"] = str(self.port)
        self.environment["TROTH_BASE_URL"] = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in list(self.running):
            self.stop(name)

    @property
    def log(self) -> Path:
        return self.stage.scratch / f"product-{self.port}.log"

    def start_web(self) -> None:
        """Start the web part and return once it answers."""
        self.start("web", ["config.serve"])
        self.wait_for_web()

    def start_worker(self) -> None:
        self.start("worker", ["django", "worker"])

    def start(self, name: str, module: list[str], *, environment: dict[str, str] | None = None) -> None:
        """Start a Python module of ours as a process of this name."""
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-P", "-m", *module],
                env={**self.environment, **(environment or {})},
                cwd=ROOT,
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=tied_to_parent(signal.SIGKILL),  # noqa: PLW1509 - it only makes system calls
            )

    def stop(self, name: str) -> None:
        """Ask a process to end, and make it."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def wait_for_web(self) -> None:
        """Return once pages are answered."""
        wait_until(lambda: answers(self.port), within_s=START_WITHIN_S, what="web")

    def kill(self, name: str) -> None:
        """Kill a process and all its children, as a power cut would."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def house(self, **wishes: Any) -> House:
        """Make a workspace with one connected number."""
        numbers = {"number_id": "100000000000001", "account_id": "200000000000001", "secret": APP_SECRET}
        wanted = {"name": "Kopi & Co", **numbers, **wishes}
        made = self.ask("bench.house", wanted)
        return House(**made, **{name: wanted[name] for name in numbers})

    def ask(self, module: str, question: Any) -> Any:
        """Run a program of ours in the product's environment and return what it printed last, as JSON."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, json.dumps(question)],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{module}:\n{done.stderr}")
        return json.loads(done.stdout.strip().splitlines()[-1])

    def cpu_s(self) -> dict[str, float]:
        """Return the processor seconds used so far, by part; `database` is all of PostgreSQL."""
        parts = {name: process.pid for name, process in self.running.items()}
        parts["database"] = self.stage.database_pid()
        return {name: processes.cpu_s(pid) for name, pid in parts.items()}

    def memory(self) -> dict[str, processes.Memory]:
        """Return what each of the product's parts holds in memory."""
        return {name: processes.memory(process.pid) for name, process in self.running.items()}

    def count(self, query: str) -> int:
        """Return the one number that a query gives."""
        with self.stage.looking(self.environment) as connection:
            row = connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def waiting(self) -> int:
        """Return how many deliveries are acknowledged and not yet digested. Raises: Failed, when a process has ended."""
        ended = [name for name, process in self.running.items() if process.poll() is not None]
        if ended:
            raise Failed(f"{', '.join(ended)}: ended by itself")
        return self.count("SELECT count(*) FROM ingest_delivery WHERE digested_at IS NULL AND parked_at IS NULL")

    def analyze(self) -> None:
        """Give the planner the figures that an installation has after its first minutes."""
        with self.stage.looking(self.environment) as connection:
            connection.execute("VACUUM (ANALYZE)")


class Load:
    """A generator process: made ready first, so that preparing costs nothing while it is measured."""

    def __init__(self, orders: Orders) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "bench.load"],
            env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._say(orders.packed())
        self._hear()

    def go(self) -> None:
        """Begin to send."""
        self._say("go")

    def run(self) -> dict[str, Any]:
        """Send everything and return what came of it."""
        self.go()
        return self.result()

    def result(self) -> dict[str, Any]:
        """Wait for the end and return what came of it."""
        answer: dict[str, Any] = json.loads(self._hear())
        self._process.wait(10)
        return answer

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Failed("the load generator ended early")
        return line


def wait_until(
    question: Callable[[], object], *, within_s: float, every_s: float = 0.02, what: str, strict: bool = True
) -> float:
    """Ask until the answer is true and return how many seconds that took. Raises: Failed, unless it is not strict."""
    began = time.monotonic()
    while not question():
        if time.monotonic() - began > within_s:
            if not strict:
                break
            raise Failed(f"{what}: not within {within_s:.0f} s")
        time.sleep(every_s)
    return time.monotonic() - began


def free_port() -> int:
    """Return a port of our range on which nobody listens."""
    for port in range(FIRST_PORT, LAST_PORT + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failed(f"no free port from {FIRST_PORT} to {LAST_PORT}")
