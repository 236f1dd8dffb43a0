import os
import subprocess
import sys

from bench import processes

BUSY = (
    "import time; until = time.process_time() + 0.3\nwhile time.process_time() < until: pass\nprint('done', flush=True)"
)


def test_what_a_child_used_counts_while_it_lives_and_after() -> None:
    before = processes.cpu_s(os.getpid())
    with subprocess.Popen([sys.executable, "-c", f"{BUSY}\ninput()"], stdin=-1, stdout=-1, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "done\n"
        assert child.pid in processes.tree(os.getpid())
        assert processes.cpu_s(os.getpid()) - before >= 0.25
        child.communicate("\n")
    assert child.pid not in processes.tree(os.getpid())
    assert processes.cpu_s(os.getpid()) - before >= 0.25


def test_memory_is_that_of_living_processes() -> None:
    mine = processes.memory(os.getpid())
    assert mine.pss_mb > 5
    assert mine.peak_rss_mb >= 5
    assert processes.alone(2**22 + 1).rss_mb == 0
