"""Runs the tests, after fetching a browser if there is none. This is what `bin/test` becomes."""

import os
import sys

from config.checks import browser
from config.home import CHECKOUT
from config.trouble import Trouble

_PARALLEL_OPTIONS = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "-h", "--help")


def main(arguments: list[str]) -> None:
    """Become pytest."""
    browser.ensure()
    os.chdir(CHECKOUT)
    os.environ["TROTH_CHROMIUM"] = browser.chromium() or ""
    os.execv(sys.executable, command(arguments))


def command(arguments: list[str]) -> list[str]:
    """Return the command that runs the tests: on all cores, unless asked otherwise or for a single test."""
    alone = any(given.startswith(_PARALLEL_OPTIONS) or "::" in given for given in arguments)
    cores = min(os.cpu_count() or 2, 8)
    parallel = [] if alone or cores < 2 else ["-n", str(cores), "--dist", "worksteal"]
    return [sys.executable, "-m", "pytest", *parallel, *arguments]


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
