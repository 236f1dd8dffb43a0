"""Breaks each promise on purpose, in a copy, and sees whether the promise's tests notice. Part of `bin/promises`.

A saboteur is a replacement of a few words in one file, listed in policy/saboteurs/*.yaml. For each, the tracked files
are copied aside, the words replaced there, and the tests of its clause run: red means that it was caught.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from config.home import CHECKOUT
from troth.privacy.policy.clauses import clauses

FOLDER = CHECKOUT / "policy" / "saboteurs"
PATIENCE_S = 600
OPTIONS = ["-n0", "-x", "-q", "--no-header", "-p", "no:cacheprovider"]
CAUGHT, MISSED, STALE, BROKE, TIMED_OUT = "caught", "MISSED", "STALE", "BROKE", "TOO LONG"
# What pytest says when tests ran and some failed; when the run could not even begin; when there was nothing to run.
_FAILED, _NO_TESTS, _PASSED = 1, 5, 0
# What decides how tables come to be, or how tests get theirs: then the shared database would hide what was broken.
_OF_TABLES = re.compile(r"/migrations/|/walls\.py$|^tests/")
_FAILURES = re.compile(r"^\d+ failed\b.* in [\d.]+s", re.MULTILINE)


@dataclass(frozen=True)
class Saboteur:
    """One way to break one promise: `find` stands exactly once in `file` and becomes `replace`."""

    clause: str
    name: str
    file: str
    find: str
    replace: str
    area: str


@dataclass(frozen=True)
class Outcome:
    """What became of one. `words` are the end of what its tests said, where that needs a look."""

    saboteur: Saboteur
    verdict: str
    seconds: float
    words: str = ""


def saboteurs() -> list[Saboteur]:
    """Return all of them, by area."""
    return [
        Saboteur(**entry, area=path.stem)
        for path in sorted(FOLDER.glob("*.yaml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []
    ]


def chosen(wanted: Iterable[str]) -> list[Saboteur]:
    """Return those of these clauses or areas, or whose name holds the word; all where nothing is wanted."""
    words = list(wanted)
    return [
        one
        for one in saboteurs()
        if not words or any(word in (one.clause, one.area) or word.lower() in one.name.lower() for word in words)
    ]


def let_loose(wanted: Iterable[Saboteur], *, at_once: int = 1) -> Iterator[Outcome]:
    """Try each in a copy of its own, some at once, on one database server, and yield what became of it."""
    with _server() as held, ThreadPoolExecutor(max_workers=at_once) as pool:
        yield from pool.map(lambda one: attempt(one, {} if _OF_TABLES.search(one.file) else held), wanted)


def attempt(saboteur: Saboteur, held: dict[str, str]) -> Outcome:
    """Break the promise in a copy and run its tests there. `held` leads to a database server that runs already."""
    began = time.monotonic()
    with _copy() as folder:
        path = folder / saboteur.file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if text.count(saboteur.find) != 1:
            return Outcome(saboteur, STALE, 0.0, f"`find` stands {text.count(saboteur.find)} times in {saboteur.file}")
        path.write_text(text.replace(saboteur.find, saboteur.replace), encoding="utf-8")
        verdict, words = _tests(folder, saboteur.clause, held)
    return Outcome(saboteur, verdict, time.monotonic() - began, words)


def _files_that_name(clause: str, *, within: Path) -> list[str]:
    """Return the test files that carry a clause under any of its ids: reading all of them would take longer."""
    known = clauses().named(clause)
    ids = [f'"{id}"' for id in (known.id, *known.covers)]
    found = [*within.glob("tests/**/test_*.py"), *within.glob("troth/**/test_*.py")]
    return [str(path) for path in found if any(id in path.read_text(encoding="utf-8") for id in ids)]


def _tests(folder: Path, clause: str, held: dict[str, str]) -> tuple[str, str]:
    command = [sys.executable, "-m", "pytest", "--clause", clause, *OPTIONS, *_files_that_name(clause, within=folder)]
    told = {name: value for name, value in os.environ.items() if not name.startswith(("TROTH_", "PYTEST_", "DJANGO_"))}
    if "TROTH_CHROMIUM" in os.environ:
        told["TROTH_CHROMIUM"] = os.environ["TROTH_CHROMIUM"]
    told |= {"PYTHONPATH": str(folder), "TROTH_PROMISES_FILE": os.devnull + "/nowhere", "PYTHONDONTWRITEBYTECODE": "1"}
    told |= held
    try:
        done = subprocess.run(
            command, cwd=folder, env=told, capture_output=True, text=True, check=False, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        return TIMED_OUT, f"no verdict within {PATIENCE_S} s"
    said = done.stdout + done.stderr
    if done.returncode == _FAILED and _FAILURES.search(said):
        return CAUGHT, ""
    # Errors before a test began, or nothing to run, prove nothing of the promise.
    return (MISSED if done.returncode in (_PASSED, _NO_TESTS) else BROKE), said[-2000:]


@contextmanager
def _server() -> Iterator[dict[str, str]]:
    """Run a database server whose tables are as they ought to be; yield the variables that lead tests to it."""
    told = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    command = [sys.executable, "-m", "tests.postgres"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        try:
            yield json.loads(holder.stdout.readline())
        finally:
            holder.stdin.close()


@contextmanager
def _copy() -> Iterator[Path]:
    """Copy what git tracks, and what it would, as it stands; share the environment."""
    folder = Path(tempfile.mkdtemp(prefix="troth-saboteur-"))
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=CHECKOUT,
            capture_output=True,
            check=True,
        )
        for name in filter(None, listed.stdout.decode().split("\0")):
            source, target = CHECKOUT / name, folder / name
            if source.is_file() and name != ".venv":
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        (folder / ".venv").symlink_to((CHECKOUT / ".venv").resolve())
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
