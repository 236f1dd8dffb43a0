"""A test run that is killed takes the product's processes with it: nobody keeps its memory, its port and its database."""

import json
import subprocess
import sys

from config.home import CHECKOUT
from config.supervise.leftovers import _stat_fields
from tests.supervise.test_children import is_gone, wait_until

RUN = """
import json, time
from config.supervise.leftovers import children_of
from tests.live import Live

def family(pid):
    return [pid, *(one for child in children_of(pid) for one in family(child))]

with Live("left") as live:
    started = [process.pid for process in live.processes.values()] + [live.sandbox._process.pid]
    print(json.dumps([one for pid in started for one in family(pid)]), flush=True)
    time.sleep(600)
"""


def test_kill_9_of_a_test_run_ends_web_worker_and_sandbox() -> None:
    run = subprocess.Popen([sys.executable, "-c", RUN], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    try:
        assert run.stdout is not None
        with run.stdout:
            pids = json.loads(next(line for line in run.stdout if line.startswith("[")))  # the sandbox speaks there too
        assert len(pids) >= 4  # the web server has a worker of its own
        assert all(_stat_fields(pid) for pid in pids)
    finally:
        run.kill()
        run.wait()
    wait_until(lambda: all(is_gone(pid) for pid in pids))
