"""One running Troth a home."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.home import CHECKOUT
from config.supervise.claim import Claim
from config.trouble import Trouble


def test_the_second_is_told_where_the_first_one_is(home: Path) -> None:
    first = Claim(home)
    first.take()
    first.announce("http://127.0.0.1:8000")
    with pytest.raises(Trouble, match="already running at http://127.0.0.1:8000"):
        Claim(home).take()
    first.release()
    second = Claim(home)
    second.take()
    second.release()


def test_one_that_is_still_starting_has_no_address_yet(home: Path) -> None:
    first = Claim(home)
    first.take()
    with pytest.raises(Trouble, match="already starting"):
        Claim(home).take()
    first.release()


KILLED = """
import os, signal, subprocess, sys
from pathlib import Path
from config.supervise.claim import Claim
claim = Claim(Path(sys.argv[1]))
claim.take()
claim.announce("http://127.0.0.1:8000")
heir = subprocess.Popen(["sleep", "60"], pass_fds=[claim.fileno()], stdout=subprocess.DEVNULL)
print(heir.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_one_left_behind_is_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(home)], stdout=subprocess.PIPE, cwd=CHECKOUT, check=False)
    heir = int(done.stdout)
    monkeypatch.setattr("config.supervise.claim.time.sleep", lambda _: os.kill(heir, signal.SIGKILL))
    claim = Claim(home)
    claim.take()
    claim.release()


def test_another_home_is_free(home: Path) -> None:
    first, other = Claim(home), Claim(home / "other")
    first.take()
    other.take()
    first.release()
    other.release()
