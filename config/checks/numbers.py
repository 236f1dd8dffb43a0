"""The numbers that we hold ourselves to, gathered from what runs left, and the page that shows them."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.checks import saboteurs
from config.home import CHECKOUT
from troth.privacy.policy import results
from troth.privacy.policy.clauses import clauses

PAGE = CHECKOUT / "docs" / "promises.md"
BEGIN, END = "<!-- numbers: begin (bin/promises) -->", "<!-- numbers: end -->"
UNKNOWN = "not measured yet"

# What is measured by tests and by bench/walls.py on the way: the key, in words, the goal in words, and how it is judged.
MEASURED: list[tuple[str, str, str, float | None]] = [
    ("canaries found", "planted words found where they must not be", "0", 0),
    ("canaries planted", "planted words searched for", "many", None),
    ("controls missed", "controls that the search missed", "0", 0),
    ("foreign reads", "answers that held something of another workspace", "0", 0),
    ("foreign requests", "requests that tried", "many", None),
    (
        "seconds until a removed member is out of an open stream",
        "seconds until a removed member is out of an open stream",
        "5 at most",
        5,
    ),
    (
        "seconds until a revoked grant is over",
        "seconds until a revoked permission of the staff is over",
        "1 at most",
        1,
    ),
    ("days until a purge is whole", "days until a purge is whole, backups included", "29 at most", 29),
    ("inbox with walls", "a page of the inbox with row-level security, ms", "", None),
    ("inbox without walls", "the same without, ms", "", None),
    ("thread with walls", "a thread with row-level security, ms", "", None),
    ("thread without walls", "the same without, ms", "", None),
]


@dataclass(frozen=True)
class Numbers:
    """What is known. `measured` holds only what a run has measured."""

    clauses: int
    later: int
    process: int
    proven: int
    failing: tuple[str, ...]
    unproven: tuple[str, ...]
    tests: int
    tests_at: datetime | None
    saboteurs: int
    caught: int
    tried: int
    measured: dict[str, float]

    @property
    def is_well(self) -> bool:
        """Whether every number that is known is what it should be, and every clause has a passing test."""
        beyond = [key for key, _, _, most in MEASURED if most is not None and self.measured.get(key, 0) > most]
        return not (beyond or self.failing or self.unproven or self.caught != self.saboteurs)

    def told(self) -> dict[str, object]:
        """Return everything for --json; what was not measured is null."""
        return {
            "clauses": self.clauses,
            "clauses that come with later parts": self.later,
            "clauses kept by people": self.process,
            "clauses with a passing test": self.proven,
            "clauses with a failing test": list(self.failing),
            "clauses without a test": list(self.unproven),
            "tests that prove clauses": self.tests,
            "oldest of their runs": self.tests_at.isoformat() if self.tests_at else None,
            "saboteurs": self.saboteurs,
            "saboteurs tried": self.tried,
            "saboteurs caught": self.caught,
            **{key: self.measured.get(key) for key, _, _, _ in MEASURED},
        }

    def rows(self) -> list[tuple[str, str, str]]:
        """Return the table: what, how many, the goal."""
        needed = self.proven + len(self.failing) + len(self.unproven)
        rows = [
            ("clauses that apply, with a passing test", f"{self.proven} of {needed}", "all"),
            ("clauses kept by people, with a register", str(self.process), ""),
            ("clauses that come with later parts", str(self.later), ""),
            ("tests that prove clauses", str(self.tests) if self.tests else UNKNOWN, ""),
            ("saboteurs caught", f"{self.caught} of {self.saboteurs}" if self.tried else UNKNOWN, "all"),
        ]
        rows += [(words, _shown(self.measured.get(key)), goal) for key, words, goal, _ in MEASURED]
        return [*rows, *self._costs()]

    def _costs(self) -> list[tuple[str, str, str]]:
        found = []
        for name in ("inbox", "thread"):
            with_, without = self.measured.get(f"{name} with walls"), self.measured.get(f"{name} without walls")
            cost = f"{with_ / without:.2f} times" if with_ and without else UNKNOWN
            found.append((f"cost of the walls, {name}", cost, ""))
        return found

    def words(self) -> str:
        """Return the table for a terminal."""
        width = max(len(what) for what, _, _ in self.rows())
        lines = [
            f"{what:{width}}  {value:>18}  {goal and f'(goal: {goal})'}".rstrip() for what, value, goal in self.rows()
        ]
        lines += [f"failing: {', '.join(self.failing)}"] if self.failing else []
        lines += [f"without a test: {', '.join(self.unproven)}"] if self.unproven else []
        return "\n".join(lines)


def gather(tests: Path, sabotage: Path) -> Numbers:
    """Return what these files and the policy say."""
    known = clauses()
    proofs = results.by_clause(results.read(tests), known)
    needed = [clause.id for clause in known.all if clause.needs_tests]
    verdicts = json.loads(sabotage.read_text(encoding="utf-8")) if sabotage.exists() else {}
    all_saboteurs = {f"{one.area}/{one.clause}/{one.name}" for one in saboteurs.saboteurs()}
    tried = {name: verdict for name, verdict in verdicts.items() if name in all_saboteurs}
    return Numbers(
        clauses=len(known.all),
        later=sum(clause.part != "core" for clause in known.all),
        process=sum(clause.kind == "process" and clause.part == "core" for clause in known.all),
        proven=sum(id in proofs and proofs[id].passed for id in needed),
        failing=tuple(id for id in needed if id in proofs and not proofs[id].passed),
        unproven=tuple(id for id in needed if id not in proofs),
        tests=len(results.read(tests)),
        tests_at=min((proof.at for proof in proofs.values()), default=None),
        saboteurs=len(all_saboteurs),
        caught=sum(verdict == saboteurs.CAUGHT for verdict in tried.values()),
        tried=len(tried),
        measured=results.numbers(tests),
    )


def write_page(found: Numbers) -> None:
    """Put the numbers between the marks of docs/promises.md; the words around them are a person's."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    ran = (
        f"Tests last ran {found.tests_at:%Y-%m-%d %H:%M} UTC or later." if found.tests_at else "Tests were not run yet."
    )
    table = ["| what | how many | goal |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in found.rows())]
    missing = (
        [f"Without a passing test yet: {', '.join([*found.failing, *found.unproven])}."]
        if found.failing or found.unproven
        else []
    )
    block = "\n".join([BEGIN, "", ran, "", *table, "", *missing, END if not missing else f"\n{END}"])
    PAGE.write_text(before + block + after, encoding="utf-8")


def _shown(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.10g}"
