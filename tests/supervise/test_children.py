"""Child processes: started again, stopped in order, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.home import CHECKOUT
from config.supervise.children import Child, Children
from config.supervise.leftovers import _stat_fields

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = (
    "import subprocess, sys, time;"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid, flush=True); time.sleep(60)"
)


@pytest.fixture
def children() -> Iterator[Children]:
    made = Children(verbose=False)
    yield made
    made.close()


def child(home: Path, code: str, *, name: str = "web") -> Child:
    return Child(name, [sys.executable, "-c", code], environment=dict(os.environ), folder=home, logs=home)


def is_gone(pid: int) -> bool:
    fields = _stat_fields(pid)
    return not fields or fields[0] == "Z"


def wait_until(true: Callable[[], bool], *, listening: Children | None = None) -> None:
    """Wait for something that another process does; the limit only ends a test that fails."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        if listening is None:
            time.sleep(0.01)
        else:
            listening.listen(for_s=0.01)


def test_what_a_child_says_is_kept(home: Path, children: Children) -> None:
    one = child(home, "print('hello'); import sys; print('alas', file=sys.stderr)")
    children.start(one)
    wait_until(lambda: children.fallen() == [one], listening=children)
    assert children.bury(one) == 0
    assert (home / "web.log").read_text().splitlines() == ["hello", "alas"]
    assert (home / "web.log").stat().st_mode & 0o077 == 0


def test_one_that_falls_again_and_again_is_given_more_and_more_time(home: Path, children: Children) -> None:
    one = child(home, "raise SystemExit(3)")
    waits = []
    for _ in range(7):
        children.start(one)
        wait_until(lambda: bool(children.fallen()), listening=children)
        assert children.bury(one) == 3
        waits.append(one.plan_restart())
    assert waits == [0.5, 1, 2, 5, 10, 30, 30]
    assert children.due() == []


def test_one_whose_time_has_come_is_due(home: Path, children: Children) -> None:
    one = child(home, "raise SystemExit(3)")
    children.start(one)
    wait_until(lambda: bool(children.fallen()), listening=children)
    children.bury(one)
    one.plan_restart()
    one.again_at = time.monotonic()
    assert children.due() == [one]
    children.start(one)
    assert children.due() == []


def test_one_that_does_not_want_to_stop_is_killed(
    home: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.supervise.children.STOP_WITHIN_S", 0.2)
    one = child(home, STUBBORN)
    children.start(one)
    wait_until(lambda: (home / "web.log").read_text() == "up\n", listening=children)
    assert one.process is not None
    pid = one.process.pid
    children.stop()
    assert is_gone(pid)


def test_what_a_fallen_child_had_started_goes_with_it(home: Path, children: Children) -> None:
    one = child(home, WITH_CHILD)
    children.start(one)
    wait_until(lambda: bool((home / "web.log").read_text()), listening=children)
    grandchild = int((home / "web.log").read_text())
    assert one.process is not None
    os.kill(one.process.pid, signal.SIGKILL)
    wait_until(lambda: bool(children.fallen()), listening=children)
    children.bury(one)
    wait_until(lambda: is_gone(grandchild))


SUPERVISOR = f"""
import os, sys, time
from pathlib import Path
from config.supervise import children
children.STOP_WITHIN_S = 1
home = Path(sys.argv[1])
all_of_them = children.Children(verbose=False)
for name, code in (("polite", {WITH_CHILD!r}), ("stubborn", {STUBBORN!r})):
    one = children.Child(name, [sys.executable, "-c", code], environment=dict(os.environ), folder=home, logs=home)
    all_of_them.start(one)
    print(one.process.pid, flush=True)
while True:
    all_of_them.listen(for_s=0.1)
"""


def test_a_killed_supervisor_leaves_nobody_behind(home: Path) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(home)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )
    assert supervisor.stdout is not None
    with supervisor.stdout:
        pids = [int(supervisor.stdout.readline()), int(supervisor.stdout.readline())]
    wait_until(lambda: all((home / f"{name}.log").read_text() for name in ("polite", "stubborn")))
    pids.append(int((home / "polite.log").read_text()))
    supervisor.kill()
    supervisor.wait()
    wait_until(lambda: all(is_gone(pid) for pid in pids))
