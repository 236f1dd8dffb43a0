"""What the tests last said of each clause: from the release (policy/results.json) and from the last run here.

A file maps tests to what became of them; a run of a few tests changes their lines only. No Django here.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from troth.privacy.policy.clauses import FOLDER, Clauses

SHIPPED = FOLDER / "results.json"
LOCAL = FOLDER.parent / "var" / "promises" / "tests.json"
VARIABLE = "TROTH_PROMISES_FILE"


def local_file() -> Path:
    """Return where a run of the tests here writes what it found."""
    chosen = os.environ.get(VARIABLE, "").strip()
    return Path(chosen) if chosen else LOCAL


@dataclass(frozen=True)
class Ran:
    """One test's last run. `cases` counts its parameters."""

    test: str
    clauses: tuple[str, ...]
    passed: bool
    cases: int
    at: datetime


@dataclass(frozen=True)
class Proof:
    """What the tests of one clause said: how many there are, which failed, and when the oldest of them ran."""

    count: int
    failed: tuple[str, ...]
    at: datetime

    @property
    def passed(self) -> bool:
        return not self.failed


def read(path: Path) -> list[Ran]:
    """Return the tests that a file tells of; none where there is no such file, or it is no such file."""
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))["tests"]
        return [
            Ran(name, tuple(line["clauses"]), line["passed"], line["cases"], datetime.fromisoformat(line["at"]))
            for name, line in lines.items()
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def newest(*files: Path) -> list[Ran]:
    """Return each test's newest run in these files. A file that is not there tells nothing."""
    found: dict[str, Ran] = {}
    for ran in (ran for file in files for ran in read(file)):
        if ran.test not in found or found[ran.test].at < ran.at:
            found[ran.test] = ran
    return list(found.values())


def by_clause(runs: Iterable[Ran], known: Clauses) -> dict[str, Proof]:
    """Return what the tests of each clause said, by the clause's own id. Clauses without a test are not in it."""
    of: dict[str, list[Ran]] = {}
    names = {name: clause.id for clause in known.all for name in (clause.id, *clause.covers)}
    for ran in runs:
        for id in {names[name] for name in ran.clauses if name in names}:
            of.setdefault(id, []).append(ran)
    return {
        id: Proof(
            count=len(ran),
            failed=tuple(sorted(one.test for one in ran if not one.passed)),
            at=min(one.at for one in ran),
        )
        for id, ran in of.items()
    }


def write(path: Path, tests: dict[str, Any], *, whole: bool, numbers: dict[str, float] | None = None) -> None:
    """Write what a run found, in one step. `whole` replaces all earlier lines; otherwise the others stay. Raises: OSError."""
    before = {} if whole else _raw(path)
    data = {
        "tests": dict(sorted({**before.get("tests", {}), **tests}.items())),
        "numbers": dict(sorted({**before.get("numbers", {}), **(numbers or {})}.items())),
        "whole": max((line["at"] for line in tests.values()), default="") if whole else _raw(path).get("whole", ""),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def whole_at(*files: Path) -> datetime | None:
    """Return when all tests last ran together, by any of these files; None where that is not known."""
    told = [str(_raw(path).get("whole", "")) for path in files]
    try:
        return max((datetime.fromisoformat(at) for at in told if at), default=None)
    except ValueError:
        return None


def numbers(path: Path) -> dict[str, float]:
    """Return the numbers that tests measured on the way; none where there is no such file."""
    found = _raw(path).get("numbers", {})
    return dict(found) if isinstance(found, dict) else {}


def _raw(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
