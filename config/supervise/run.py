"""Runs all of Troth on this machine: database, web, worker and sandbox. This is what `bin/run` becomes."""

import argparse
import errno
import http.client
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from config.home import CHECKOUT, home, private_folder, secret
from config.supervise import ports, prepare
from config.supervise.addresses import Addresses
from config.supervise.changes import Changes
from config.supervise.children import Child, Children
from config.supervise.claim import Claim
from config.supervise.database import prepare_embedded, prepare_outside
from config.supervise.postgres import Postgres
from config.trouble import Trouble

WEB_PORT = 8000
SANDBOX_PORT = 8100
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
        self._environment: dict[str, str] = {}

    def start(self) -> None:
        """Start everything and say where it is."""
        began = time.monotonic()
        _say(f"Data in {self.home}")
        claim = Claim(self.home)
        claim.take()
        self._claim = claim
        self._environment = _environment(self.home)
        claim.announce(_address(self._environment))
        addresses = self._start_database()
        _say("Tables", "brought up to date" if prepare.migrate(addresses.owner, self._environment) else "up to date")
        prepare.collect_static(self.home, self._environment)
        self._start_children()
        log_in = self._make_demo()
        print(_announcement(self._environment, log_in, seconds=time.monotonic() - began), flush=True)

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

    def _start_database(self) -> Addresses:
        if os.environ.get("DATABASE_URL"):
            found = prepare_outside()
            _say("Database", "the one in DATABASE_URL")
            return found
        new = not (self.home / "postgresql").exists()
        self._postgres = Postgres(self.home)
        self._postgres.start()
        found = prepare_embedded(self._postgres)
        _say("Database", "made and started" if new else "started")
        return found

    def _start_children(self) -> None:
        self._children = Children(verbose=self._verbose)
        logs = private_folder(self.home / "logs")
        for name, module in _programs(self._environment).items():
            command = [sys.executable, "-P", "-m", *module]
            self._children.start(Child(name, command, environment=self._environment, folder=CHECKOUT, logs=logs))
        self._wait_for_web()

    def _wait_for_web(self) -> None:
        assert self._children is not None
        deadline = time.monotonic() + READY_WITHIN_S
        while not _answers(int(self._environment["TROTH_PORT"])):
            self._children.listen(for_s=0.05)
            for child in self._children.fallen():
                code = self._children.bury(child)
                print(child.log.tail(lines=15), file=sys.stderr)
                raise Trouble(
                    f"The {child.name} process ended at once (code {code}). All it said is in {child.log.path}."
                )
            if time.monotonic() > deadline:
                raise Trouble(f"Web did not answer within {READY_WITHIN_S} seconds; see {self.home / 'logs'}.")
        _say("Web, worker and sandbox" if "TROTH_DEV_TOKEN" in self._environment else "Web and worker", "started")

    def _make_demo(self) -> str:
        if "TROTH_DEV_TOKEN" not in self._environment:
            return ""
        return prepare.demo(self._environment)

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
            prepare.collect_static(self.home, self._environment)
        except Trouble as trouble:
            _say(str(trouble))
            return
        self._children.restart()


def _environment(folder: Path) -> dict[str, str]:
    """Return what all programs of this installation are told."""
    mode = os.environ.get("TROTH_ENV") or "development"
    port = ports.choose("TROTH_PORT", default=WEB_PORT)
    told = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUNBUFFERED": "1",
        "TROTH_HOME": str(folder),
        "TROTH_ENV": mode,
        "TROTH_PORT": str(port),
    }
    told.setdefault("TROTH_BASE_URL", f"http://127.0.0.1:{port}")
    if port != WEB_PORT and "TROTH_PORT" not in os.environ:
        _say(f"Port {WEB_PORT} is in use; taking {port}. TROTH_PORT chooses another.")
    if mode == "development":
        sandbox = ports.choose("TROTH_SANDBOX_PORT", default=SANDBOX_PORT, taken=frozenset({port}))
        told["TROTH_SANDBOX_PORT"] = str(sandbox)
        told.setdefault("GRAPH_BASE_URL", f"http://127.0.0.1:{sandbox}")
        told["TROTH_DEV_TOKEN"] = os.environ.get("TROTH_DEV_TOKEN") or secret("dev-token", within=folder)
    return told


def _programs(environment: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what runs, in the order in which it is stopped."""
    programs = {"web": ["config.serve"], "worker": ["django", "worker"]}
    if "TROTH_DEV_TOKEN" in environment:
        programs["sandbox"] = ["sandbox", "serve"]
    return programs


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _announcement(environment: Mapping[str, str], log_in: str, *, seconds: float) -> str:
    lines = [
        "",
        f"  Troth is running, {seconds:.1f} seconds after you asked.",
        "",
        f"  Open      {_address(environment)}",
    ]
    lines += [f"  {line}" for line in log_in.splitlines()]
    if "TROTH_DEV_TOKEN" in environment:
        lines.append(f"  Customers http://127.0.0.1:{environment['TROTH_SANDBOX_PORT']}")
    return "\n".join([*lines, f"  Logs      {environment['TROTH_HOME']}/logs", "", "  Ctrl-C stops everything.", ""])


def _address(environment: Mapping[str, str]) -> str:
    return environment["TROTH_BASE_URL"]


def _say(what: str, how: str = "") -> None:
    print(f"{what}: {how}" if how else what, flush=True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/run", description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="show what the processes log")
    parser.add_argument("--reload", action="store_true", help="start again whenever a source file changes")
    return parser.parse_args(arguments)


def _stop(_number: int, _frame: FrameType | None) -> None:
    Stopped.asked = True
    raise Stopped


if __name__ == "__main__":
    sys.exit(main())
