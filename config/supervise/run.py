"""Runs all of Troth on this machine: database, web, worker and sandbox. This is what `bin/run` becomes.

Standard library only: this process stays, and should stay small.
"""

import argparse
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from config.home import CHECKOUT, home, private_folder
from config.supervise import plan
from config.supervise.changes import Changes
from config.supervise.children import Child, Children
from config.supervise.claim import Claim
from config.supervise.postgres import Postgres
from config.supervise.restored import refuse_unfinished
from config.supervise.tether import tied_to_parent
from config.trouble import Trouble

READY_WITHIN_S = 60
_LOOK_EVERY_S = 0.5


class Stopped(BaseException):
    """Somebody asked us to stop. Also written down, since Python drops what is raised at some odd moments."""

    asked = False


def main(arguments: list[str] | None = None) -> int:
    """Run until asked to stop. Returns the exit code."""
    options = _options(arguments)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    product = Product(home(), verbose=options.verbose, reload=options.reload)
    try:
        product.start()
        product.watch()
    except Stopped:
        return 0
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except OSError as refusal:
        if refusal.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"\nThe disk that holds {product.home} is full: free 200 MB, then start again.", file=sys.stderr)
        return 1
    finally:
        product.stop()
    return 0


class Product:
    """Everything that belongs to one running Troth, in the order of starting."""

    def __init__(self, folder: Path, *, verbose: bool, reload: bool) -> None:
        self.home = folder
        self._verbose = verbose
        self._changes = Changes() if reload else None
        self._claim: Claim | None = None
        self._postgres: Postgres | None = None
        self._children: Children | None = None
        self._told: dict[str, str] = {}

    def start(self) -> None:
        """Start everything and say where it is."""
        began = time.monotonic()
        _say(f"Data in {self.home}")
        claim = Claim(self.home)
        claim.take()
        self._claim = claim
        refuse_unfinished(self.home)
        self._told = plan.environment(self.home)
        for remark in plan.remarks(self._told):
            _say(remark)
        claim.announce(self._told["TROTH_BASE_URL"])
        self._start_database()
        self._run("config.supervise.prepare")
        self._start_children()
        log_in = self._demo()
        print(plan.announcement(self._told, log_in=log_in, seconds=time.monotonic() - began), flush=True)

    def watch(self) -> None:
        """Pass on what the children say and start again what falls, until asked to stop."""
        assert self._children is not None
        while not Stopped.asked:
            self._children.listen(for_s=_LOOK_EVERY_S)
            self._mend_database()
            for child in self._children.fallen():
                self._report_fall(child)
            for child in self._children.due():
                self._children.start(child)
            if self._changes is not None and self._changes.happened():
                self._reload()

    def stop(self) -> None:
        """Stop everything: the web first, so that nothing new comes in, the database last."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if self._children is not None:
            _say("Stopping ...")
            self._children.stop()
            self._children.close()
        if self._postgres is not None:
            self._postgres.stop()
        if self._claim is not None:
            self._claim.release()

    def _start_database(self) -> None:
        if os.environ.get("DATABASE_URL"):
            _say("Database: the one in DATABASE_URL")
            return
        new = not (self.home / "postgresql" / "data").exists()
        self._postgres = Postgres(self.home)
        self._postgres.start()
        _say("Database: made and started" if new else "Database: started")

    def _start_children(self) -> None:
        assert self._claim is not None
        self._children = Children(verbose=self._verbose, keeping=(self._claim.fileno(),))
        logs = private_folder(self.home / "logs")
        for name, module in plan.programs(self._told).items():
            command = [sys.executable, "-P", "-m", *module]
            self._children.start(Child(name, command, environment=self._told, folder=CHECKOUT, logs=logs))
        self._wait_for_web(self._children)
        _say(f"{', '.join(plan.programs(self._told)).capitalize()}: started")

    def _wait_for_web(self, children: Children) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(int(self._told["TROTH_PORT"])):
            children.listen(for_s=0.05)
            for child in children.fallen():
                code = children.bury(child)
                print(child.log.tail(lines=15), file=sys.stderr)
                raise Trouble(f"The {child.name} process ended at once (code {code}); its log is {child.log.path}.")
            if time.monotonic() > deadline:
                raise Trouble(
                    f"Web did not answer within {READY_WITHIN_S} seconds; its log is in {self.home / 'logs'}."
                )

    def _demo(self) -> str:
        there = any(CHECKOUT.glob("troth/*/management/commands/demo.py"))
        if self._told["TROTH_ENV"] != "development" or not there:
            return ""
        return self._run("django", "demo", capture=True)

    def _run(self, module: str, *arguments: str, capture: bool = False) -> str:
        """Run one of our programs to its end and return what it printed, if asked for. It tells its own troubles."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, *arguments],
            env=self._told,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if capture else None,
            text=True,
            check=False,
            preexec_fn=tied_to_parent(signal.SIGTERM),
        )
        if done.returncode != 0:
            raise SystemExit(1)
        return done.stdout or ""

    def _mend_database(self) -> None:
        if self._postgres is not None and not self._postgres.is_running():
            _say("The database stopped; starting it again ...")
            self._postgres.start()

    def _report_fall(self, child: Child) -> None:
        assert self._children is not None
        code = self._children.bury(child)
        wait_s = child.plan_restart()
        _say(f"The {child.name} process stopped (code {code}); starting it again in {wait_s:g} s. See {child.log.path}")

    def _reload(self) -> None:
        assert self._children is not None
        _say("Files changed; starting again ...")
        try:
            self._run("config.supervise.prepare")
        except SystemExit:
            _say("The old processes run on until that is mended.")
            return
        self._children.restart()


def _answers(port: int) -> bool:
    """Tell whether the web part answers a request. By hand: the standard client would double our size."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            return connection.recv(16).startswith(b"HTTP/1.1 ")
    except OSError:
        return False


def _say(what: str) -> None:
    print(what, flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description="Runs all of Troth on this machine.")
    parser.add_argument("--verbose", action="store_true", help="show what the processes log")
    parser.add_argument("--reload", action="store_true", help="start again whenever a source file changes")
    return parser.parse_args(arguments)


def _stop(_number: int, _frame: FrameType | None) -> None:
    Stopped.asked = True
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
