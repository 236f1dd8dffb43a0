"""A pytest plugin: tests say which clauses of the policy they prove, and a run writes down what became of each.

`@pytest.mark.clause("A3.1")` on a test, a class or a module. `--clause A3.1` runs the tests of that clause only,
`--clause X12` those of an attack of docs/attacks.md.
What a run found goes to var/promises/tests.json, or to the file that TROTH_PROMISES_FILE names; /promises/ shows it.
A test may measure something on the way: `record_property("measured:seconds until out", 0.4)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from troth.base.clock import now
from troth.privacy.policy import results
from troth.privacy.policy.clauses import PolicyError, clauses

PROVES, MEASURED = "clause", "measured:"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --clause."""
    parser.addoption("--clause", action="append", default=[], metavar="ID", help="run only tests that prove it")


def pytest_configure(config: pytest.Config) -> None:
    """Collect in the process that hears of all tests."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collected(whole=_is_whole(config)), "promises")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tie the ids to the tests, and leave out those that prove other clauses. Raises: UsageError for an unknown id."""
    wanted = {_known(id) or id for id in config.getoption("--clause")}
    left_out = []
    for item in items:
        marks = set(_ids(item))
        proven = {id for id in map(_known, marks) if id is not None}
        item.user_properties.extend((PROVES, id) for id in sorted(proven))
        if wanted and not wanted & (proven | marks):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _ids(item: pytest.Item) -> Iterator[str]:
    for mark in item.iter_markers("clause"):
        if not mark.args:
            raise pytest.UsageError(f"{item.nodeid}: a clause has an id")
        yield from mark.args


def _known(mark: str) -> str | None:
    try:
        clause = clauses().proven_by(mark)
    except PolicyError as unknown:
        raise pytest.UsageError(str(unknown)) from unknown
    return clause.id if clause else None


def _is_whole(config: pytest.Config) -> bool:
    """Return whether this run knows all tests, so that lines of others are of tests that are gone."""
    chosen = config.option
    every = {clause.id for clause in clauses().all}
    narrowed = chosen.keyword or chosen.markexpr or getattr(chosen, "lf", False) or chosen.deselect
    narrowed = narrowed or (chosen.clause and {_known(id) for id in chosen.clause} != every)
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not narrowed


@dataclass
class _Line:
    """What becomes of one test, all of its parameters together."""

    clauses: list[str]
    cases: int = 0
    ran: int = 0
    failed: bool = False

    def told(self, at: str) -> dict[str, Any]:
        return {"clauses": self.clauses, "passed": not self.failed, "cases": self.cases, "at": at}


@dataclass(eq=False)
class Collected:
    """Hears every report, and writes what was found when the run ends. Without a disk to write to it says nothing."""

    whole: bool
    lines: dict[str, _Line] = field(default_factory=dict)
    numbers: dict[str, float] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a phase of a test: a failed one fails the test, a passed call counts as run."""
        proven = [str(value) for name, value in report.user_properties if name == PROVES]
        if not proven:
            return
        line = self.lines.setdefault(report.nodeid.partition("[")[0], _Line(proven))
        line.failed |= report.failed
        if report.when == "call":
            line.cases += 1
            line.ran += not report.skipped
            self._measure(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write. A test of which nothing ran proves nothing and is left out; one that broke before its call failed."""
        at = now().isoformat(timespec="seconds")
        told = {test: line.told(at) for test, line in self.lines.items() if line.ran or line.failed}
        if not told:
            return
        whole = self.whole and not session.shouldstop and not session.shouldfail
        try:
            results.write(results.local_file(), told, whole=whole, numbers=self.numbers)
        except OSError:
            return

    def _measure(self, report: pytest.TestReport) -> None:
        for name, value in report.user_properties:
            if name.startswith(MEASURED):
                key, number = name.removeprefix(MEASURED), float(str(value))
                together = self.numbers.get(key)
                is_slowest = "seconds" in key
                self.numbers[key] = (
                    number if together is None else max(together, number) if is_slowest else together + number
                )
