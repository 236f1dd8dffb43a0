"""Figures and their aims, gathered over runs, as a table for people and as JSON for machines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

Measured = dict[str, float]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at least, at most or exactly a bound."""

    word: Literal["at least", "at most", "exactly"]
    bound: float

    def is_met(self, value: float) -> bool:
        if self.word == "at least":
            return value >= self.bound
        return value <= self.bound if self.word == "at most" else value == self.bound

    def __str__(self) -> str:
        sign = {"at least": ">=", "at most": "<=", "exactly": "="}[self.word]
        return f"{sign} {_number(self.bound)}"


def at_least(bound: float) -> Aim:
    return Aim("at least", bound)


def at_most(bound: float) -> Aim:
    return Aim("at most", bound)


def exactly(bound: float) -> Aim:
    return Aim("exactly", bound)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a workload: under which key a run gives it, what it is, its unit, its aim if it has one."""

    key: str
    what: str
    unit: str = ""
    aim: Aim | None = None


@dataclass
class Result:
    """All runs of one workload. `notes` are sentences: what limited it, what was odd."""

    workload: str
    title: str
    lines: Sequence[Line]
    runs: list[Measured] = field(default_factory=list)
    before: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def rows(self) -> list[dict[str, Any]]:
        """Return each line with median, least, most and whether its aim was met."""
        found = []
        for line in self.lines:
            values = [run[line.key] for run in self.runs if line.key in run]
            if not values:
                continue
            middle = median(values)
            row: dict[str, Any] = {"key": line.key, "what": line.what, "unit": line.unit}
            row |= {"median": middle, "least": min(values), "most": max(values)}
            row["aim"] = str(line.aim) if line.aim else None
            row["met"] = line.aim.is_met(middle) if line.aim else None
            found.append(row)
        return found

    def flags(self) -> list[str]:
        """Return what makes these figures doubtful, each once."""
        return list(dict.fromkeys(flag for one in self.before for flag in one["flags"]))

    def packed(self) -> dict[str, Any]:
        """Return everything, for JSON."""
        return {
            "workload": self.workload,
            "title": self.title,
            "figures": self.rows(),
            "flags": self.flags(),
            "notes": self.notes,
            "before": self.before,
            "runs": self.runs,
        }

    def table(self) -> str:
        """Return a table for a person."""
        lines = [f"{self.workload}  {self.title}"]
        lines += [f"  {sentence}" for sentence in self._befores()]
        lines += [f"  FLAGGED: {flag}" for flag in self.flags()]
        rows = [("", "median [min..max]", "aim", "")]
        for row in self.rows():
            spread = f" [{_number(row['least'])}..{_number(row['most'])}]" if len(self.runs) > 1 else ""
            value = f"{_number(row['median'])}{spread} {row['unit']}".strip()
            verdict = {True: "met", False: "NOT met", None: ""}[row["met"]]
            rows.append((row["what"], value, row["aim"] or "", verdict))
        widths = [max(len(row[place]) for row in rows) for place in range(3)]
        for cells_of in rows:
            cells = [cell.ljust(width) for cell, width in zip(cells_of, widths, strict=False)]
            lines.append(f"  {'  '.join(cells)}  {cells_of[3]}".rstrip())
        lines += [f"  - {note}" for note in self.notes]
        return "\n".join(lines)

    def markdown(self) -> str:
        """Return the same for docs/benchmarks.md."""
        lines = [f"### {self.workload}: {self.title}", "", "| what | median [min..max] | aim | |", "|---|---|---|---|"]
        for row in self.rows():
            spread = f" [{_number(row['least'])}..{_number(row['most'])}]" if len(self.runs) > 1 else ""
            value = f"{_number(row['median'])}{spread} {row['unit']}".strip()
            verdict = {True: "met", False: "**not met**", None: ""}[row["met"]]
            lines.append(f"| {row['what']} | {value} | {row['aim'] or ''} | {verdict} |")
        lines += ["", *(f"- {sentence}" for sentence in [*self._befores(), *self.notes])]
        return "\n".join(lines)

    def _befores(self) -> list[str]:
        return [
            f"run {number}: load {one['load']}, {one['busy']:.0%} busy, fsync {one['fsync_ms']} ms"
            f" ({one['fsyncs_per_s']:.0f}/s){', flagged' if one['flags'] else ''}"
            for number, one in enumerate(self.before, 1)
        ]


@dataclass(frozen=True, slots=True)
class Workload:
    """A workload as it is asked for by name. `run` measures once; it may add sentences to the list it is given.

    With `one_stage` all runs share a database server, and what a run keeps there.
    """

    name: str
    title: str
    lines: Sequence[Line]
    run: Callable[..., Measured]
    one_stage: bool = False


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
