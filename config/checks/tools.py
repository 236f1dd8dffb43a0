"""The tools that look at the source, each with its arguments, and how they are run."""

import os
import subprocess
import sys
from pathlib import Path

from config.home import CHECKOUT

FORMAT = ["ruff", "format", "--quiet"]
LINT = ["ruff", "check", "--quiet"]
FLOORS = ["lint-imports", "--no-cache", "--no-logo"]
TYPES = ["mypy", "--no-error-summary"]


def templates() -> list[str]:
    """Return djade with all templates of ours, without its verdict on them."""
    found = sorted(CHECKOUT.glob("troth/*/templates/**/*.html"))
    return ["djade", "--target-version=5.2", *(str(path.relative_to(CHECKOUT)) for path in found)]


def run(command: list[str], *, environment: dict[str, str] | None = None) -> bool:
    """Run a tool of this environment in the checkout, and show what it says if it is not content. Returns that."""
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=CHECKOUT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode != 0:
        print(done.stdout.decode(errors="replace"), flush=True)
    return done.returncode == 0


def django(*arguments: str) -> list[str]:
    """Return a management command."""
    return ["python", "-P", "-m", "django", *arguments, "--settings=config.settings"]
